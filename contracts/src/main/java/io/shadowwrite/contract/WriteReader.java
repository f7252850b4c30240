package io.shadowwrite.contract;

import io.shadowwrite.contract.SourceTable.Identity;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the writes of one source table. */
final class WriteReader {

    private final SourceShape shape;

    private final Map<String, TargetModel> models;

    private final Set<String> declaredModels;

    private final ExpressionReader expressions;

    private final FilterReader filters;

    WriteReader(
            SourceShape shape,
            Map<String, TargetModel> models,
            Set<String> declaredModels,
            ReferenceReader references) {
        this.shape = shape;
        this.models = models;
        this.declaredModels = declaredModels;
        this.expressions = new ExpressionReader(shape, references);
        this.filters = new FilterReader(shape);
    }

    /** The write; null when its model is not known well enough to read it. */
    @Nullable Write read(JsonTree tree, int index, @Nullable Filter tableFilter) {
        tree.members(List.of("model", "key", "set"), List.of("when"));
        Filter when = tree.has("when") ? filters.read(tree.get("when")) : null;
        String name = tree.get("model").text();
        TargetModel model = models.get(name);
        if (model == null) {
            if (tree.get("model").node().isString() && !declaredModels.contains(name)) {
                tree.get("model").problem("unknown model '%s'%s".formatted(name, Suggestion.of(name, declaredModels)));
            }
            return null;
        }
        Map<String, Expression> key = columns(tree.get("key"), model, model.key());
        List<String> others = model.columns().keySet().stream()
                .filter(column -> !model.key().contains(column))
                .toList();
        Map<String, Expression> values = columns(tree.get("set"), model, others);
        key.forEach((column, expression) -> checkKey(tree.get("key").get(column), expression));
        checkJunction(tree.get("key"), model, key);
        return new Write(index, model, both(tableFilter, when), key, values);
    }

    private static @Nullable Filter both(@Nullable Filter filter, @Nullable Filter when) {
        if (filter == null || when == null) {
            return filter == null ? when : filter;
        }
        return new Filter.All(List.of(filter, when));
    }

    /** An expression for each of the wanted columns of the model, and for no other. */
    private Map<String, Expression> columns(JsonTree tree, TargetModel model, Collection<String> wanted) {
        Map<String, Expression> read = new LinkedHashMap<>();
        tree.entries().forEach((column, value) -> {
            ColumnType type = model.columns().get(column);
            if (!wanted.contains(column)) {
                value.problem(misplaced(column, model, wanted));
            } else if (type != null) {
                Expression expression = expressions.read(value, Want.column(type));
                if (expression != null) {
                    read.put(column, expression);
                }
            }
        });
        if (tree.node().isObject()) {
            wanted.stream()
                    .filter(column -> !tree.has(column))
                    .forEach(column -> tree.problem(
                            "column '%s' of model %s is not set; give it an expression, or {\"constant\": null}"
                                    .formatted(column, model.name())));
        }
        return read;
    }

    private static String misplaced(String column, TargetModel model, Collection<String> wanted) {
        if (model.key().contains(column)) {
            return "'%s' is a key column of model %s; move it to \"key\"".formatted(column, model.name());
        }
        if (model.columns().containsKey(column)) {
            return "'%s' is no key column of model %s; move it to \"set\"".formatted(column, model.name());
        }
        return "model %s has no column '%s' here%s".formatted(model.name(), column, Suggestion.of(column, wanted));
    }

    private void checkKey(JsonTree place, Expression expression) {
        if (expression instanceof Expression.Constant constant && constant.value() == null) {
            place.problem("a key is never null; give it a value");
        }
        if (shape.identity() == Identity.FULL) {
            return;
        }
        for (String column : SourceColumns.of(expression)) {
            if (!shape.key().contains(column) && shape.columns().containsKey(column)) {
                place.problem("a deleted row of %s carries only its key, and '%s' is not part of it; use key columns,"
                                .formatted(shape.name(), column)
                        + " or set \"identity\": \"full\" and REPLICA IDENTITY FULL in the source");
            }
        }
    }

    private static void checkJunction(JsonTree place, TargetModel model, Map<String, Expression> key) {
        long references = key.values().stream()
                .filter(Expression.Reference.class::isInstance)
                .count();
        boolean complete = key.size() == model.key().size();
        if (model instanceof TargetModel.Junction && complete && references < 2) {
            place.problem("the key of junction %s needs at least two references, it has %d"
                    .formatted(model.name(), references));
        }
    }
}
