package io.shadowwrite.api.write;

import io.shadowwrite.api.database.Dictionary;
import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.keymap.KeyMap;
import io.shadowwrite.api.ledger.Ledger;
import io.shadowwrite.api.ledger.LedgerPartitions;
import io.shadowwrite.api.provenance.Provenance;
import io.shadowwrite.api.window.Windows;
import io.shadowwrite.contract.Contract;

/** Puts the writer together. */
public final class WriteAssembly {

    private WriteAssembly() {}

    public static ShadowWriteController controller(
            Contract contract,
            ShadowDatabase database,
            Windows windows,
            Dictionary dictionary,
            LedgerPartitions partitions,
            Ledger ledger) {
        TargetTables tables = new TargetTables(contract, database);
        BatchApplier applier = new BatchApplier(
                tables,
                new Provenance(database, dictionary),
                new KeyMap(database, dictionary),
                ledger,
                new StrictOrder(tables, database));
        return new ShadowWriteController(new ShadowWriter(database, windows, dictionary, partitions, tables, applier));
    }
}
