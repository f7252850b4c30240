package io.shadowwrite.transform;

import io.shadowwrite.canonical.CanonicalValue;
import io.shadowwrite.contract.Filter;
import io.shadowwrite.contract.Write;
import io.shadowwrite.replication.ColumnValue;
import io.shadowwrite.replication.Row;
import io.shadowwrite.transform.Condition.Truth;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The comparisons that decide whether one row is in scope: with the opposite outcome of such a one the row would be on the
 * other side. One whose outcome makes no difference shows nothing.
 */
record DecidingComparisons(TableCells names, RowLayout layout, Row row) {

    void addTo(Set<Cell> cells) {
        add(cells, null, names.table().filter(), names.table().filter());
        for (Write write : names.table().writes()) {
            add(cells, write, names.ownCondition(write), write.condition());
        }
    }

    private void add(Set<Cell> cells, @Nullable Write write, @Nullable Filter own, @Nullable Filter whole) {
        if (whole == null || Comparisons.of(whole).stream().anyMatch(part -> truth(part) == Truth.UNKNOWN)) {
            return;
        }
        for (Filter comparison : Comparisons.of(own)) {
            if (Comparisons.decides(comparison, whole, part -> truth(part) == Truth.HOLDS)) {
                cells.add(names.comparison(write, comparison, outcome(comparison)));
            }
        }
    }

    private Truth truth(Filter comparison) {
        return new ConditionCompiler(layout).compile(comparison).of(SourceRow.of(layout, 0, row));
    }

    private String outcome(Filter comparison) {
        boolean holds = truth(comparison) == Truth.HOLDS;
        ColumnValue value = SourceRow.of(layout, 0, row).get(layout.ordinal(Comparisons.column(comparison)));
        return switch (comparison) {
            case Filter.IsNull _, Filter.IsNotNull _ -> String.valueOf(holds);
            case Filter.In in
            when holds && value instanceof ColumnValue.Text(String text) -> "true by " + hit(in, text);
            default -> value instanceof ColumnValue.Null ? "null" : String.valueOf(holds);
        };
    }

    private static String hit(Filter.In in, String text) {
        return in.values().stream()
                .filter(value -> ValueOrder.of(in.type()).compare(CanonicalValue.of(in.type(), value), text) == 0)
                .findFirst()
                .orElseThrow();
    }
}
