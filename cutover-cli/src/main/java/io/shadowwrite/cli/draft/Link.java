package io.shadowwrite.cli.draft;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A foreign key of the source whose parent has a place in the target: the parent's key, said in columns of the child.
 *
 * @param columns of the child
 * @param parent where the parent's rows go
 * @param parts by key column of the parent's model
 * @param own whether the parent's row and the child's are one row of the source
 */
record Link(List<String> columns, KeyPlan parent, Map<String, Part> parts, boolean own) {

    /** What a column of the child is in the target. */
    sealed interface Part {}

    /** A derived key. */
    record Reference(ObjectNode expression) implements Part {}

    /** A copied one. */
    record Copy(String column) implements Part {}

    /** From one place of a source row to another place of the same row. */
    static Optional<Link> own(KeyPlan parent) {
        CatalogTable table = parent.match().source();
        return of(new ForeignKey("", table.key(), table.name(), table.key(), false), parent, true);
    }

    /** The link; none when the foreign key does not hold what the parent's key is made of. */
    static Optional<Link> of(ForeignKey foreignKey, KeyPlan parent) {
        return of(foreignKey, parent, false);
    }

    private static Optional<Link> of(ForeignKey foreignKey, KeyPlan parent, boolean own) {
        Map<String, String> local = new HashMap<>();
        for (int i = 0; i < foreignKey.columns().size(); i++) {
            local.put(foreignKey.keyColumns().get(i), foreignKey.columns().get(i));
        }
        Map<String, Part> parts = new LinkedHashMap<>();
        parent.key().forEach((column, expression) -> {
            Part part = part(expression, parent, local);
            if (part != null) {
                parts.put(column, part);
            }
        });
        return parts.size() == parent.key().size()
                ? Optional.of(new Link(foreignKey.columns(), parent, parts, own))
                : Optional.empty();
    }

    private static @Nullable Part part(ObjectNode expression, KeyPlan parent, Map<String, String> local) {
        if (expression.has("derived")) {
            ObjectNode reference = JsonNodeFactory.instance.objectNode();
            ObjectNode columns = reference
                    .putObject("reference")
                    .put("table", parent.match().source().name().toString())
                    .put("model", parent.model())
                    .putObject("columns");
            List<String> key = parent.match().source().key();
            key.stream().filter(local::containsKey).forEach(column -> columns.put(column, local.get(column)));
            return columns.size() == key.size() && local.size() == key.size() ? new Reference(reference) : null;
        }
        if (expression.has("reference")) {
            ObjectNode reference = expression.deepCopy();
            ObjectNode columns = (ObjectNode) reference.path("reference").path("columns");
            for (Map.Entry<String, JsonNode> column : List.copyOf(columns.properties())) {
                String own = local.get(column.getValue().asString());
                if (own == null) {
                    return null;
                }
                columns.put(column.getKey(), own);
            }
            return new Reference(reference);
        }
        String own = local.get(expression.path("column").asString());
        return own == null ? null : new Copy(own);
    }

    boolean isDerived() {
        return parts.values().stream().allMatch(Reference.class::isInstance);
    }
}
