package io.shadowwrite.api.target;

import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.start.StartRefused;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.fit.Misfit;
import io.shadowwrite.contract.fit.TargetFit;
import java.util.List;

/** Compares the contract's models with the tables that are there, before the first write. */
public final class TargetInspection {

    private TargetInspection() {}

    /**
     * Inspects every model.
     *
     * @throws StartRefused with every problem found
     */
    public static void inspect(Contract contract, ShadowDatabase database) {
        List<String> problems = database.onConnection(connection -> TargetFit.problems(contract, connection)).stream()
                .map(Misfit::toString)
                .toList();
        if (!problems.isEmpty()) {
            throw StartRefused.invalid("the target does not fit the contract", problems);
        }
    }
}
