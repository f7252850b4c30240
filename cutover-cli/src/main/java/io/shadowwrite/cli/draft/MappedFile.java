package io.shadowwrite.cli.draft;

import io.shadowwrite.cli.draft.TargetTable.Column;
import io.shadowwrite.cli.draft.TargetTable.Validity;
import io.shadowwrite.contract.QualifiedName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The draft as it grows. */
final class MappedFile {

    private final ObjectNode root = new JsonMapper().createObjectNode();
    private final ObjectNode models;
    private final ObjectNode sources;
    private final List<String> decisions = new ArrayList<>();

    MappedFile(String name) {
        root.put("version", 1).put("name", name);
        models = root.putObject("models");
        sources = root.putObject("sources");
    }

    ObjectNode root() {
        return root;
    }

    List<String> decisions() {
        return decisions;
    }

    void unmapped(QualifiedName table, String reason) {
        sources.putObject(table.toString()).put("unmapped", reason);
    }

    /** A table that has at least one write, which are still to come. */
    void add(CatalogTable table) {
        ObjectNode source = sources.putObject(table.name().toString());
        ObjectNode columns = source.putObject("columns");
        table.columns().forEach(column -> columns.put(column.name(), column.type()));
        ArrayNode key = source.putArray("key");
        table.key().forEach(key::add);
        source.put("identity", table.identity().name().toLowerCase(Locale.ROOT));
        source.putArray("writes");
    }

    /** A model and the write to it; the number of the write within its table. */
    int add(KeyPlan plan, Map<String, Assigned> assigned) {
        TableMatch match = plan.match();
        ObjectNode model = models.putObject(plan.model());
        Validity validity = match.target().validity();
        model.put("kind", validity != null ? "scd2" : plan.isJunction() ? "junction" : "crud");
        model.put("table", match.target().name().toString());
        ArrayNode key = model.putArray("key");
        plan.columns().forEach(key::add);
        ObjectNode columns = model.putObject("columns");
        for (Column column : match.target().columns()) {
            if (plan.key().containsKey(column.name()) || assigned.containsKey(column.name())) {
                columns.put(column.name(), column.type());
            }
        }
        if (validity != null) {
            model.put("valid_from", validity.from()).put("valid_to", validity.to());
            match.archived().ifPresent(archived -> model.put("archived", archived));
            model.put("on_delete", match.archived().isPresent() ? "archive" : "close");
        }
        ArrayNode writes =
                (ArrayNode) sources.path(match.source().name().toString()).path("writes");
        ObjectNode write = writes.addObject().put("model", plan.model());
        ObjectNode keys = write.putObject("key");
        plan.key().forEach(keys::set);
        ObjectNode set = write.putObject("set");
        columns.propertyNames().stream()
                .filter(assigned::containsKey)
                .forEach(name ->
                        set.set(name, Objects.requireNonNull(assigned.get(name)).expression()));
        decided(plan, model.path("kind").asString(), assigned);
        return writes.size() - 1;
    }

    private void decided(KeyPlan plan, String kind, Map<String, Assigned> assigned) {
        TableMatch match = plan.match();
        String how = plan.derived()
                ? "derived"
                : plan.key().values().stream().anyMatch(part -> part.has("reference")) ? "composed" : "copied";
        decisions.add("%s -> %s: %s; %s, key %s %s"
                .formatted(
                        match.source().name(),
                        match.target().name(),
                        match.rule(),
                        kind,
                        String.join(", ", plan.columns()),
                        how));
        assigned.forEach((column, value) -> {
            if (value.rule() != null) {
                decisions.add("  %s from %s: %s".formatted(column, String.join(", ", value.uses()), value.rule()));
            }
        });
    }

    /** Takes out what the reader of contracts refuses, and says so; what is left can be loaded. */
    List<Todo> settle() {
        return new Settling(root).settle();
    }
}
