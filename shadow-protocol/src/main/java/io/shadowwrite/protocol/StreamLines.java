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
 * The lines of a stream: a head, rows of one kind, and their number. A stream that ends in any other way fails. For one
 * thread.
 */
final class StreamLines {

    private static final int BUFFER_BYTES = 64 * 1024;

    private final InputStream body;
    private long rows;
    private boolean ended;

    StreamLines(InputStream body) {
        this.body = new BufferedInputStream(body, BUFFER_BYTES);
    }

    /**
     * The first line.
     *
     * @throws ShadowProblem when it is anything else
     */
    <H> H head(Class<H> type) {
        Object first = read(RowStreamWriter.HEAD, type);
        if (!type.isInstance(first)) {
            throw broken("it does not begin with its head", null);
        }
        return type.cast(first);
    }

    /**
     * The next row; null behind the last of a whole stream.
     *
     * @param name of the lines that are rows
     * @throws ShadowProblem what ended the stream on the other side, or TARGET_UNAVAILABLE when it broke off
     */
    <R> @Nullable R next(String name, Class<R> type) {
        if (ended) {
            return null;
        }
        Object line = read(name, type);
        if (line instanceof RowStreamEnd end) {
            if (end.rows() != rows) {
                throw broken("it counts %d rows".formatted(end.rows()), null);
            }
            ended = true;
            return null;
        }
        rows++;
        return type.cast(line);
    }

    private Object read(String wanted, Class<?> type) {
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
            String name = String.valueOf(json.nextName());
            json.nextToken();
            Object content = content(name, wanted, type, json);
            if (json.nextToken() != JsonToken.END_OBJECT || json.nextToken() != null) {
                throw broken("a line has more than one member", null);
            }
            return content;
        } catch (JacksonException e) {
            throw broken("a line cannot be read", e);
        }
    }

    private Object content(String name, String wanted, Class<?> type, JsonParser json) {
        if (name.equals(wanted)) {
            return json.readValueAs(type);
        }
        return switch (name) {
            case RowStreamWriter.END -> json.readValueAs(RowStreamEnd.class);
            case RowStreamWriter.PROBLEM -> throw told(json.readValueAsTree());
            default -> throw broken("a line is not of the kind that has to come", null);
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

    /** The problem of a stream that is not what it has to be. */
    ShadowProblem broken(String how, @Nullable Throwable cause) {
        return new ShadowProblem(
                ProblemType.TARGET_UNAVAILABLE,
                "the stream of rows is not whole after %d rows: %s; read it again".formatted(rows, how),
                cause);
    }
}
