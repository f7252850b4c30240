package io.shadowwrite.api.write;

import io.shadowwrite.api.database.Dictionary;
import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.keymap.KeyMap;
import io.shadowwrite.api.ledger.Ledger;
import io.shadowwrite.api.ledger.LedgerPartitions;
import io.shadowwrite.api.metrics.ApiMetrics;
import io.shadowwrite.api.provenance.Provenance;
import io.shadowwrite.api.window.Windows;
import io.shadowwrite.contract.Contract;

/** Puts the writers together. */
public final class WriteAssembly {

    private final Contract contract;
    private final ShadowDatabase database;
    private final Dictionary dictionary;
    private final TargetTables tables;
    private final BatchApplier applier;

    public WriteAssembly(Contract contract, ShadowDatabase database, Dictionary dictionary) {
        this.contract = contract;
        this.database = database;
        this.dictionary = dictionary;
        this.tables = new TargetTables(contract, database);
        this.applier = new BatchApplier(tables, new KeyMap(database, dictionary), database);
    }

    /** The hot path. */
    public ShadowWriteController controller(
            Windows windows, LedgerPartitions partitions, Ledger ledger, Parking parking, ApiMetrics metrics) {
        StreamEngine engine = new StreamEngine(
                database,
                windows,
                dictionary,
                partitions,
                tables,
                applier,
                new Provenance(database, dictionary),
                ledger,
                parking,
                new Position(database));
        return new ShadowWriteController(
                new ShadowWriter(engine), new LongTransactionWriter(engine, contract), metrics);
    }

    /** The same engine for single changes. */
    public TargetWriter targetWriter() {
        return new TargetWriter(tables, applier, database, dictionary);
    }
}
