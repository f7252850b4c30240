package io.shadowwrite.protocol;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Sends ranges of loaded rows line by line while they are still being read. Thread-safe; one per process. */
public final class LoadClient {

    /** Longer than the one statement may take that brings all rows of a table that refers to itself. */
    private static final Duration ANSWER_TIMEOUT = Duration.ofMinutes(35);

    private final LineRequests requests;

    /** Writes the rows of one range. */
    @FunctionalInterface
    public interface Rows {

        /**
         * Passes every row on.
         *
         * @return how many source rows there were, also those that the contract leaves out
         */
        long writeTo(Lines lines) throws IOException;
    }

    /**
     * The lines of one request. A row is spelled when it is added, so that no line is ever held as objects: with many readers
     * that is what a collector would copy again and again. For one thread.
     */
    public static final class Lines {

        private final OutputStream body;
        private final ByteArrayOutputStream line = new ByteArrayOutputStream(1 << 16);
        private @Nullable JsonGenerator json;
        private int inLine;
        private long rows;

        private Lines(OutputStream body) {
            this.body = body;
        }

        /** One more row of the line; at most {@link LoadRange#MOST_ROWS_IN_A_LINE} before it ends. */
        public void add(LoadRow row) {
            JsonGenerator open = json;
            if (open == null) {
                open = WireJson.mapper().createGenerator(line);
                open.writeStartArray();
                json = open;
            }
            WritesJson.write(open, row);
            inLine++;
        }

        /** How long the line is by now, in bytes, but for the last few thousand. */
        public int length() {
            return line.size();
        }

        /** Sends the line; one without rows is a sign of life. */
        public void end() throws IOException {
            JsonGenerator open = json;
            if (open != null) {
                open.writeEndArray();
                open.close();
                json = null;
            }
            line.write('\n');
            line.writeTo(body);
            body.flush();
            line.reset();
            rows += inLine;
            inLine = 0;
        }

        private void tell(Object value) throws IOException {
            body.write(WireJson.mapper().writeValueAsBytes(value));
            body.write('\n');
            body.flush();
        }
    }

    private LoadClient(LineRequests requests) {
        this.requests = requests;
    }

    /**
     * A client over connections of its own.
     *
     * @param baseUrl scheme, host and port, without path
     * @param token bearer token of an operator
     */
    public static LoadClient connect(URI baseUrl, String token) {
        return new LoadClient(new LineRequests(baseUrl, token, ANSWER_TIMEOUT));
    }

    /**
     * Sends one range, once.
     *
     * @throws ShadowProblem when it was not loaded, or when nobody knows; the same range may be sent again. Whatever the rows
     *     throw breaks the request off and comes out as it is, and nothing of the range stays
     */
    public LoadResult load(LoadRange range, Rows rows) {
        return requests.post("/shadow/write/load", out -> writeBody(range, rows, out), LoadResult.class, "a range");
    }

    private static void writeBody(LoadRange range, Rows rows, OutputStream body) throws IOException {
        Lines lines = new Lines(body);
        lines.tell(range);
        long read = rows.writeTo(lines);
        lines.tell(new LoadRange.End(read, lines.rows));
    }
}
