package io.shadowwrite.verification.pin;

import io.shadowwrite.replication.LogicalMessage;
import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.slot.ExportedSnapshot;
import io.shadowwrite.replication.source.Heartbeat;
import io.shadowwrite.replication.source.SourceConnection;
import io.shadowwrite.verification.pin.HoldControl.HoldRefused;
import io.shadowwrite.verification.progress.Progress;
import io.shadowwrite.verification.progress.Step;
import io.shadowwrite.verification.session.Sessions;
import io.shadowwrite.verification.session.VerificationProblem;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * A plain snapshot of a source whose writers are paused, proven to show exactly what committed below the final LSN. No
 * transaction is open when it is taken, so it lacks nothing; and once the slot reader has passed a message that was written
 * behind it, the receipts tell whether anything at or above the final LSN could be in it.
 */
public final class PausedSource {

    private static final Duration PAUSE = Duration.ofMillis(20);

    /** Vacuum and its like write no rows; other databases of the server are not ours. */
    private static final String OPEN_TRANSACTIONS = """
            SELECT count(*), min(description)
              FROM (SELECT 'process ' || pid || ' (' || coalesce(application_name, '') || ')' AS description
                      FROM pg_catalog.pg_stat_activity
                     WHERE backend_xid IS NOT NULL
                       AND pid <> pg_catalog.pg_backend_pid()
                       AND datname = pg_catalog.current_database()
                       AND backend_type <> 'autovacuum worker'
                     UNION ALL
                    SELECT 'prepared transaction ' || gid
                      FROM pg_catalog.pg_prepared_xacts
                     WHERE database = pg_catalog.current_database()) AS open
            """;

    private final SourceConnection source;
    private final PausedReaders readers;
    private final LogSequenceNumber finalLsn;
    private final PinSettings settings;
    private final Progress progress;

    /** What came of it. */
    public sealed interface Outcome {

        /**
         * The source at the final LSN; whoever gets this closes it.
         *
         * @param hour the full UTC hour of the source's clock
         */
        record Pinned(Sessions source, Instant hour) implements Outcome {}

        /** It does not stand still there; says why. */
        record Impossible(String reason, Instant hour) implements Outcome {}
    }

    public PausedSource(
            SourceConnection source,
            PausedReaders readers,
            LogSequenceNumber finalLsn,
            PinSettings settings,
            Progress progress) {
        this.source = source;
        this.readers = readers;
        this.finalLsn = finalLsn;
        this.settings = settings;
        this.progress = progress;
    }

    /**
     * Takes the snapshot. Nothing is held and no slot is needed.
     *
     * @throws StreamProblem when the source does not let us in at all
     * @throws VerificationProblem when a session is unfit
     */
    public Outcome take() {
        progress.step(Step.PIN_BEGIN, "paused writers, final LSN " + finalLsn.asString());
        List<Connection> sessions = new ArrayList<>();
        boolean pinned = false;
        try (Connection control = OpenSessions.control(source, settings)) {
            Instant hour = SourceHour.read(control);
            String objection = objection(control, sessions);
            if (objection != null) {
                progress.step(Step.PIN_MISSED, objection);
                return new Outcome.Impossible(objection, hour);
            }
            Sessions readers = OpenSessions.readers(sessions, settings.statementTimeout());
            pinned = true;
            return new Outcome.Pinned(readers, hour);
        } catch (SQLException e) {
            throw StreamProblem.ofQuestion("pinning the source", e);
        } finally {
            if (!pinned) {
                sessions.forEach(Sessions::closeQuietly);
            }
        }
    }

    /** Null when the sessions show the source at the final LSN. */
    private @Nullable String objection(Connection control, List<Connection> sessions) {
        try {
            String standing = readers.standing().objection(finalLsn);
            if (standing != null) {
                return standing;
            }
            for (int i = 0; i < settings.readers(); i++) {
                sessions.add(OpenSessions.reader(source, settings));
            }
            String open = openTransactions(control);
            return open == null ? snapshot(control, sessions) : open;
        } catch (HoldRefused | StreamProblem e) {
            return String.valueOf(e.getMessage());
        } catch (SQLException e) {
            return "a session broke while pinning (SQLSTATE %s)".formatted(e.getSQLState());
        }
    }

    /** One that committed in the log may still be invisible; one that is not open any more is visible. */
    private @Nullable String openTransactions(Connection control) throws SQLException {
        long deadline = System.nanoTime() + settings.slotWait().toNanos();
        String open = openNow(control);
        while (open != null && System.nanoTime() - deadline < 0 && slept()) {
            open = openNow(control);
        }
        return open;
    }

    private static @Nullable String openNow(Connection control) throws SQLException {
        try (Statement statement = control.createStatement();
                ResultSet rows = statement.executeQuery(OPEN_TRANSACTIONS)) {
            rows.next();
            return rows.getLong(1) == 0
                    ? null
                    : "writers are not paused: %d transaction(s) of the source are writing, for example %s"
                            .formatted(rows.getLong(1), rows.getString(2));
        }
    }

    private @Nullable String snapshot(Connection control, List<Connection> sessions) throws SQLException {
        Connection first = sessions.getFirst();
        SharedSnapshot.begin(first);
        takeSnapshot(first);
        SharedSnapshot.share(sessions);
        ExportedSnapshot.awaitSettled(first, control, settings.slotWait());
        progress.step(Step.PIN_SOURCE, "");
        LogSequenceNumber behind = Heartbeat.emit(control, LogicalMessage.HEARTBEAT, "paused");
        if (!slotReaderPassed(behind)) {
            return "the slot reader did not pass %s within %ds: see its lag"
                    .formatted(behind.asString(), settings.barrierTimeout().toSeconds());
        }
        progress.step(Step.PIN_READERS, "");
        long changes = readers.changesFrom(finalLsn);
        return changes == 0
                ? null
                : "writers are not paused: %d row change(s) committed at or above the final LSN %s"
                        .formatted(changes, finalLsn.asString());
    }

    /** The first query takes it; with a single session there would be none before the message below. */
    private static void takeSnapshot(Connection first) throws SQLException {
        try (Statement statement = first.createStatement()) {
            statement.execute("SELECT 1");
        }
    }

    private boolean slotReaderPassed(LogSequenceNumber lsn) {
        long deadline = System.nanoTime() + settings.barrierTimeout().toNanos();
        while (readers.standing().slotReader().compareTo(lsn) < 0) {
            if (System.nanoTime() - deadline >= 0 || !slept()) {
                return false;
            }
        }
        return true;
    }

    private static boolean slept() {
        try {
            Thread.sleep(PAUSE);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
