package io.shadowwrite.api.read;

import io.shadowwrite.api.database.ReadDatabase;
import io.shadowwrite.contract.Contract;

/** Puts the reads together. */
public final class ReadAssembly {

    private ReadAssembly() {}

    public static ReadController controller(Contract contract, ReadDatabase database) {
        Snapshots snapshots = new Snapshots(database);
        return new ReadController(
                new ReadModels(contract, database),
                database,
                snapshots,
                new Rows(database, snapshots, new LastEvents(database)),
                new Digests(database, snapshots));
    }
}
