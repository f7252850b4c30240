package io.shadowwrite.verification.pin;

import io.shadowwrite.replication.LogicalMessage;
import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.slot.ExportedSnapshot;
import io.shadowwrite.replication.source.Heartbeat;
import io.shadowwrite.replication.source.OldTransaction;
import io.shadowwrite.replication.source.SourceConnection;
import io.shadowwrite.replication.source.SourceInspection;
import io.shadowwrite.verification.pin.HoldControl.HoldRefused;
import io.shadowwrite.verification.pin.HoldControl.Positions;
import io.shadowwrite.verification.progress.Progress;
import io.shadowwrite.verification.progress.Step;
import io.shadowwrite.verification.session.Sessions;
import io.shadowwrite.verification.session.TargetConnection;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Stops the consumer exactly at the LSN of a snapshot that a temporary slot exports. The consumer keeps receiving and
 * waits for a few tenths of a second; a verifier that dies loses its lease.
 */
public final class BarrierPin implements Pin {

    private static final String APPLICATION_NAME = "shadow-verifier-pin";
    private static final long SHORTEST_PAUSE_MILLIS = 5;
    private static final long LONGEST_PAUSE_MILLIS = 50;

    private static final String CONSUMER_POSITION = """
            SELECT position::text
              FROM shadow.reader_position
             WHERE side = 1
            """;

    private final SourceConnection source;
    private final TargetConnection target;
    private final HoldControl control;
    private final PinSettings settings;
    private final Progress progress;

    public BarrierPin(
            SourceConnection source,
            TargetConnection target,
            HoldControl control,
            PinSettings settings,
            Progress progress) {
        this.source = source;
        this.target = target;
        this.control = control;
        this.settings = settings;
        this.progress = progress;
    }

    @Override
    public PinOutcome take() {
        progress.step(Step.PIN_BEGIN, "barrier");
        OpenSessions open = OpenSessions.open(source, target, settings);
        boolean pinned = false;
        try {
            PinOutcome outcome = take(open, SourceHour.read(open.control()));
            pinned = outcome instanceof PinOutcome.Pinned;
            if (outcome instanceof PinOutcome.Impossible(String reason, Instant _)) {
                progress.step(Step.PIN_MISSED, reason);
            }
            return outcome;
        } finally {
            if (pinned) {
                Sessions.closeQuietly(open.control());
            } else {
                open.close();
            }
        }
    }

    private PinOutcome take(OpenSessions open, Instant hour) {
        try {
            refuseOldTransactions(open);
            return new PinOutcome.Pinned(hold(open, hour));
        } catch (HoldRefused | BarrierMissed | StreamProblem e) {
            return new PinOutcome.Impossible(String.valueOf(e.getMessage()), hour);
        } catch (SQLException e) {
            String reason = "a session broke while pinning (SQLSTATE %s)".formatted(e.getSQLState());
            return new PinOutcome.Impossible(reason, hour);
        }
    }

    private void refuseOldTransactions(OpenSessions open) {
        List<OldTransaction> old =
                new SourceInspection(open.control()).transactionsOlderThan(settings.longTransactionLimit());
        if (!old.isEmpty()) {
            throw new BarrierMissed("%d source transaction(s) are older than %s, the oldest is %s for %ds: end it first"
                    .formatted(
                            old.size(),
                            settings.longTransactionLimit(),
                            old.getFirst().description(),
                            old.getFirst().age().toSeconds()));
        }
    }

    private PinnedSides hold(OpenSessions open, Instant hour) throws SQLException {
        LogSequenceNumber lsn;
        try (HoldLease lease = HoldLease.take(control, settings.lease())) {
            progress.step(Step.PIN_HELD, "");
            lsn = pinSource(open);
            progress.step(Step.PIN_SOURCE, "at " + lsn.asString());
            // An idle source writes nothing by itself that would tell the readers that everything below has arrived.
            Heartbeat.emit(open.control(), LogicalMessage.HEARTBEAT, "barrier");
            lease.moveTo(lsn);
            awaitReaders(lease, lsn);
            progress.step(Step.PIN_READERS, "");
            pinTarget(open, lsn);
            progress.step(Step.PIN_TARGET, "");
        }
        progress.step(Step.PIN_RELEASED, "");
        return new PinnedSides(
                lsn,
                hour,
                open.sourceReaders(settings.statementTimeout()),
                open.targetReaders(settings.statementTimeout()));
    }

    /** The slot goes at once; the snapshot lives on in the first reader, which exports it for the others. */
    private LogSequenceNumber pinSource(OpenSessions open) {
        List<Connection> readers = open.source();
        LogSequenceNumber lsn;
        try (ExportedSnapshot exported = ExportedSnapshot.temporary(source, APPLICATION_NAME, settings.slotWait())) {
            lsn = exported.consistentPoint();
            ExportedSnapshot.importInto(readers.getFirst(), exported.name());
        }
        shareSnapshot(readers);
        ExportedSnapshot.awaitSettled(readers.getFirst(), open.control(), settings.slotWait());
        return lsn;
    }

    private static void shareSnapshot(List<Connection> readers) {
        if (readers.size() > 1) {
            String name = ExportedSnapshot.exportAgain(readers.getFirst());
            readers.stream().skip(1).forEach(reader -> ExportedSnapshot.importInto(reader, name));
        }
    }

    /** The slot reader must be there too, so that the receipts of both sides are complete below the point. */
    private void awaitReaders(HoldLease lease, LogSequenceNumber lsn) {
        long deadline = System.nanoTime() + settings.barrierTimeout().toNanos();
        long pause = SHORTEST_PAUSE_MILLIS;
        while (true) {
            lease.check();
            Positions positions = control.positions();
            int consumer = positions.consumer().compareTo(lsn);
            if (consumer > 0) {
                throw new BarrierMissed("the consumer is at %s, beyond the hold at %s"
                        .formatted(positions.consumer().asString(), lsn.asString()));
            }
            if (consumer == 0 && positions.slotReader().compareTo(lsn) >= 0) {
                return;
            }
            if (System.nanoTime() - deadline >= 0) {
                throw late(positions, lsn);
            }
            pause(pause);
            pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
        }
    }

    private BarrierMissed late(Positions positions, LogSequenceNumber lsn) {
        return new BarrierMissed("after %ds the consumer is at %s and the slot reader at %s, not at %s: see their lag"
                .formatted(
                        settings.barrierTimeout().toSeconds(),
                        positions.consumer().asString(),
                        positions.slotReader().asString(),
                        lsn.asString()));
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BarrierMissed("interrupted while waiting for the readers");
        }
    }

    /** The position inside the snapshot is the proof: it is written by the transactions that write the rows. */
    private static void pinTarget(OpenSessions open, LogSequenceNumber lsn) throws SQLException {
        Connection first = open.target().getFirst();
        first.setAutoCommit(false);
        try (Statement statement = first.createStatement()) {
            statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
        }
        String position = single(first, CONSUMER_POSITION);
        if (position == null || !LogSequenceNumber.valueOf(position).equals(lsn)) {
            throw new BarrierMissed("the target's snapshot is at %s and not at %s".formatted(position, lsn.asString()));
        }
        shareSnapshot(open.target());
    }

    private static @Nullable String single(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getString(1) : null;
        }
    }
}
