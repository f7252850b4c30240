package io.shadowwrite.program;

import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.ContractReader;
import io.shadowwrite.contract.InvalidContract;
import io.shadowwrite.protocol.ExitCode;
import java.nio.file.Path;

/** Where the contract is. */
public record ContractFile(Path location) {

    public ContractFile {
        Settings.required("shadow.contract.location", location);
    }

    /**
     * The contract.
     *
     * @throws StartFailure when it cannot be read or is invalid
     */
    public Contract read() {
        try {
            return new ContractReader().read(location);
        } catch (InvalidContract invalid) {
            throw new StartFailure(ExitCode.INVALID, String.valueOf(invalid.getMessage()), invalid);
        }
    }
}
