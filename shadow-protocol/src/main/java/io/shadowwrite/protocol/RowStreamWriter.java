package io.shadowwrite.protocol;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes what {@link RowStream} and {@link BucketStream} read: a line of JSON each, {@code head}, then {@code row} after row
 * or {@code digest} after digest, then {@code end} with their number. A stream that cannot go on ends with {@code problem} instead of {@code end}. For one thread.
 */
public final class RowStreamWriter {

    /** The media type of the stream. */
    public static final String MEDIA_TYPE = "application/x-ndjson";

    static final String HEAD = "head";
    static final String ROW = "row";
    static final String DIGEST = "digest";
    static final String END = "end";
    static final String PROBLEM = "problem";

    private final OutputStream out;
    private long rows;

    /** @param out buffered; it is flushed at the end and never closed */
    public RowStreamWriter(OutputStream out) {
        this.out = out;
    }

    public void head(RowStreamHead head) throws IOException {
        line(HEAD, head);
    }

    public void head(BucketStreamHead head) throws IOException {
        line(HEAD, head);
    }

    public void digest(RowDigest digest) throws IOException {
        line(DIGEST, digest);
        rows++;
    }

    public void row(TargetRow row) throws IOException {
        line(ROW, row);
        rows++;
    }

    /** Says that all rows were written. */
    public void end() throws IOException {
        line(END, new RowStreamEnd(rows));
        out.flush();
    }

    /** Says why there are no more rows. */
    public void problem(ShadowProblem problem) throws IOException {
        line(PROBLEM, ProblemDocument.of(problem));
        out.flush();
    }

    private void line(String name, Object content) throws IOException {
        out.write(("{\"" + name + "\":").getBytes(StandardCharsets.US_ASCII));
        out.write(WireJson.mapper().writeValueAsBytes(content));
        out.write('}');
        out.write('\n');
    }
}
