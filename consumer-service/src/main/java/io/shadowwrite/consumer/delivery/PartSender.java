package io.shadowwrite.consumer.delivery;

import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.LongTransactionClient;
import io.shadowwrite.replication.RowChange;
import io.shadowwrite.replication.stream.Batch;
import io.shadowwrite.replication.stream.ChangeStream;
import io.shadowwrite.replication.stream.Part;
import io.shadowwrite.transform.Transformer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns the parts of one transaction into lines, holding one part at a time. One thread writes, another looks on. */
final class PartSender implements LongTransactionClient.Changes {

    /** What shadow-api applies as one set. */
    private static final int CHANGES_IN_A_LINE = 1_000;

    /** How often a sign of life is sent while the source has not sent the next part. */
    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(1);

    private final ChangeStream stream;
    private final Transformer transformer;
    private final SpecialValues specials;
    private final Set<Integer> withoutWrites;

    private @Nullable Part part;
    private volatile long lastLine = System.nanoTime();
    private volatile boolean complete;
    private volatile long sent;

    /** @param withoutWrites changes that are parked because they cannot be expressed */
    PartSender(
            ChangeStream stream,
            Transformer transformer,
            SpecialValues specials,
            Part first,
            Set<Integer> withoutWrites) {
        this.stream = stream;
        this.transformer = transformer;
        this.specials = specials;
        this.withoutWrites = withoutWrites;
        this.part = first;
    }

    @Override
    public void writeTo(LongTransactionClient.Lines lines) throws IOException {
        boolean last = false;
        while (!last) {
            Part current = part == null ? next(lines) : part;
            part = null;
            write(current, lines);
            last = current.last();
        }
        complete = true;
    }

    /** Since a line was taken; nothing once all are, for then there is an answer to wait for. */
    Duration sinceLastLine() {
        return complete ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - lastLine);
    }

    /** Changes that were sent. */
    long sent() {
        return sent;
    }

    private void write(Part current, LongTransactionClient.Lines lines) throws IOException {
        List<RowChange> changes = current.changes();
        SpecialChanges special = specialIn(current);
        long count = sent;
        for (int from = 0; from < changes.size(); from += CHANGES_IN_A_LINE) {
            List<ChangeWrites> line = new ArrayList<>(CHANGES_IN_A_LINE);
            for (RowChange change : changes.subList(from, Math.min(from + CHANGES_IN_A_LINE, changes.size()))) {
                line.add(transformed(current, change, special));
            }
            lines.add(line);
            count += line.size();
            sent = count;
            lastLine = System.nanoTime();
        }
    }

    private SpecialChanges specialIn(Part current) throws IOException {
        try {
            return specials.in(current);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("broken off");
        }
    }

    private ChangeWrites transformed(Part current, RowChange change, SpecialChanges special) {
        if (withoutWrites.contains(change.changeIndex())) {
            return transformer.withoutWrites(current.commitLsn(), change);
        }
        special.refuse(current.commitLsn(), change);
        return transformer.transform(current.commitLsn(), change);
    }

    private Part next(LongTransactionClient.Lines lines) throws IOException {
        try {
            while (true) {
                switch (stream.take(CHANGES_IN_A_LINE, SIGN_OF_LIFE)) {
                    case Part next -> {
                        return next;
                    }
                    case Batch _ -> lines.keepAlive();
                }
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("broken off");
        }
    }
}
