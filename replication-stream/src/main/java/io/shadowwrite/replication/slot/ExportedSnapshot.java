package io.shadowwrite.replication.slot;

import io.shadowwrite.replication.Lsn;
import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.StreamProblem.Code;
import io.shadowwrite.replication.source.SourceConnection;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.postgresql.PGConnection;
import org.postgresql.replication.LogSequenceNumber;

/**
 * A snapshot of the source that is exact at an LSN: it shows every transaction with a commit LSN below the consistent
 * point and none above. Lives until {@link #close()}; who imported it keeps it, and can export it again.
 */
public final class ExportedSnapshot implements AutoCloseable {

    private static final Pattern NAME = Pattern.compile("[0-9A-Fa-f-]{1,63}");
    // Unknown before and from PostgreSQL 17 on, and known but of a transaction that just ended.
    private static final Set<String> GONE = Set.of("22023", "42704", "55000");

    // Nothing may be sent on it any more: the next command, even a harmless one, ends the snapshot.
    private final Connection holder;
    private final String slotName;
    private final LogSequenceNumber consistentPoint;
    private final String name;

    ExportedSnapshot(Connection holder, String slotName, LogSequenceNumber consistentPoint, String name) {
        this.holder = holder;
        this.slotName = slotName;
        this.consistentPoint = consistentPoint;
        this.name = name;
    }

    /**
     * Exports through a temporary slot that goes with this object.
     *
     * @param maxWait how long slot creation may wait for older transactions; then it is cancelled without a trace
     * @throws StreamProblem SLOT_WAIT, WAL_LEVEL, PLUGIN_MISSING, PLUGIN_NOT_ALLOWED, NO_FREE_SLOT, PRIVILEGE,
     *     CONNECTION_REFUSED, CONNECTION_LOST
     */
    public static ExportedSnapshot temporary(SourceConnection source, String applicationName, Duration maxWait) {
        String slot =
                "shadow_pin_" + Long.toHexString(ThreadLocalRandom.current().nextLong());
        return new SnapshotCreation(source, slot, true, applicationName, maxWait).run();
    }

    /**
     * Creates a permanent slot and exports the snapshot it starts from. The slot stays after {@link #close()}.
     *
     * @throws StreamProblem as {@link #temporary}, and SLOT_EXISTS
     */
    public static ExportedSnapshot withSlot(
            SourceConnection source, String slotName, String applicationName, Duration maxWait) {
        return new SnapshotCreation(source, slotName, false, applicationName, maxWait).run();
    }

    /**
     * Begins a REPEATABLE READ READ ONLY transaction on the connection that sees exactly the snapshot.
     *
     * @return the same connection, inside the transaction
     * @throws StreamProblem SNAPSHOT_GONE when its holder ended
     */
    public static Connection importInto(Connection connection, String snapshotName) {
        if (!NAME.matcher(snapshotName).matches()) {
            throw new IllegalArgumentException("not a snapshot name: " + snapshotName);
        }
        try (Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
            statement.execute("SET TRANSACTION SNAPSHOT '" + snapshotName + "'");
            return connection;
        } catch (SQLException e) {
            throw GONE.contains(String.valueOf(e.getSQLState())) ? gone(snapshotName, e) : importFailed(e);
        }
    }

    private static StreamProblem gone(String snapshotName, SQLException cause) {
        return new StreamProblem(
                Code.SNAPSHOT_GONE,
                "the snapshot " + snapshotName + " is gone, its holder ended",
                "Discard what was read and begin again with a new snapshot",
                cause);
    }

    private static StreamProblem importFailed(SQLException cause) {
        return StreamProblem.of("importing a snapshot", cause);
    }

    /** Exports the snapshot of the importer's open transaction again; valid while that transaction lives. */
    public static String exportAgain(Connection importer) {
        try (Statement statement = importer.createStatement();
                ResultSet rows = statement.executeQuery("SELECT pg_catalog.pg_export_snapshot()")) {
            rows.next();
            return rows.getString(1);
        } catch (SQLException e) {
            throw StreamProblem.of("exporting a snapshot again", e);
        }
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
        SnapshotSettling.await(importer, fresh, maxWait);
    }

    /** The LSN the snapshot stands for. */
    public LogSequenceNumber consistentPoint() {
        return consistentPoint;
    }

    /** The name to import it by. */
    public String name() {
        return name;
    }

    /** The server's process that holds it; looked at from elsewhere, because here nothing may be asked any more. */
    public int holderPid() {
        return ((PGConnection) holder).getBackendPID();
    }

    /** Name of the slot that exported it. */
    public String slotName() {
        return slotName;
    }

    /** Ends the holder; importers keep what they imported. */
    @Override
    public void close() {
        try {
            holder.close();
        } catch (SQLException e) {
            SourceConnection.abandon(holder);
        }
    }

    static ExportedSnapshot of(Connection holder, ResultSet created) throws SQLException {
        return new ExportedSnapshot(
                holder,
                created.getString("slot_name"),
                Lsn.parse(created.getString("consistent_point")),
                created.getString("snapshot_name"));
    }
}
