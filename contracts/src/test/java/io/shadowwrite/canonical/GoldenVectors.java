package io.shadowwrite.canonical;

import static java.util.Objects.requireNonNull;

import io.shadowwrite.contract.ColumnType;
import io.shadowwrite.contract.QualifiedName;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The frozen spellings. They were computed by neither of the two implementations that they bind. */
final class GoldenVectors {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private GoldenVectors() {}

    /**
     * A value.
     *
     * @param input what a user writes in SQL
     * @param decoded what logical decoding gives
     * @param server what the server computes, which differs from {@code canonical} for json only
     */
    record Value(ColumnType type, String input, String decoded, String canonical, String server) {}

    record Key(Map<String, ColumnType> types, Map<String, String> values, String json) {}

    record Derived(QualifiedName table, String key, String model, String uuid) {}

    static List<Value> values() {
        List<Value> values = new ArrayList<>();
        for (JsonNode node : read("values.json")) {
            String canonical = text(node, "canonical");
            values.add(new Value(
                    ColumnType.parse(text(node, "type")),
                    text(node, "input"),
                    text(node, "decoded"),
                    canonical,
                    node.has("server") ? text(node, "server") : canonical));
        }
        return values;
    }

    static List<Key> keys() {
        List<Key> keys = new ArrayList<>();
        for (JsonNode node : read("keys.json")) {
            Map<String, ColumnType> types = new LinkedHashMap<>();
            Map<String, String> values = new LinkedHashMap<>();
            for (String column : node.get("types").propertyNames()) {
                types.put(column, ColumnType.parse(text(node.get("types"), column)));
                values.put(column, text(node.get("values"), column));
            }
            keys.add(new Key(types, values, text(node, "json")));
        }
        return keys;
    }

    static List<Derived> derivedKeys() {
        List<Derived> keys = new ArrayList<>();
        for (JsonNode node : read("derived-keys.json")) {
            keys.add(new Derived(
                    QualifiedName.parse(text(node, "table")),
                    text(node, "key"),
                    text(node, "model"),
                    text(node, "uuid")));
        }
        return keys;
    }

    private static String text(JsonNode node, String name) {
        return node.get(name).stringValue();
    }

    private static JsonNode read(String file) {
        try (InputStream in = requireNonNull(GoldenVectors.class.getResourceAsStream("/golden/" + file))) {
            return MAPPER.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
