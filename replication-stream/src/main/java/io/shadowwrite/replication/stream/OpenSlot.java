package io.shadowwrite.replication.stream;

import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.StreamProblem.Code;
import io.shadowwrite.replication.slot.ReplicationSlots;
import io.shadowwrite.replication.slot.SlotInfo;
import io.shadowwrite.replication.source.SourceConnection;
import io.shadowwrite.replication.source.SourceIdentity;
import io.shadowwrite.replication.wal2json.Wal2JsonOptions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGConnection;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;

/**
 * A slot that was checked and is being streamed.
 *
 * @param connection the replication connection, owned by the stream thread
 * @param stream the driver's stream on it
 * @param identity the server
 * @param statusInterval how often it must hear from us
 * @param referenceXid a 64-bit transaction id of about now
 */
record OpenSlot(
        PGConnection connection,
        PGReplicationStream stream,
        SourceIdentity identity,
        Duration statusInterval,
        long referenceXid) {

    private static final String PLUGIN = "wal2json";

    /** Connects, checks everything that would lose changes silently, and starts streaming. */
    static OpenSlot at(SlotSettings settings, LogSequenceNumber start) {
        Connection connection = settings.connection().openReplication(settings.applicationName());
        PGConnection replication = (PGConnection) connection;
        try {
            SourceIdentity identity = SourceIdentity.ask(connection);
            requireSameHistory(settings, identity);
            requireReadable(settings, connection, start);
            Duration statusInterval = statusInterval(settings, connection);
            long xid = Long.parseLong(
                    single(connection, "SELECT pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot())::text"));
            PGReplicationStream stream = stream(settings, replication, start, statusInterval);
            return new OpenSlot(replication, stream, identity, statusInterval, xid);
        } catch (SQLException e) {
            SourceConnection.abandon(connection);
            throw StreamProblem.of("opening slot " + settings.slotName(), e);
        } catch (StreamProblem e) {
            SourceConnection.abandon(connection);
            throw e;
        }
    }

    private static void requireSameHistory(SlotSettings settings, SourceIdentity actual) {
        SourceIdentity expected = settings.expectedIdentity();
        if (expected != null && !expected.sameHistory(actual)) {
            throw new StreamProblem(
                    Code.SYSTEM_CHANGED,
                    "the source is system " + actual.systemIdentifier() + " timeline " + actual.timeline()
                            + " instead of " + expected.systemIdentifier() + " timeline " + expected.timeline(),
                    "Load the target again and start a new window: positions of the old server mean nothing here");
        }
    }

    private static void requireReadable(SlotSettings settings, Connection connection, LogSequenceNumber start)
            throws SQLException {
        Optional<SlotInfo> found = new ReplicationSlots(connection).find(settings.slotName());
        if (found.isEmpty()) {
            throw new StreamProblem(
                    Code.SLOT_MISSING,
                    "slot " + settings.slotName() + " does not exist",
                    "Create the slot again together with a new load of the target");
        }
        requireReadable(found.get(), single(connection, "SELECT pg_catalog.current_database()::text"), start);
    }

    /** Whether everything at and above the position can still be had, by us, and nothing below was forgotten. */
    static void requireReadable(SlotInfo slot, String database, LogSequenceNumber start) {
        requireOurs(slot, database);
        if (slot.active()) {
            throw new StreamProblem(
                    Code.SLOT_IN_USE,
                    "slot " + slot.name() + " is read by process " + slot.activePid(),
                    "Wait until the other reader stops");
        }
        LogSequenceNumber confirmed = slot.confirmedFlush();
        if (confirmed == null || confirmed.compareTo(start) > 0) {
            throw new StreamProblem(
                    Code.SLOT_AHEAD,
                    "slot " + slot.name() + " has confirmed " + confirmed + ", later than our position " + start,
                    "Changes between are lost: load the target again and start a new window");
        }
    }

    private static void requireOurs(SlotInfo slot, String database) {
        if (!slot.plugin().equals(PLUGIN)) {
            throw new StreamProblem(
                    Code.SLOT_OTHER_PLUGIN,
                    "slot " + slot.name() + " decodes with " + slot.plugin(),
                    "Choose another slot name, or drop this slot if nobody needs it");
        }
        if (!slot.database().equals(database)) {
            throw new StreamProblem(
                    Code.SLOT_OTHER_DATABASE,
                    "slot " + slot.name() + " belongs to database " + slot.database() + ", not " + database,
                    "Correct the database in the JDBC URL, or choose another slot name");
        }
        if (slot.lost()) {
            throw new StreamProblem(
                    Code.SLOT_LOST,
                    "the source removed WAL that slot " + slot.name() + " still needed",
                    "Drop the slot, load the target again and start a new window");
        }
    }

    /** The server drops a reader it has not heard from for wal_sender_timeout; three reports fit into it. */
    private static Duration statusInterval(SlotSettings settings, Connection connection) throws SQLException {
        long timeoutMillis = Long.parseLong(
                single(connection, "SELECT setting FROM pg_catalog.pg_settings WHERE name = 'wal_sender_timeout'"));
        long wanted = settings.statusInterval().toMillis();
        return Duration.ofMillis(timeoutMillis == 0 ? wanted : Math.max(1, Math.min(wanted, timeoutMillis / 3)));
    }

    private static PGReplicationStream stream(
            SlotSettings settings, PGConnection replication, LogSequenceNumber start, Duration statusInterval)
            throws SQLException {
        Properties options = new Properties();
        options.putAll(Wal2JsonOptions.frozen().options());
        PGReplicationStream stream = replication
                .getReplicationAPI()
                .replicationStream()
                .logical()
                .withSlotName(settings.slotName())
                .withStartPosition(start)
                .withStatusInterval(Math.toIntExact(statusInterval.toMillis()), TimeUnit.MILLISECONDS)
                .withSlotOptions(options)
                .withAutomaticFlush(false)
                .start();
        // The driver made the interval a socket time-out; one that strikes inside a message loses the thread of the
        // stream.
        SourceConnection.waitWithoutBound((Connection) replication);
        return stream;
    }

    private static String single(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
