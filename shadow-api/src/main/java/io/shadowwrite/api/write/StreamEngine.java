package io.shadowwrite.api.write;

import io.shadowwrite.api.database.Dictionary;
import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.ledger.Judged;
import io.shadowwrite.api.ledger.Ledger;
import io.shadowwrite.api.ledger.LedgerPartitions;
import io.shadowwrite.api.ledger.Repeated;
import io.shadowwrite.api.provenance.Provenance;
import io.shadowwrite.api.window.OpenWindow;
import io.shadowwrite.api.window.Windows;
import io.shadowwrite.protocol.Side;
import io.shadowwrite.protocol.TransactionWrites;
import io.shadowwrite.protocol.WriteResult;
import java.util.List;

/** What both writers of the stream stand on, in whatever pieces it comes. Thread-safe. */
record StreamEngine(
        ShadowDatabase database,
        Windows windows,
        Dictionary dictionary,
        LedgerPartitions partitions,
        TargetTables tables,
        BatchApplier applier,
        Provenance provenance,
        Ledger ledger,
        Parking parking,
        Position position) {

    /** Gives these the small numbers that must be there before, and may stay when the writing fails. */
    void register(List<String> sourceTables) {
        dictionary.registerModels(tables.names());
        dictionary.registerTables(sourceTables);
    }

    /** What is left to apply; parks the rest in the caller's transaction. */
    Parking.Sifted sift(OpenWindow window, List<TransactionWrites> fresh) {
        return window.parked() ? parking.sift(fresh) : Parking.Sifted.nothing(fresh);
    }

    /**
     * What becomes of it, to be stored beside the rows.
     *
     * @param judged counts it
     */
    Records records(Parking.Sifted sifted, Judged judged) {
        return new StreamRecords(provenance.rows(), ledger.rows(Side.CONSUMER), sifted, judged);
    }

    /**
     * Moves the position to where the transactions of a batch end, and answers for them.
     *
     * @param repeated those that were applied before
     * @param judged the others
     */
    WriteResult result(Admission admission, OpenWindow window, Repeated repeated, Judged judged) {
        position.move(window.position(), admission.position());
        return new WriteResult(
                admission.replayed() + admission.fresh().size(),
                admission.replayed(),
                repeated.forgotten(),
                repeated.receipts(),
                judged.counts(),
                window.at(admission.position()).control());
    }
}
