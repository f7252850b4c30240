package io.shadowwrite.replication.wal2json;

import io.shadowwrite.replication.ColumnValue;
import io.shadowwrite.replication.Row;
import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.StreamProblem.Code;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads messages of wal2json format 2 and refuses whatever is not exactly that: other bytes than UTF-8, unknown or repeated
 * keys, missing parts. Numbers keep their token. Not safe for use by several threads.
 */
public final class Wal2JsonReader {

    private static final int MAX_NESTING = 8;
    private static final int MAX_KNOWN_NAMES = 10_000;

    private final int maxMessageBytes;
    private final JsonFactory json;
    private final CharsetDecoder utf8 = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    // Column names repeat in every row; one instance of each is enough.
    private final Map<String, String> names = new HashMap<>();

    /** Reads messages of at most {@code maxMessageBytes}. */
    public Wal2JsonReader(int maxMessageBytes) {
        this.maxMessageBytes = maxMessageBytes;
        this.json = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_NESTING)
                        .maxStringLength(maxMessageBytes)
                        .maxNumberLength(maxMessageBytes)
                        .build())
                .build();
    }

    /**
     * Reads one message.
     *
     * @throws StreamProblem UNDECODABLE or MESSAGE_TOO_LARGE; its text never contains row values
     */
    public Wal2JsonMessage read(ByteBuffer message) {
        if (message.remaining() > maxMessageBytes) {
            throw new StreamProblem(
                    Code.MESSAGE_TOO_LARGE,
                    "one change takes " + message.remaining() + " bytes on the wire, and a reader at most "
                            + maxMessageBytes,
                    "Keep such rows out of the source, or move what is large out of the table, then open a new window");
        }
        try (JsonParser parser = parser(message)) {
            MessageFields fields = new MessageFields();
            require(parser.nextToken() == JsonToken.START_OBJECT, "the message is not an object");
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                field(parser, fields);
            }
            require(parser.nextToken() == null, "something follows the message");
            return fields.message();
        } catch (JacksonException e) {
            // The parser's own words may quote row values.
            throw undecodable("it is not well-formed JSON at offset " + offset(e));
        }
    }

    private static long offset(JacksonException e) {
        if (e.getLocation() == null) {
            return -1;
        }
        return Math.max(e.getLocation().getCharOffset(), e.getLocation().getByteOffset());
    }

    private JsonParser parser(ByteBuffer message) {
        if (isPlain(message)) {
            return json.createParser(
                    ObjectReadContext.empty(),
                    message.array(),
                    message.arrayOffset() + message.position(),
                    message.remaining());
        }
        CharBuffer text = decode(message);
        return json.createParser(
                ObjectReadContext.empty(), text.array(), text.arrayOffset() + text.position(), text.remaining());
    }

    /**
     * Whether the bytes can be read as they are: the parser of bytes is lenient about UTF-8, and guesses another encoding
     * from zeros, so it gets neither.
     */
    private static boolean isPlain(ByteBuffer message) {
        if (!message.hasArray()) {
            return false;
        }
        byte[] bytes = message.array();
        int end = message.arrayOffset() + message.limit();
        for (int i = message.arrayOffset() + message.position(); i < end; i++) {
            if (bytes[i] <= 0) {
                return false;
            }
        }
        return true;
    }

    private CharBuffer decode(ByteBuffer message) {
        try {
            return utf8.decode(message);
        } catch (CharacterCodingException e) {
            throw undecodable("it is not UTF-8");
        }
    }

    private void field(JsonParser parser, MessageFields fields) {
        String name = parser.currentName();
        JsonToken token = parser.nextToken();
        switch (name) {
            case "columns" -> fields.columns(row(parser, token));
            case "identity" -> fields.identity(row(parser, token));
            default -> fields.scalar(name, scalar(parser, token));
        }
    }

    private Row row(JsonParser parser, JsonToken token) {
        require(token == JsonToken.START_ARRAY, "a row is not an array");
        Map<String, ColumnValue> columns = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            column(parser, columns);
        }
        require(parser.currentToken() == JsonToken.END_ARRAY, "a row holds something else than columns");
        return columns.isEmpty() ? Row.EMPTY : new Row(columns);
    }

    private void column(JsonParser parser, Map<String, ColumnValue> columns) {
        String name = null;
        ColumnValue value = null;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = parser.currentName();
            JsonToken token = parser.nextToken();
            if (key.equals("name") && name == null && token == JsonToken.VALUE_STRING) {
                name = known(parser.getString());
            } else if (key.equals("value") && value == null) {
                String text = scalar(parser, token);
                value = text == null ? ColumnValue.NULL : new ColumnValue.Text(text);
            } else {
                throw undecodable("a column has an unknown or repeated key");
            }
        }
        if (name == null || value == null) {
            throw undecodable("a column has no name or no value");
        }
        require(columns.put(name, value) == null, "a column comes twice");
    }

    private String known(String name) {
        if (names.size() >= MAX_KNOWN_NAMES) {
            names.clear();
        }
        String before = names.putIfAbsent(name, name);
        return before == null ? name : before;
    }

    private static @Nullable String scalar(JsonParser parser, JsonToken token) {
        return switch (token) {
            case VALUE_NULL -> null;
            case VALUE_STRING, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT, VALUE_TRUE, VALUE_FALSE -> parser.getString();
            default -> throw undecodable("a value is an object or an array");
        };
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw undecodable(otherwise);
        }
    }

    static StreamProblem undecodable(String why) {
        return new StreamProblem(
                Code.UNDECODABLE,
                "a message of the output plug-in cannot be read: " + why,
                "Check that the source runs wal2json 2.5 or newer and that no one else sets its options");
    }
}
