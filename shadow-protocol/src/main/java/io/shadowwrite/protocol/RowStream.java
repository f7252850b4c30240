package io.shadowwrite.protocol;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;

/**
 * All current rows of one model in key order, as of one position, read one by one with flat memory. It is whole if and only
 * if {@link #next} has returned null: a stream that broke off fails instead. For one thread; close it, also half way.
 */
public final class RowStream implements AutoCloseable {

    private static final int BUFFER_BYTES = 64 * 1024;

    private final InputStream body;
    private final Runnable connection;
    private final RowStreamHead head;
    private long rows;
    private boolean ended;

    /**
     * Reads the first line.
     *
     * @param connection given up with the stream
     * @throws ShadowProblem when there is none
     */
    RowStream(InputStream body, Runnable connection) {
        this.body = new BufferedInputStream(body, BUFFER_BYTES);
        this.connection = connection;
        if (!(read() instanceof RowStreamHead first)) {
            throw broken("it does not begin with its head", null);
        }
        this.head = first;
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
        if (ended) {
            return null;
        }
        return switch (read()) {
            case TargetRow row -> {
                rows++;
                yield row;
            }
            case RowStreamEnd end -> {
                if (end.rows() != rows) {
                    throw broken("it counts %d rows".formatted(end.rows()), null);
                }
                ended = true;
                yield null;
            }
            default -> throw broken("its lines are out of order", null);
        };
    }

    private Object read() {
        byte[] line;
        try {
            line = line();
        } catch (IOException e) {
            throw broken("the connection failed", e);
        }
        try (JsonParser json = WireJson.mapper().createParser(line)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw broken("a line is not an object", null);
            }
            String name = json.nextName();
            json.nextToken();
            Object content = content(String.valueOf(name), json);
            if (json.nextToken() != JsonToken.END_OBJECT || json.nextToken() != null) {
                throw broken("a line has more than one member", null);
            }
            return content;
        } catch (JacksonException e) {
            throw broken("a line cannot be read", e);
        }
    }

    private Object content(String name, JsonParser json) {
        return switch (name) {
            case RowStreamWriter.HEAD -> json.readValueAs(RowStreamHead.class);
            case RowStreamWriter.ROW -> json.readValueAs(TargetRow.class);
            case RowStreamWriter.END -> json.readValueAs(RowStreamEnd.class);
            case RowStreamWriter.PROBLEM -> throw told(json.readValueAsTree());
            default -> throw broken("a line is of no known kind", null);
        };
    }

    private ShadowProblem told(JsonNode document) {
        ShadowProblem problem = ProblemReader.problemIn(document);
        return problem == null ? broken("it ends with a problem of no known code", null) : problem;
    }

    /** Up to the next line feed; a line without one was cut. */
    private byte[] line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(512);
        for (int next = body.read(); next != '\n'; next = body.read()) {
            if (next < 0) {
                throw broken("its last line is missing", null);
            }
            if (line.size() == WireJson.MAX_DOCUMENT_BYTES) {
                throw broken("a line is too long", null);
            }
            line.write(next);
        }
        return line.toByteArray();
    }

    private ShadowProblem broken(String how, @Nullable Throwable cause) {
        return new ShadowProblem(
                ProblemType.TARGET_UNAVAILABLE,
                "the stream of rows is not whole after %d rows: %s; read it again".formatted(rows, how),
                cause);
    }

    @Override
    public void close() {
        connection.run();
    }
}
