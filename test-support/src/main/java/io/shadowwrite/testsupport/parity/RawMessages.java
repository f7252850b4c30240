package io.shadowwrite.testsupport.parity;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** The recorded messages of a file as they stand in it: a tree of JSON would lose how numbers and characters are spelled. */
final class RawMessages {

    private static final JsonFactory JSON = JsonFactory.builder().build();

    private RawMessages() {}

    /** For each member {@code wal2json}, in order, the text of each object in it. */
    static List<List<String>> in(String text) {
        List<List<String>> found = new ArrayList<>();
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.PROPERTY_NAME && parser.currentName().equals("wal2json")) {
                    parser.nextToken();
                    found.add(objects(parser, text));
                } else if (token == JsonToken.PROPERTY_NAME
                        && parser.currentName().equals("writes")) {
                    parser.nextToken();
                    parser.skipChildren();
                }
            }
        }
        return found;
    }

    private static List<String> objects(JsonParser parser, String text) {
        List<String> objects = new ArrayList<>();
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            int start = Math.toIntExact(parser.currentTokenLocation().getCharOffset());
            parser.skipChildren();
            int end = Math.toIntExact(parser.currentLocation().getCharOffset());
            objects.add(text.substring(start, end));
        }
        return objects;
    }
}
