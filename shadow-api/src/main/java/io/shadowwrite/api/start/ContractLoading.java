package io.shadowwrite.api.start;

import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.ContractProblem;
import io.shadowwrite.contract.ContractReader;
import io.shadowwrite.contract.InvalidContract;
import java.nio.file.Path;

/** Reads the contract, or refuses to start with all its problems. */
public final class ContractLoading {

    private ContractLoading() {}

    public static Contract read(Path location) {
        try {
            return new ContractReader().read(location);
        } catch (InvalidContract e) {
            throw StartRefused.invalid(
                    "contract " + location,
                    e.problems().stream().map(ContractProblem::toString).toList());
        }
    }
}
