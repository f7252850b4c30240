package io.shadowwrite.transform;

import static java.util.Objects.requireNonNull;

import io.shadowwrite.canonical.CanonicalKey;
import io.shadowwrite.contract.ColumnType;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.Expression;
import io.shadowwrite.contract.SourceTable;
import io.shadowwrite.contract.Write;
import io.shadowwrite.replication.ColumnValue;
import io.shadowwrite.replication.Row;
import io.shadowwrite.transform.Condition.Truth;
import io.shadowwrite.transform.TableCells.Referent;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rows of a source as far as the messages of one case have shown them. */
final class KnownRows {

    private final Contract contract;
    private final Map<String, Row> rows = new HashMap<>();
    private final Set<String> deleted = new HashSet<>();

    KnownRows(Contract contract) {
        this.contract = contract;
    }

    /** The row before a change; what the change itself tells of it, when its beginning was not shown. */
    Row before(SourceTable.Mapped table, RowLayout layout, Row identity) {
        return rows.getOrDefault(id(table, layout, identity), identity);
    }

    void remember(SourceTable.Mapped table, RowLayout layout, Row row) {
        String id = id(table, layout, row);
        rows.put(id, row);
        deleted.remove(id);
    }

    void forget(SourceTable.Mapped table, RowLayout layout, Row identity) {
        rows.remove(id(table, layout, identity));
    }

    void delete(SourceTable.Mapped table, RowLayout layout, Row identity) {
        forget(table, layout, identity);
        deleted.add(id(table, layout, identity));
    }

    private static String id(SourceTable.Mapped table, RowLayout layout, Row row) {
        return table.name() + SourceRow.of(layout, 0, row).key();
    }

    static Truth truth(RowLayout layout, Write write, Row row) {
        return new ConditionCompiler(layout).compile(write.condition()).of(SourceRow.of(layout, 0, row));
    }

    /** What a reference of a row points to; null when the case does not show it. */
    @Nullable Referent referent(RowLayout layout, Expression.Reference reference, Row row) {
        if (!(contract.source(reference.table()) instanceof SourceTable.Mapped target)) {
            return null;
        }
        Map<String, ColumnType> types = new LinkedHashMap<>();
        Map<String, String> texts = new LinkedHashMap<>();
        SourceRow known = SourceRow.of(layout, 0, row);
        for (Map.Entry<String, Expression.Column> part : reference.columns().entrySet()) {
            switch (known.get(layout.ordinal(part.getValue().name()))) {
                case ColumnValue.Text(String text) -> {
                    types.put(part.getKey(), requireNonNull(target.columns().get(part.getKey())));
                    texts.put(part.getKey(), text);
                }
                case ColumnValue.Null _ -> {
                    return Referent.NULL;
                }
                case null -> {
                    return null;
                }
            }
        }
        return state(target, reference.model(), target.name() + CanonicalKey.json(types, texts));
    }

    private @Nullable Referent state(SourceTable.Mapped target, String model, String id) {
        Row there = rows.get(id);
        if (there == null) {
            return deleted.contains(id) ? Referent.DELETED : null;
        }
        RowLayout layout = new RowLayout(target);
        boolean feedsTheModel = target.writes().stream()
                .anyMatch(write -> write.model().name().equals(model) && truth(layout, write, there) == Truth.HOLDS);
        return feedsTheModel ? Referent.PRESENT : Referent.FILTERED_OUT;
    }
}
