package io.shadowwrite.replication.slot;

import io.shadowwrite.replication.NotYet;
import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.source.SourceConnection;
import java.sql.Connection;
import java.time.Duration;
import org.postgresql.replication.LogSequenceNumber;

/**
 * A snapshot of the source that is exact at an LSN: it shows every transaction with a commit LSN below the consistent
 * point and none above. Lives until {@link #close()}; who imported it keeps it, and can export it again.
 */
public final class ExportedSnapshot implements AutoCloseable {

    private ExportedSnapshot() {}

    /**
     * Exports through a temporary slot that goes with this object.
     *
     * @param maxWait how long slot creation may wait for older transactions; then it is cancelled without a trace
     * @throws StreamProblem SLOT_WAIT, WAL_LEVEL, PLUGIN_MISSING, PLUGIN_NOT_ALLOWED, NO_FREE_SLOT, PRIVILEGE,
     *     CONNECTION_REFUSED, CONNECTION_LOST
     */
    public static ExportedSnapshot temporary(SourceConnection source, String applicationName, Duration maxWait) {
        return NotYet.written(source + applicationName + maxWait);
    }

    /**
     * Creates a permanent slot and exports the snapshot it starts from. The slot stays after {@link #close()}.
     *
     * @throws StreamProblem as {@link #temporary}, and SLOT_EXISTS
     */
    public static ExportedSnapshot withSlot(
            SourceConnection source, String slotName, String applicationName, Duration maxWait) {
        return NotYet.written(source + slotName + applicationName + maxWait);
    }

    /**
     * Begins a REPEATABLE READ READ ONLY transaction on the connection that sees exactly the snapshot.
     *
     * @return the same connection, inside the transaction
     * @throws StreamProblem SNAPSHOT_GONE when its holder ended
     */
    public static Connection importInto(Connection connection, String snapshotName) {
        return NotYet.written(connection + snapshotName);
    }

    /** Exports the snapshot of the importer's open transaction again; valid while that transaction lives. */
    public static String exportAgain(Connection importer) {
        return NotYet.written(importer.toString());
    }

    /**
     * Waits until every transaction the importer's snapshot shows has left the list of running transactions. Before that
     * a server may read a transaction that just committed as aborted.
     *
     * @param importer inside the imported transaction
     * @param fresh another connection in auto-commit mode
     * @throws StreamProblem SLOT_WAIT when that takes longer than {@code maxWait}
     */
    public static void awaitSettled(Connection importer, Connection fresh, Duration maxWait) {
        NotYet.written(importer + fresh.toString() + maxWait);
    }

    /** The LSN the snapshot stands for. */
    public LogSequenceNumber consistentPoint() {
        return NotYet.written();
    }

    /** The name to import it by. */
    public String name() {
        return NotYet.written();
    }

    /** Name of the slot that exported it. */
    public String slotName() {
        return NotYet.written();
    }

    /** Ends the holder; importers keep what they imported. */
    @Override
    public void close() {}
}
