package io.shadowwrite.verification.pin;

import io.shadowwrite.replication.LogicalMessage;
import io.shadowwrite.replication.Lsn;
import io.shadowwrite.replication.slot.ExportedSnapshot;
import io.shadowwrite.replication.source.Heartbeat;
import io.shadowwrite.replication.source.OldTransaction;
import io.shadowwrite.replication.source.SourceConnection;
import io.shadowwrite.replication.source.SourceInspection;
import io.shadowwrite.verification.pin.HoldControl.Positions;
import io.shadowwrite.verification.progress.Progress;
import io.shadowwrite.verification.progress.Step;
import io.shadowwrite.verification.session.TargetConnection;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Stops the consumer exactly at the LSN of a snapshot that a temporary slot exports. The consumer keeps receiving, and waits
 * from there until the target's snapshot is taken; a verifier that dies loses its lease.
 */
public final class BarrierPin implements Pin {

    private static final String APPLICATION_NAME = "shadow-verifier-pin";

    private static final String CONSUMER_POSITION = """
            SELECT position::text
              FROM shadow.reader_position
             WHERE side = 1
            """;

    private final Attempt attempt;
    private final SourceConnection source;
    private final HoldControl control;
    private final PinSettings settings;
    private final Progress progress;

    public BarrierPin(
            SourceConnection source,
            TargetConnection target,
            HoldControl control,
            PinSettings settings,
            Progress progress) {
        this.attempt = new Attempt(source, target, settings, progress);
        this.source = source;
        this.control = control;
        this.settings = settings;
        this.progress = progress;
    }

    @Override
    public PinOutcome take() {
        progress.step(Step.PIN_BEGIN, "barrier");
        return attempt.at(this::pin);
    }

    private PinnedSides pin(OpenSessions open, Instant hour) throws SQLException {
        refuseOldTransactions(open);
        XidMark mark = XidMark.read(open.control());
        LogSequenceNumber lsn = hold(open);
        return new PinnedSides(
                lsn,
                hour,
                open.sourceReaders(settings.statementTimeout()),
                open.targetReaders(settings.statementTimeout()),
                mark,
                null,
                null);
    }

    private void refuseOldTransactions(OpenSessions open) {
        List<OldTransaction> old =
                new SourceInspection(open.control()).transactionsOlderThan(settings.longTransactionLimit());
        if (!old.isEmpty()) {
            throw new PinMissed("%d source transaction(s) are older than %s, the oldest is %s for %ds: end it first"
                    .formatted(
                            old.size(),
                            settings.longTransactionLimit(),
                            old.getFirst().description(),
                            old.getFirst().age().toSeconds()));
        }
    }

    /**
     * The consumer is mostly a little behind the source, so the snapshot can mostly be taken before it is held, and it then
     * waits for the target's snapshot alone. Only when it was too quick is it stopped before the snapshot is taken.
     */
    private LogSequenceNumber hold(OpenSessions open) throws SQLException {
        LogSequenceNumber lsn = pinSource(open);
        if (!isHeldAt(open, lsn)) {
            open.forgetSource();
            lsn = holdFirst(open);
        }
        progress.step(Step.PIN_RELEASED, "");
        SharedSnapshot.share(open.target());
        return lsn;
    }

    /** False when the consumer is beyond it already. */
    private boolean isHeldAt(OpenSessions open, LogSequenceNumber lsn) throws SQLException {
        try (HoldLease lease = HoldLease.take(control, lsn, settings)) {
            if (control.positions().consumer().compareTo(lsn) > 0) {
                return false;
            }
            progress.step(Step.PIN_HELD, "at " + lsn.asString());
            arrive(open, lease, lsn);
            return true;
        }
    }

    private LogSequenceNumber holdFirst(OpenSessions open) throws SQLException {
        try (HoldLease lease = HoldLease.take(control, null, settings)) {
            progress.step(Step.PIN_HELD, "where it is");
            LogSequenceNumber lsn = pinSource(open);
            lease.moveTo(lsn);
            arrive(open, lease, lsn);
            return lsn;
        }
    }

    private void arrive(OpenSessions open, HoldLease lease, LogSequenceNumber lsn) throws SQLException {
        awaitReaders(lease, lsn);
        progress.step(Step.PIN_READERS, "");
        pinTarget(open, lsn);
        progress.step(Step.PIN_TARGET, "");
    }

    /** The slot goes at once; the snapshot lives on in the first reader, which exports it for the others. */
    private LogSequenceNumber pinSource(OpenSessions open) {
        List<Connection> readers = open.source();
        LogSequenceNumber lsn;
        try (ExportedSnapshot exported = ExportedSnapshot.temporary(source, APPLICATION_NAME, settings.slotWait())) {
            lsn = exported.consistentPoint();
            ExportedSnapshot.importInto(readers.getFirst(), exported.name());
        }
        SharedSnapshot.share(readers);
        ExportedSnapshot.awaitSettled(readers.getFirst(), open.control(), settings.slotWait());
        // An idle source writes nothing by itself that would tell the readers that everything below has arrived.
        Heartbeat.emit(open.control(), LogicalMessage.HEARTBEAT, "barrier");
        progress.step(Step.PIN_SOURCE, "at " + lsn.asString());
        return lsn;
    }

    /** The slot reader must be there too, so that the receipts of both sides are complete below the point. */
    private void awaitReaders(HoldLease lease, LogSequenceNumber lsn) {
        Waiting waiting = new Waiting(settings.barrierTimeout());
        while (true) {
            lease.check();
            Positions positions = control.positions();
            int consumer = positions.consumer().compareTo(lsn);
            if (consumer > 0) {
                throw new PinMissed("the consumer is at %s, beyond the hold at %s"
                        .formatted(positions.consumer().asString(), lsn.asString()));
            }
            if (consumer == 0 && positions.slotReader().compareTo(lsn) >= 0) {
                return;
            }
            if (waiting.over()) {
                throw late(positions, lsn);
            }
            waiting.pause();
        }
    }

    private PinMissed late(Positions positions, LogSequenceNumber lsn) {
        return new PinMissed("after %ds the consumer is at %s and the slot reader at %s, not at %s: see their lag"
                .formatted(
                        settings.barrierTimeout().toSeconds(),
                        positions.consumer().asString(),
                        positions.slotReader().asString(),
                        lsn.asString()));
    }

    /** The position inside the snapshot is the proof: it is written by the transactions that write the rows. */
    private static void pinTarget(OpenSessions open, LogSequenceNumber lsn) throws SQLException {
        Connection first = open.target().getFirst();
        SharedSnapshot.begin(first);
        String position = SharedSnapshot.single(first, CONSUMER_POSITION);
        if (!Lsn.parse(position).equals(lsn)) {
            throw new PinMissed("the target's snapshot is at %s and not at %s".formatted(position, lsn.asString()));
        }
    }
}
