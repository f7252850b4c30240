package io.shadowwrite.transform;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/** Finds one scalar in a JSON document, with the meaning of PostgreSQL's jsonb: of equal names the last one counts. */
final class JsonScalar {

    /** The source has accepted the document, so no limit of ours may refuse it. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .build())
            .build();

    private static final Pattern INDEX = Pattern.compile("-?\\d{1,9}");

    private JsonScalar() {}

    /**
     * The text of the scalar at the path, or null when there is none.
     *
     * @throws IllegalArgumentException when the text is not JSON
     */
    static @Nullable String at(String json, List<String> path) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
            parser.nextToken();
            return value(parser, path);
        } catch (JacksonException _) {
            // The parser's own message quotes the document, and values stay out of logs.
            throw new IllegalArgumentException("the document is not JSON");
        }
    }

    /** Reads the value at which the parser stands to its end. */
    private static @Nullable String value(JsonParser parser, List<String> path) {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT && !path.isEmpty()) {
            return member(parser, path);
        }
        if (token == JsonToken.START_ARRAY && !path.isEmpty()) {
            return element(parser, path);
        }
        parser.skipChildren();
        return path.isEmpty() ? scalar(parser, token) : null;
    }

    private static @Nullable String member(JsonParser parser, List<String> path) {
        String found = null;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            boolean wanted = parser.currentName().equals(path.getFirst());
            parser.nextToken();
            if (wanted) {
                found = value(parser, path.subList(1, path.size()));
            } else {
                parser.skipChildren();
            }
        }
        return found;
    }

    private static @Nullable String element(JsonParser parser, List<String> path) {
        if (!INDEX.matcher(path.getFirst()).matches()) {
            parser.skipChildren();
            return null;
        }
        List<@Nullable String> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            elements.add(value(parser, path.subList(1, path.size())));
        }
        int index = Integer.parseInt(path.getFirst());
        int fromStart = index < 0 ? elements.size() + index : index;
        return fromStart >= 0 && fromStart < elements.size() ? elements.get(fromStart) : null;
    }

    private static @Nullable String scalar(JsonParser parser, @Nullable JsonToken token) {
        return switch (token) {
            case VALUE_STRING -> parser.getString();
            case VALUE_TRUE -> "true";
            case VALUE_FALSE -> "false";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
                Cast.number(parser.getString()).toPlainString();
            case null, default -> null;
        };
    }
}
