package io.shadowwrite.protocol;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;

/**
 * Reads the values of one document, each from the token the parser stands on to its last one. The usual spelling is read
 * here, every other one is left to the mapper, which refuses it in its own words. Belongs to one thread.
 */
final class WireReader {

    private final JsonParser parser;
    private final DeserializationContext context;

    private final SharedTexts shared = new SharedTexts();
    private final @Nullable String[] names = new @Nullable String[TextColumns.MOST];
    private final @Nullable String[] texts = new @Nullable String[TextColumns.MOST];

    private WireReader(JsonParser parser, DeserializationContext context) {
        this.parser = parser;
        this.context = context;
    }

    /** The reader of the document; one for all the records in it. */
    static WireReader of(JsonParser parser, DeserializationContext context) {
        if (context.getAttribute(WireReader.class) instanceof WireReader reader && reader.parser.equals(parser)) {
            return reader;
        }
        WireReader reader = new WireReader(parser, context);
        context.setAttribute(WireReader.class, reader);
        return reader;
    }

    /** Enters an object that becomes a record. */
    MemberWalk members(RecordShape shape) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            refuse(shape.type());
        }
        return new MemberWalk(parser, context, shape);
    }

    long number() {
        return parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                ? parser.getLongValue()
                : context.readValue(parser, long.class);
    }

    int smallNumber() {
        return parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                ? parser.getIntValue()
                : context.readValue(parser, int.class);
    }

    boolean truth() {
        return switch (parser.currentToken()) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> context.readValue(parser, boolean.class);
        };
    }

    String text() {
        return parser.currentToken() == JsonToken.VALUE_STRING
                ? parser.getString()
                : context.readValue(parser, String.class);
    }

    @Nullable String textOrNull() {
        return isNull() ? null : text();
    }

    /** A text that is likely to come again: the same instance then. */
    String sharedText() {
        return parser.currentToken() == JsonToken.VALUE_STRING ? shared.read(parser) : text();
    }

    /** One of these constants, by name. */
    <E extends Enum<E>> E constant(E[] constants) {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            String name = sharedText();
            for (E constant : constants) {
                if (constant.name().equals(name)) {
                    return constant;
                }
            }
        }
        return context.readValue(parser, constants[0].getDeclaringClass());
    }

    LogSequenceNumber lsn() {
        return DecimalLsnJson.read(parser, context);
    }

    Instant instant() {
        Instant usual = parser.currentToken() == JsonToken.VALUE_STRING ? InstantText.parse(parser.getString()) : null;
        return usual == null ? context.readValue(parser, Instant.class) : usual;
    }

    /** The elements of an array, none of them null. */
    <T> List<T> list(Class<T> type, Function<WireReader, T> element) {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            refuse(List.class);
        }
        List<T> all = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            try {
                if (isNull()) {
                    refuse(type);
                }
                all.add(element.apply(this));
            } catch (JacksonException unreadable) {
                throw unreadable.prependPath(List.class, all.size());
            }
        }
        return all;
    }

    Map<String, String> columns() {
        Map<String, @Nullable String> columns = columnsOrNulls();
        for (Map.Entry<String, @Nullable String> column : columns.entrySet()) {
            if (column.getValue() == null) {
                throw RecordShape.nullFor(context, column.getKey(), String.class)
                        .prependPath(Map.class, column.getKey());
            }
        }
        return withoutNulls(columns);
    }

    @SuppressWarnings("NullAway") // none of the values is null: the only caller has looked at each
    private static Map<String, String> withoutNulls(Map<String, @Nullable String> columns) {
        return columns;
    }

    @Nullable Map<String, String> columnsOrNull() {
        return isNull() ? null : columns();
    }

    /** Texts by column, some of them null. */
    Map<String, @Nullable String> columnsOrNulls() {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            refuse(Map.class);
        }
        int size = 0;
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            if (size == TextColumns.MOST) {
                return manyColumns(new LinkedHashMap<>(new TextColumns(names, texts, size)), name);
            }
            for (int i = 0; i < size; i++) {
                if (name.equals(names[i])) {
                    throw RecordShape.doubled(context, Map.class, name);
                }
            }
            names[size] = name;
            texts[size++] = column(name);
        }
        return new TextColumns(names, texts, size);
    }

    private Map<String, @Nullable String> manyColumns(Map<String, @Nullable String> columns, String first) {
        for (String name = first; name != null; name = parser.nextName()) {
            if (columns.containsKey(name)) {
                throw RecordShape.doubled(context, Map.class, name);
            }
            columns.put(name, column(name));
        }
        return columns;
    }

    private @Nullable String column(String name) {
        parser.nextToken();
        try {
            return textOrNull();
        } catch (JacksonException unreadable) {
            throw unreadable.prependPath(Map.class, name);
        }
    }

    private boolean isNull() {
        return parser.currentToken() == JsonToken.VALUE_NULL;
    }

    private void refuse(Class<?> type) {
        context.handleUnexpectedToken(type, parser);
    }
}
