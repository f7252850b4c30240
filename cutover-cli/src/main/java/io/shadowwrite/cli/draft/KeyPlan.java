package io.shadowwrite.cli.draft;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * How the rows of a match are told apart in the target.
 *
 * @param model name of the model
 * @param key an expression for each key column of the model
 * @param derived whether the key is an identity of the suite's own
 * @param doubts what to make sure of, by key column
 */
record KeyPlan(
        TableMatch match, String model, Map<String, ObjectNode> key, boolean derived, Map<String, String> doubts) {

    KeyPlan {
        key = new LinkedHashMap<>(key);
        doubts = Map.copyOf(doubts);
    }

    List<String> columns() {
        return List.copyOf(key.keySet());
    }

    /** Columns of the source that the expressions read by name. */
    Set<String> uses() {
        Set<String> uses = new HashSet<>();
        for (ObjectNode expression : key.values()) {
            uses.addAll(expression.findValuesAsString("column"));
            expression.path("reference").path("columns").forEach(column -> uses.add(column.asString()));
        }
        return uses;
    }

    /** At least two references make a junction. */
    boolean isJunction() {
        return key.values().stream()
                        .filter(expression -> expression.has("reference"))
                        .count()
                >= 2;
    }
}
