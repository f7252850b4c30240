package io.shadowwrite.replication.slot;

import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.source.SourceConnection;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates a slot that exports its snapshot, in bounded time. Slot creation waits for every older transaction, and a backend
 * whose client gave up goes on waiting and creates the slot later; so a creation that failed is followed by a look for it.
 */
final class SnapshotCreation {

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotCreation.class);
    private static final Duration CANCEL_BOUND = Duration.ofSeconds(5);
    private static final int SWEEP_ATTEMPTS = 100;
    private static final long SWEEP_PAUSE_MILLIS = 50;
    private static final String QUERY_CANCELED = "57014";

    private final SourceConnection source;
    private final String slotName;
    private final boolean temporary;
    private final String applicationName;
    private final Duration maxWait;

    SnapshotCreation(
            SourceConnection source, String slotName, boolean temporary, String applicationName, Duration maxWait) {
        if (!slotName.matches("[a-z0-9_]{1,63}")) {
            throw new IllegalArgumentException("a slot name has 1 to 63 of a-z, 0-9 and _: " + slotName);
        }
        this.source = source;
        this.slotName = slotName;
        this.temporary = temporary;
        this.applicationName = applicationName;
        this.maxWait = maxWait;
    }

    ExportedSnapshot run() {
        Connection holder = source.openReplication(applicationName);
        PGConnection replication = (PGConnection) holder;
        CountDownLatch finished = new CountDownLatch(1);
        Thread limit = Thread.ofVirtual().name("slot-creation-limit").start(() -> limit(replication, holder, finished));
        try {
            WalLevel.require(holder);
            SourceConnection.waitWithoutBound(holder);
            return create(holder);
        } catch (SQLException e) {
            SourceConnection.abandon(holder);
            sweep(replication.getBackendPID(), e);
            throw problem(e);
        } catch (StreamProblem e) {
            SourceConnection.abandon(holder);
            throw e;
        } finally {
            finished.countDown();
            limit.interrupt();
        }
    }

    private ExportedSnapshot create(Connection holder) throws SQLException {
        String sql = "CREATE_REPLICATION_SLOT " + slotName + (temporary ? " TEMPORARY" : "")
                + " LOGICAL wal2json EXPORT_SNAPSHOT";
        try (Statement statement = holder.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return ExportedSnapshot.of(holder, rows);
        }
    }

    /** Cancels after the wait; a server that does not even answer the cancellation loses the connection. */
    private void limit(PGConnection replication, Connection holder, CountDownLatch finished) {
        try {
            if (finished.await(maxWait.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
            replication.cancelQuery();
            if (!finished.await(CANCEL_BOUND.toMillis(), TimeUnit.MILLISECONDS)) {
                SourceConnection.abandon(holder);
            }
        } catch (SQLException e) {
            // A cancellation that was itself interrupted because the creation ended must not take the snapshot away.
            if (finished.getCount() > 0) {
                SourceConnection.abandon(holder);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private StreamProblem problem(SQLException cause) {
        return QUERY_CANCELED.equals(cause.getSQLState())
                ? ReplicationSlots.waitedTooLong(slotName, maxWait, cause)
                : StreamProblem.of("exporting a snapshot through slot " + slotName, cause);
    }

    /** Makes sure the backend is gone and left no slot; a slot somebody else made under that name is not ours. */
    private void sweep(int backendPid, SQLException cause) {
        if ("42710".equals(cause.getSQLState())) {
            return;
        }
        try (Connection connection = source.openBounded(applicationName, CANCEL_BOUND)) {
            ReplicationSlots slots = new ReplicationSlots(connection);
            for (int attempt = 0; attempt < SWEEP_ATTEMPTS; attempt++) {
                Optional<SlotInfo> left = slots.find(slotName);
                boolean backendGone = !terminate(connection, backendPid);
                if (left.isEmpty() && backendGone) {
                    return;
                }
                if (left.isPresent() && !left.get().active()) {
                    slots.drop(slotName);
                }
                Thread.sleep(SWEEP_PAUSE_MILLIS);
            }
            LOG.warn("Slot {} may be left behind on the source; drop it if it shows up", slotName);
        } catch (SQLException | StreamProblem e) {
            LOG.warn("Could not look for slot {} on the source; drop it if it shows up", slotName, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends our own backend, told from a later one with its number by the name it gave itself. */
    private boolean terminate(Connection connection, int backendPid) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                SELECT pg_catalog.pg_terminate_backend(pid)
                  FROM pg_catalog.pg_stat_activity
                 WHERE pid = ? AND backend_type = 'walsender' AND application_name = ?
                """)) {
            statement.setInt(1, backendPid);
            statement.setString(2, applicationName);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }
}
