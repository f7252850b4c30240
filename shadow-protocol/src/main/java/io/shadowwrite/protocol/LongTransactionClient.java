package io.shadowwrite.protocol;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/** Sends source transactions line by line while they are still being read. Thread-safe; one per process. */
public final class LongTransactionClient {

    /** What a target needs to commit millions of rows. */
    private static final Duration ANSWER_TIMEOUT = Duration.ofMinutes(10);

    private final LineRequests requests;

    /** Writes the changes of one transaction. */
    @FunctionalInterface
    public interface Changes {

        /** Passes every change on, in order. Whatever this throws breaks the request off, and nothing of it stays. */
        void writeTo(Lines lines) throws IOException;
    }

    /** The lines of one request. For one thread. */
    public static final class Lines {

        private final OutputStream body;
        private long changes;

        private Lines(OutputStream body) {
            this.body = body;
        }

        /** The next changes, applied together; at most {@link LongTransaction#MOST_CHANGES_IN_A_LINE}. */
        public void add(List<ChangeWrites> next) throws IOException {
            if (!next.isEmpty()) {
                line(next);
                changes += next.size();
            }
        }

        /** Tells the server that more will come. */
        public void keepAlive() throws IOException {
            body.write('\n');
            body.flush();
        }

        private void line(Object value) throws IOException {
            body.write(WireJson.mapper().writeValueAsBytes(value));
            keepAlive();
        }
    }

    private LongTransactionClient(LineRequests requests) {
        this.requests = requests;
    }

    /**
     * A client over connections of its own.
     *
     * @param baseUrl scheme, host and port, without path
     * @param token bearer token
     */
    public static LongTransactionClient connect(URI baseUrl, String token) {
        return new LongTransactionClient(new LineRequests(baseUrl, token, ANSWER_TIMEOUT));
    }

    /**
     * Sends one transaction, once. A caller that is interrupted in a virtual thread breaks it off.
     *
     * @throws ShadowProblem when it was not applied, or when nobody knows; the position tells
     */
    public WriteResult write(LongTransaction head, Changes changes) {
        return requests.post(
                "/shadow/write/transaction", out -> writeBody(head, changes, out), WriteResult.class, "a transaction");
    }

    private static void writeBody(LongTransaction head, Changes changes, OutputStream body) throws IOException {
        Lines lines = new Lines(body);
        lines.line(head);
        changes.writeTo(lines);
        lines.line(new LongTransaction.End(lines.changes));
    }
}
