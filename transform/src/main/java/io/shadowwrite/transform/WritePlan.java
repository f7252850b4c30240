package io.shadowwrite.transform;

import static java.util.Objects.requireNonNull;

import io.shadowwrite.contract.ColumnType;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.Expression;
import io.shadowwrite.contract.SourceTable;
import io.shadowwrite.contract.Write;
import io.shadowwrite.protocol.Action;
import io.shadowwrite.protocol.ShadowWrite;
import io.shadowwrite.replication.ColumnValue;
import io.shadowwrite.transform.Condition.Truth;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One write of a source table, ready to run: each is judged by itself, whatever the other writes of the row do.
 *
 * @param keyInputs source columns that decide the target key
 * @param conditionText the condition's columns, for messages
 */
record WritePlan(
        RowLayout layout,
        int index,
        String model,
        Condition condition,
        String conditionText,
        List<Target> key,
        List<Integer> keyInputs,
        List<Target> values) {

    /** A target column and where its value comes from. */
    record Target(String column, Expression expression, Formula formula) {}

    static WritePlan of(Contract contract, SourceTable.Mapped source, RowLayout layout, Write write) {
        return new WritePlan(
                layout,
                write.index(),
                write.model().name(),
                new ConditionCompiler(layout).compile(write.condition()),
                Inputs.of(write.condition()).toString(),
                targets(contract, source, layout, write, write.key()),
                layout.ordinalsOf(Inputs.of(write.key().values(), source.key())),
                targets(contract, source, layout, write, write.values()));
    }

    private static List<Target> targets(
            Contract contract,
            SourceTable.Mapped source,
            RowLayout layout,
            Write write,
            Map<String, Expression> expressions) {
        String model = write.model().name();
        List<Target> targets = new ArrayList<>();
        expressions.forEach((column, expression) -> {
            ColumnType type = requireNonNull(write.model().columns().get(column), column);
            String place = "column %s of model %s".formatted(column, model);
            targets.add(new Target(
                    column,
                    expression,
                    new FormulaCompiler(contract, source.name(), layout, model, place).compile(expression, type)));
        });
        return List.copyOf(targets);
    }

    void addTo(List<ShadowWrite> writes, Transition transition) {
        switch (transition) {
            case Transition.Created(SourceRow after) -> {
                if (isInScope(after)) {
                    // Of a new row everything was sent, so no old one is asked.
                    writes.add(upsert(requireKey(after), after, after, null));
                }
            }
            case Transition.Changed(SourceRow before, SourceRow after) -> addChanged(writes, before, after);
            case Transition.Gone(SourceRow before) -> {
                Map<String, String> key = formerKey(before);
                if (key != null) {
                    writes.add(remove(key));
                }
            }
        }
    }

    private void addChanged(List<ShadowWrite> writes, SourceRow before, SourceRow after) {
        Map<String, String> key = isInScope(after) ? requireKey(after) : null;
        Map<String, String> former =
                key != null && before.agreesWith(after, keyInputs) && !wasOutOfScope(before) ? key : formerKey(before);
        boolean moved = former != null && !former.equals(key);
        if (moved) {
            writes.add(remove(requireNonNull(former)));
        }
        if (key != null) {
            writes.add(upsert(key, before, after, moved ? former : null));
        }
    }

    private boolean isInScope(SourceRow after) {
        return switch (condition.of(after)) {
            case HOLDS -> true;
            case FAILS -> false;
            case UNKNOWN ->
                throw after.problem(
                        TransformProblem.Code.FILTER_COLUMN_UNCHANGED,
                        "the condition of model %s needs %s, of which the source did not send everything"
                                .formatted(model, conditionText));
        };
    }

    /** Of a row that only may have been out of scope, the target is asked by removing what may be there. */
    private boolean wasOutOfScope(SourceRow before) {
        return condition.of(before) == Truth.FAILS && condition.of(before.withoutDoubt()) == Truth.FAILS;
    }

    private Map<String, String> requireKey(SourceRow after) {
        Map<String, String> texts = new LinkedHashMap<>();
        String missing = keyTexts(after, texts);
        if (missing != null) {
            throw after.problem(
                    TransformProblem.Code.KEY_IS_NULL,
                    "key column %s of model %s would be NULL".formatted(missing, model));
        }
        return Collections.unmodifiableMap(texts);
    }

    /**
     * The key under which the row may have been mapped before the change; null when it was not: outside the condition,
     * or with a part of its key NULL.
     */
    private @Nullable Map<String, String> formerKey(SourceRow before) {
        if (wasOutOfScope(before)) {
            return null;
        }
        Map<String, String> texts = new LinkedHashMap<>();
        return keyTexts(before, texts) == null ? Collections.unmodifiableMap(texts) : null;
    }

    /** Fills in the texts; answers the first column that is NULL. */
    private @Nullable String keyTexts(SourceRow row, Map<String, String> texts) {
        for (Target target : key) {
            switch (target.formula.of(row)) {
                case ColumnValue.Text(String text) -> texts.put(target.column, text);
                case ColumnValue.Null _ -> {
                    return target.column;
                }
                case null ->
                    throw row.problem(
                            TransformProblem.Code.IDENTITY_MISSING,
                            "key column %s of model %s takes a column that the change does not carry"
                                    .formatted(target.column, model));
            }
        }
        return null;
    }

    private ShadowWrite remove(Map<String, String> target) {
        return new ShadowWrite(index, model, Action.REMOVE, target, Map.of(), null);
    }

    private ShadowWrite upsert(
            Map<String, String> target, SourceRow before, SourceRow after, @Nullable Map<String, String> former) {
        Map<String, @Nullable String> sent = LinkedHashMap.newLinkedHashMap(values.size());
        for (Target value : values) {
            switch (value.formula.of(after)) {
                case ColumnValue.Text(String text) -> sent.put(value.column, text);
                case ColumnValue.Null _ -> sent.put(value.column, null);
                case null -> requireUnchanged(value, before, after);
            }
        }
        // What is left out is unchanged: the target keeps what it has.
        boolean complete = sent.size() == values.size();
        return new ShadowWrite(
                index, model, Action.UPSERT, target, Collections.unmodifiableMap(sent), complete ? null : former);
    }

    private void requireUnchanged(Target value, SourceRow before, SourceRow after) {
        if (!new KeptValue(layout, before, after).isRight(value.expression)) {
            throw after.problem(
                    TransformProblem.Code.VALUE_PARTLY_UNCHANGED,
                    "column %s of model %s takes %s, of which the source sent only a part"
                            .formatted(value.column, model, Inputs.of(List.of(value.expression), layout.key())));
        }
    }
}
