package io.shadowwrite.api.write;

import io.shadowwrite.api.database.Dictionary;
import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.keymap.KeyMap;
import io.shadowwrite.api.ledger.Ledger;
import io.shadowwrite.api.ledger.LedgerPartitions;
import io.shadowwrite.api.metrics.ApiMetrics;
import io.shadowwrite.api.provenance.Provenance;
import io.shadowwrite.api.target.Reaches;
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

    /**
     * The hot path.
     *
     * @param batchesAhead most batches that are applied beside the one whose turn it is
     */
    public ShadowWriteController controller(
            Windows windows,
            LedgerPartitions partitions,
            Ledger ledger,
            Parking parking,
            ApiMetrics metrics,
            int batchesAhead) {
        StreamEngine engine = engine(windows, partitions, ledger, parking);
        AheadWriter ahead = ahead(engine, metrics, AheadWriter.Limits.ordinary(batchesAhead));
        return new ShadowWriteController(
                new ShadowWriter(engine, ahead, new Underway()), new LongTransactionWriter(engine, contract), metrics);
    }

    StreamEngine engine(Windows windows, LedgerPartitions partitions, Ledger ledger, Parking parking) {
        return new StreamEngine(
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
    }

    AheadWriter ahead(StreamEngine engine, ApiMetrics metrics, AheadWriter.Limits limits) {
        Reaches reaches = new Reaches(contract.models().values(), database);
        return new AheadWriter(engine, contract.models(), reaches, metrics, limits);
    }

    /** The same engine for single changes. */
    public TargetWriter targetWriter() {
        return new TargetWriter(tables, applier, database, dictionary);
    }
}
