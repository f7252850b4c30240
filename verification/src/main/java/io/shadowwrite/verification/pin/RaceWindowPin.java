package io.shadowwrite.verification.pin;

import io.shadowwrite.replication.LogicalMessage;
import io.shadowwrite.replication.Lsn;
import io.shadowwrite.replication.source.Heartbeat;
import io.shadowwrite.replication.source.SourceConnection;
import io.shadowwrite.verification.pin.HoldControl.Positions;
import io.shadowwrite.verification.progress.Progress;
import io.shadowwrite.verification.progress.Step;
import io.shadowwrite.verification.session.TargetConnection;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import org.postgresql.replication.LogSequenceNumber;

/**
 * A source snapshot, and then a target snapshot that shows everything the first one does. Holds nobody and needs no slot, so
 * that nothing in the source stands against it; in return the target shows more, which the ids of the transactions tell.
 */
public final class RaceWindowPin implements Pin {

    private static final String SNAPSHOT = "SELECT pg_catalog.pg_current_snapshot()::text";
    private static final String WRITTEN = "SELECT pg_catalog.pg_current_wal_insert_lsn()::text";
    private static final String LEAST_POSITION = """
            SELECT min(position)::text
              FROM shadow.reader_position
            HAVING count(*) = 2
            """;

    private final Attempt attempt;
    private final HoldControl control;

    /** Asks the control for positions only. */
    public RaceWindowPin(
            SourceConnection source,
            TargetConnection target,
            HoldControl control,
            PinSettings settings,
            Progress progress) {
        this.attempt = new Attempt(source, target, settings, progress);
        this.control = control;
    }

    @Override
    public PinOutcome take() {
        attempt.progress().step(Step.PIN_BEGIN, "race window");
        return attempt.at(this::pin);
    }

    private PinnedSides pin(OpenSessions open, Instant hour) throws SQLException {
        XidMark mark = XidMark.read(open.control());
        Connection source = open.source().getFirst();
        SharedSnapshot.begin(source);
        String snapshot = SharedSnapshot.single(source, SNAPSHOT);
        SharedSnapshot.share(open.source());
        // Whatever the snapshot shows has ended, and so its commit record was written by now, below here.
        LogSequenceNumber written = Lsn.parse(SharedSnapshot.single(open.control(), WRITTEN));
        // An idle source writes nothing by itself that would tell the readers that everything below has arrived.
        Heartbeat.emit(open.control(), LogicalMessage.HEARTBEAT, "race window");
        attempt.progress().step(Step.PIN_SOURCE, "before " + written.asString());
        awaitReaders(written);
        attempt.progress().step(Step.PIN_READERS, "");
        LogSequenceNumber lsn = pinTarget(open, written);
        attempt.progress().step(Step.PIN_TARGET, "");
        return new PinnedSides(
                lsn,
                hour,
                open.sourceReaders(attempt.settings().statementTimeout()),
                open.targetReaders(attempt.settings().statementTimeout()),
                mark,
                new RaceWindow(snapshot, again()),
                null);
    }

    private Pin again() {
        return new RaceWindowPin(
                attempt.source(), attempt.target(), control, attempt.settings().withReaders(1), attempt.progress());
    }

    private void awaitReaders(LogSequenceNumber written) {
        Waiting waiting = new Waiting(attempt.settings().barrierTimeout());
        for (Positions positions = control.positions(); !passed(positions, written); positions = control.positions()) {
            if (waiting.over()) {
                throw late(positions, written);
            }
            waiting.pause();
        }
    }

    private static boolean passed(Positions positions, LogSequenceNumber written) {
        return positions.consumer().compareTo(written) >= 0
                && positions.slotReader().compareTo(written) >= 0;
    }

    private PinMissed late(Positions positions, LogSequenceNumber written) {
        return new PinMissed("after %ds the consumer is at %s and the slot reader at %s, not beyond %s: see their lag"
                .formatted(
                        attempt.settings().barrierTimeout().toSeconds(),
                        positions.consumer().asString(),
                        positions.slotReader().asString(),
                        written.asString()));
    }

    /**
     * The positions inside the snapshot are the proof. Below both of them it has everything of either reader, which is how
     * far the receipts can be held against each other.
     */
    private static LogSequenceNumber pinTarget(OpenSessions open, LogSequenceNumber written) throws SQLException {
        Connection first = open.target().getFirst();
        SharedSnapshot.begin(first);
        LogSequenceNumber least = Lsn.parse(SharedSnapshot.single(first, LEAST_POSITION));
        if (least.compareTo(written) < 0) {
            throw new PinMissed(
                    "the target's snapshot is at %s and not beyond %s".formatted(least.asString(), written.asString()));
        }
        SharedSnapshot.share(open.target());
        return least;
    }
}
