package io.shadowwrite.verification;

import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.fit.Misfit;
import io.shadowwrite.contract.fit.TargetFit;
import io.shadowwrite.verification.session.Sessions;
import java.util.List;

/**
 * Models whose tables no index keeps from holding a key twice. Where two source rows become one key, two equal rows there make
 * the same sums as they should, so only the index says that there is one.
 */
final class UnguardedModels {

    private UnguardedModels() {}

    /** One line each, with what to do; none when every model has its index in the snapshot. */
    static List<String> of(Contract contract, Sessions target) {
        return target.read("the indexes", connection -> TargetFit.unguarded(contract, connection)).stream()
                .map(Misfit::toString)
                .toList();
    }
}
