package io.shadowwrite.api.write;

import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.LongTransaction;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.WireJson;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectReader;

/** A transaction as it arrives, line by line; holds one line at a time. Belongs to one request. */
final class TransactionLines {

    private static final Logger LOG = LoggerFactory.getLogger(TransactionLines.class);

    /**
     * How long the rest of a request is read that nobody needs any more, so that its sender hears the answer: longer than any
     * sender of ours may need, which sends until it is done and only then listens. One that falls silent is left by the server
     * (server.tomcat.connection-timeout, 60 s unless set), as in the middle of the lines.
     */
    private static final Duration LONGEST_DRAIN = Duration.ofHours(24);

    private static final ObjectReader STRICT = WireJson.mapper().reader();
    private static final ObjectReader CHANGES = WireJson.forWrites(STRICT);

    private final InputStream body;
    private final LongSupplier nanoTime;
    private byte[] buffer = new byte[1 << 16];
    private int start;
    private int end;
    private long number;
    private long changes;

    /** One line's place in the buffer. */
    private record Line(int from, int length) {}

    TransactionLines(InputStream body) {
        this(body, System::nanoTime);
    }

    TransactionLines(InputStream body, LongSupplier nanoTime) {
        this.body = body;
        this.nanoTime = nanoTime;
    }

    /** The first line. */
    LongTransaction head() {
        return read(nextLine(() -> {}), STRICT, LongTransaction.class);
    }

    /**
     * The next changes; null when the transaction is complete.
     *
     * @param signOfLife told of every empty line
     */
    @Nullable List<ChangeWrites> next(Runnable signOfLife) {
        Line line = nextLine(signOfLife);
        if (buffer[line.from()] != '[') {
            LongTransaction.End trailer = read(line, STRICT, LongTransaction.End.class);
            if (trailer.changes() != changes) {
                throw malformed("the transaction ends after %d changes and says it has %d"
                        .formatted(changes, trailer.changes()));
            }
            return null;
        }
        List<ChangeWrites> next = List.of(read(line, CHANGES, ChangeWrites[].class));
        if (next.size() > LongTransaction.MOST_CHANGES_IN_A_LINE) {
            throw malformed(
                    "line %d has more than %d changes".formatted(number, LongTransaction.MOST_CHANGES_IN_A_LINE));
        }
        changes += next.size();
        return next;
    }

    /** Reads what is left, so that a sender that is still sending hears the answer. */
    void drain() {
        long deadline = nanoTime.getAsLong() + LONGEST_DRAIN.toNanos();
        try {
            int read = 0;
            while (read >= 0 && nanoTime.getAsLong() < deadline) {
                read = body.read(buffer);
            }
        } catch (IOException gone) {
            LOG.debug("The sender did not wait for the answer", gone);
        }
    }

    private Line nextLine(Runnable signOfLife) {
        while (true) {
            int length = lineLength();
            number++;
            int from = start;
            start += length + 1;
            if (length > 0) {
                return new Line(from, length);
            }
            signOfLife.run();
        }
    }

    /** Reads until the buffer holds a whole line from its start. */
    private int lineLength() {
        int searched = start;
        while (true) {
            for (int i = searched; i < end; i++) {
                if (buffer[i] == '\n') {
                    return i - start;
                }
            }
            int known = end - start;
            makeRoom();
            searched = start + known;
            fill();
        }
    }

    private void makeRoom() {
        if (start > 0) {
            System.arraycopy(buffer, start, buffer, 0, end - start);
            end -= start;
            start = 0;
        }
        if (end == buffer.length) {
            if (buffer.length >= WireJson.MAX_DOCUMENT_BYTES) {
                throw malformed("line %d is longer than %d bytes".formatted(number + 1, WireJson.MAX_DOCUMENT_BYTES));
            }
            buffer = Arrays.copyOf(buffer, Math.min(buffer.length * 2, WireJson.MAX_DOCUMENT_BYTES));
        }
    }

    private void fill() {
        try {
            int read = body.read(buffer, end, buffer.length - end);
            if (read < 0) {
                throw malformed("the transaction breaks off after %d changes".formatted(changes));
            }
            end += read;
        } catch (IOException gone) {
            throw new ShadowProblem(
                    ProblemType.MALFORMED_REQUEST,
                    "the connection broke after %d changes of a transaction".formatted(changes),
                    gone);
        }
    }

    private <T> T read(Line line, ObjectReader reader, Class<T> type) {
        try {
            return reader.forType(type).readValue(buffer, line.from(), line.length());
        } catch (JacksonException unreadable) {
            throw new ShadowProblem(
                    ProblemType.MALFORMED_REQUEST,
                    "line %d of the transaction: %s".formatted(number, unreadable.getOriginalMessage()),
                    unreadable);
        }
    }

    private static ShadowProblem malformed(String why) {
        return new ShadowProblem(ProblemType.MALFORMED_REQUEST, why);
    }
}
