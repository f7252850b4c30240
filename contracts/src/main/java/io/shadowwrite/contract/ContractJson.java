package io.shadowwrite.contract;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/** From bytes to a tree, with nothing lost on the way: no duplicate key, no rounded number, nothing after the end. */
final class ContractJson {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Only for a file whose duplicates are reported already; the rest of it is still worth reading. */
    private static final ObjectReader AFTER_DUPLICATES =
            MAPPER.reader().without(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    private ContractJson() {}

    /** The tree of the file; null, reported, when it is no JSON. */
    static @Nullable JsonTree read(byte[] bytes, Problems problems) {
        try {
            boolean duplicates = reportDuplicateKeys(bytes, problems);
            JsonNode root = duplicates ? AFTER_DUPLICATES.readTree(bytes) : MAPPER.readTree(bytes);
            if (root.isMissingNode()) {
                problems.add("", "the file is empty; a contract is a JSON object");
                return null;
            }
            return new JsonTree(root, "", problems);
        } catch (JacksonException e) {
            problems.add(
                    "",
                    "not JSON at line %d, column %d: %s"
                            .formatted(
                                    e.getLocation().getLineNr(),
                                    e.getLocation().getColumnNr(),
                                    e.getOriginalMessage()));
            return null;
        }
    }

    /** A tree reader stops at its first duplicate; this pass finds each of them. */
    private static boolean reportDuplicateKeys(byte[] bytes, Problems problems) {
        Set<String> seen = new HashSet<>();
        boolean duplicates = false;
        try (JsonParser parser = MAPPER.createParser(bytes)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.PROPERTY_NAME) {
                    String pointer = parser.streamReadContext().pathAsPointer().toString();
                    if (!seen.add(pointer)) {
                        problems.add(pointer, "duplicate key '%s'; remove one".formatted(parser.currentName()));
                        duplicates = true;
                    }
                }
            }
        }
        return duplicates;
    }
}
