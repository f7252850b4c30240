package io.shadowwrite.consumer.delivery;

import io.shadowwrite.delivery.Reports;
import io.shadowwrite.delivery.StopSignal;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.replication.RowChange;
import io.shadowwrite.replication.stream.Batch;
import io.shadowwrite.replication.stream.ChangeStream;
import io.shadowwrite.replication.stream.Part;
import io.shadowwrite.transform.TransformProblem;
import io.shadowwrite.transform.Transformer;
import java.time.Duration;

/**
 * Reads a large transaction without sending it, and parks what cannot be applied of it: while it is on the way to
 * shadow-api nothing can be parked, and by the time a refusal comes back the change is long forgotten. For the delivery
 * thread.
 */
final class LongReading {

    private static final int CHANGES_AT_ONCE = 1_000;

    private static final Duration LOOK = Duration.ofSeconds(1);

    private final ChangeStream stream;
    private final Transformer transformer;
    private final SpecialValues specials;
    private final LetterLink letters;
    private final Reports reports;
    private final StopSignal stop;

    LongReading(
            ChangeStream stream,
            Transformer transformer,
            SpecialValues specials,
            LetterLink letters,
            Reports reports,
            StopSignal stop) {
        this.stream = stream;
        this.transformer = transformer;
        this.specials = specials;
        this.letters = letters;
        this.reports = reports;
        this.stop = stop;
    }

    /**
     * Reads it to its end.
     *
     * @throws io.shadowwrite.delivery.Halt when a change of it must not be passed
     */
    void read(Part first, LongSetback setback) throws InterruptedException {
        Part part = first;
        park(part, setback);
        while (!part.last()) {
            part = next();
            park(part, setback);
        }
        setback.read();
    }

    private void park(Part part, LongSetback setback) throws InterruptedException {
        SpecialChanges special = specials.in(part);
        for (RowChange change : part.changes()) {
            DecodedChange decoded = DecodedChange.of(part, change);
            try {
                special.refuse(part.commitLsn(), change);
                ChangeWrites writes = transformer.transform(part.commitLsn(), change);
                ShadowProblem refusal = setback.refusalOf(change.changeIndex());
                if (refusal != null) {
                    letters.park(decoded, writes, refusal);
                }
            } catch (TransformProblem problem) {
                letters.park(decoded, transformer.withoutWrites(part.commitLsn(), change), problem);
                setback.parkedWithoutWrites(change.changeIndex());
            }
        }
    }

    /** A source that sends nothing more ends the stream, not this. */
    private Part next() throws InterruptedException {
        while (true) {
            if (stop.raised()) {
                throw new InterruptedException("stopping");
            }
            reports.sendIfDue();
            switch (stream.take(CHANGES_AT_ONCE, LOOK)) {
                case Part next -> {
                    return next;
                }
                case Batch _ -> {}
            }
        }
    }
}
