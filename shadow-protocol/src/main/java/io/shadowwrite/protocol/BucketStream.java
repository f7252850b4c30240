package io.shadowwrite.protocol;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The hashes of the rows of some buckets, in the order of their keys' UTF-8 bytes, as of one position; of several rows with
 * one key there is one each. Whole if and only if {@link #next} has returned null. For one thread; close it, also half way.
 */
public final class BucketStream implements AutoCloseable {

    private final StreamLines lines;
    private final Runnable connection;
    private final BucketStreamHead head;
    private byte[] last = {};

    /**
     * Reads the first line.
     *
     * @param model that was asked for
     * @param wanted of it
     * @param connection given up with the stream
     * @throws ShadowProblem when there is none, or it is of something else
     */
    BucketStream(InputStream body, String model, BucketRows wanted, Runnable connection) {
        this.lines = new StreamLines(body);
        this.connection = connection;
        this.head = lines.head(BucketStreamHead.class);
        if (!head.model().equals(model)
                || head.hash() != wanted.hash()
                || head.position().compareTo(wanted.asOfLsn()) < 0) {
            throw lines.broken("its head is not of what was asked for", null);
        }
    }

    public BucketStreamHead head() {
        return head;
    }

    /**
     * The next row; null behind the last of a whole stream.
     *
     * @throws ShadowProblem what ended the stream on the other side, or TARGET_UNAVAILABLE when it broke off or its keys do
     *     not ascend
     */
    public @Nullable RowDigest next() {
        RowDigest row = lines.next(RowStreamWriter.DIGEST, RowDigest.class);
        if (row != null) {
            checkOrder(row.key().getBytes(StandardCharsets.UTF_8));
        }
        return row;
    }

    /** Whoever merges two streams would take keys in another order for rows that are missing. */
    private void checkOrder(byte[] key) {
        if (Arrays.compareUnsigned(last, key) > 0) {
            throw lines.broken("its keys do not ascend", null);
        }
        last = key;
    }

    @Override
    public void close() {
        connection.run();
    }
}
