package io.shadowwrite.api.write;

import io.shadowwrite.api.database.Dictionary;
import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.keymap.KeyMap;
import io.shadowwrite.api.ledger.Ledger;
import io.shadowwrite.api.ledger.LedgerPartitions;
import io.shadowwrite.api.provenance.Provenance;
import io.shadowwrite.api.window.Windows;
import io.shadowwrite.contract.Contract;

/** Puts the writers together. */
public final class WriteAssembly {

    private final ShadowDatabase database;
    private final Dictionary dictionary;
    private final TargetTables tables;
    private final BatchApplier applier;

    public WriteAssembly(Contract contract, ShadowDatabase database, Dictionary dictionary) {
        this.database = database;
        this.dictionary = dictionary;
        this.tables = new TargetTables(contract, database);
        this.applier = new BatchApplier(tables, new KeyMap(database, dictionary), database);
    }

    /** The hot path. */
    public ShadowWriteController controller(
            Windows windows, LedgerPartitions partitions, Ledger ledger, Parking parking) {
        return new ShadowWriteController(new ShadowWriter(
                database,
                windows,
                dictionary,
                partitions,
                tables,
                applier,
                new Provenance(database, dictionary),
                ledger,
                parking));
    }

    /** The same engine for single changes. */
    public TargetWriter targetWriter() {
        return new TargetWriter(tables, applier, new Plans(database), dictionary);
    }
}
