package io.shadowwrite.api.request;

import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.WireJson;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.ObjectReader;

/** The lines of one request as they arrive; holds one line at a time. Belongs to one request. */
public final class RequestLines {

    private static final Logger LOG = LoggerFactory.getLogger(RequestLines.class);

    /**
     * How long the rest of a request is read that nobody needs any more, so that its sender hears the answer: longer than any
     * sender of ours may need, which sends until it is done and only then listens. One that falls silent is left by the server
     * (server.tomcat.connection-timeout, 60 s unless set), as in the middle of the lines.
     */
    private static final Duration LONGEST_DRAIN = Duration.ofHours(24);

    private final InputStream body;
    private final String what;
    private final LongSupplier nanoTime;
    private byte[] buffer = new byte[1 << 16];
    private int start;
    private int end;
    private long number;
    private int lineFrom;
    private int lineLength;

    /**
     * The lines of a body.
     *
     * @param what they are, for messages
     */
    public RequestLines(InputStream body, String what) {
        this(body, what, System::nanoTime);
    }

    /** With a clock of its own, in nanoseconds. */
    public RequestLines(InputStream body, String what, LongSupplier nanoTime) {
        this.body = body;
        this.what = what;
        this.nanoTime = nanoTime;
    }

    /**
     * Goes to the next line that is not empty.
     *
     * @param signOfLife told of every empty line
     * @throws ShadowProblem MALFORMED_REQUEST when there is none
     */
    public void next(Runnable signOfLife) {
        while (true) {
            int length = lineLength();
            number++;
            int from = start;
            start += length + 1;
            if (length > 0) {
                lineFrom = from;
                lineLength = length;
                return;
            }
            signOfLife.run();
        }
    }

    /** Whether the line is an array, and no object. */
    public boolean isArray() {
        return buffer[lineFrom] == '[';
    }

    /** What the line says. */
    public <T> T read(ObjectReader reader, Class<T> type) {
        try {
            return reader.forType(type).readValue(buffer, lineFrom, lineLength);
        } catch (JacksonException unreadable) {
            throw unreadable(unreadable);
        }
    }

    /** Passes on what the array of the line holds, one after the other, so that it is never held as objects; answers how many. */
    public <T> int forEach(ObjectReader reader, Class<T> type, int most, String ofWhat, Consumer<T> action) {
        int entries = 0;
        try (MappingIterator<T> values = reader.forType(type).readValues(buffer, lineFrom, lineLength)) {
            while (values.hasNextValue()) {
                entries++;
                checkSize(entries, most, ofWhat);
                action.accept(values.nextValue());
            }
            return entries;
        } catch (JacksonException unreadable) {
            throw unreadable(unreadable);
        }
    }

    private ShadowProblem unreadable(JacksonException cause) {
        return new ShadowProblem(
                ProblemType.MALFORMED_REQUEST,
                "line %d of the %s: %s".formatted(number, what, cause.getOriginalMessage()),
                cause);
    }

    /** Refuses a line with more entries than a line may have. */
    public void checkSize(int entries, int most, String ofWhat) {
        if (entries > most) {
            throw malformed("line %d has more than %d %s".formatted(number, most, ofWhat));
        }
    }

    /** Reads what is left, so that a sender that is still sending hears the answer. */
    public void drain() {
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
                throw malformed("the %s breaks off after %d lines".formatted(what, number));
            }
            end += read;
        } catch (IOException gone) {
            throw new ShadowProblem(
                    ProblemType.MALFORMED_REQUEST,
                    "the connection broke after %d lines of a %s".formatted(number, what),
                    gone);
        }
    }

    /** A body that is not what it has to be. */
    public static ShadowProblem malformed(String why) {
        return new ShadowProblem(ProblemType.MALFORMED_REQUEST, why);
    }
}
