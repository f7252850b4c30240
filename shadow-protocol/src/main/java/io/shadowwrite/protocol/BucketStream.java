package io.shadowwrite.protocol;

import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * The hashes of the rows of some buckets, in the order of their keys' UTF-8 bytes, as of one position; of several rows with
 * one key there is one each. Whole if and only if {@link #next} has returned null. For one thread; close it, also half way.
 */
public final class BucketStream implements AutoCloseable {

    private final StreamLines lines;
    private final Runnable connection;
    private final BucketStreamHead head;

    /**
     * Reads the first line.
     *
     * @param connection given up with the stream
     * @throws ShadowProblem when there is none
     */
    BucketStream(InputStream body, Runnable connection) {
        this.lines = new StreamLines(body);
        this.connection = connection;
        this.head = lines.head(BucketStreamHead.class);
    }

    public BucketStreamHead head() {
        return head;
    }

    /**
     * The next row; null behind the last of a whole stream.
     *
     * @throws ShadowProblem what ended the stream on the other side, or TARGET_UNAVAILABLE when it broke off
     */
    public @Nullable RowDigest next() {
        return lines.next(RowStreamWriter.DIGEST, RowDigest.class);
    }

    @Override
    public void close() {
        connection.run();
    }
}
