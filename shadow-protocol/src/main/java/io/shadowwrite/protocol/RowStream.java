package io.shadowwrite.protocol;

import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * All current rows of one model in key order, as of one position, read one by one with flat memory. It is whole if and only
 * if {@link #next} has returned null: a stream that broke off fails instead. For one thread; close it, also half way.
 */
public final class RowStream implements AutoCloseable {

    private final StreamLines lines;
    private final Runnable connection;
    private final RowStreamHead head;

    /**
     * Reads the first line.
     *
     * @param connection given up with the stream
     * @throws ShadowProblem when there is none
     */
    RowStream(InputStream body, Runnable connection) {
        this.lines = new StreamLines(body);
        this.connection = connection;
        this.head = lines.head(RowStreamHead.class);
    }

    public RowStreamHead head() {
        return head;
    }

    /**
     * The next row; null behind the last of a whole stream.
     *
     * @throws ShadowProblem what ended the stream on the other side, or TARGET_UNAVAILABLE when it broke off
     */
    public @Nullable TargetRow next() {
        return lines.next(RowStreamWriter.ROW, TargetRow.class);
    }

    @Override
    public void close() {
        connection.run();
    }
}
