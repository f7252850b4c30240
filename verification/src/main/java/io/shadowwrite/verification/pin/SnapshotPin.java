package io.shadowwrite.verification.pin;

import io.shadowwrite.replication.Lsn;
import io.shadowwrite.replication.slot.ExportedSnapshot;
import io.shadowwrite.replication.source.SourceConnection;
import io.shadowwrite.verification.progress.Progress;
import io.shadowwrite.verification.progress.Step;
import io.shadowwrite.verification.session.TargetConnection;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import org.postgresql.replication.LogSequenceNumber;

/**
 * The snapshot that a backfill loaded from, which somebody else keeps, and a target to which nothing was streamed yet. It
 * holds nobody up and needs no slot.
 *
 * @param snapshot the name by which the source's snapshot is imported
 * @param lsn what the snapshot stands for
 */
public record SnapshotPin(
        SourceConnection source,
        TargetConnection target,
        String snapshot,
        LogSequenceNumber lsn,
        PinSettings settings,
        Progress progress)
        implements Pin {

    private static final String CONSUMER_POSITION = """
            SELECT position::text
              FROM shadow.reader_position
             WHERE side = 1
            """;

    @Override
    public PinOutcome take() {
        progress.step(Step.PIN_BEGIN, "exported snapshot of " + lsn.asString());
        return new Attempt(source, target, settings, progress).at(this::pin);
    }

    private PinnedSides pin(OpenSessions open, Instant hour) throws SQLException {
        open.source().forEach(reader -> ExportedSnapshot.importInto(reader, snapshot));
        ExportedSnapshot.awaitSettled(open.source().getFirst(), open.control(), settings.slotWait());
        progress.step(Step.PIN_SOURCE, "at " + lsn.asString());
        Connection first = open.target().getFirst();
        SharedSnapshot.begin(first);
        requireNothingStreamed(SharedSnapshot.single(first, CONSUMER_POSITION));
        SharedSnapshot.share(open.target());
        progress.step(Step.PIN_TARGET, "");
        return new PinnedSides(
                lsn,
                hour,
                open.sourceReaders(settings.statementTimeout()),
                open.targetReaders(settings.statementTimeout()));
    }

    /** The position inside the snapshot is the proof: it moves with the first transaction that is applied. */
    private void requireNothingStreamed(String position) {
        if (!Lsn.parse(position).equals(lsn)) {
            throw new PinMissed(
                    "the consumer is at %s and not at the snapshot's %s: the stream has begun, or it is the snapshot of another load"
                            .formatted(position, lsn.asString()));
        }
    }
}
