package io.shadowwrite.transform;

import io.shadowwrite.contract.ColumnType;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.Expression;
import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.contract.SourceTable;
import io.shadowwrite.contract.Write;
import io.shadowwrite.replication.ColumnValue;
import io.shadowwrite.replication.Row;
import io.shadowwrite.replication.RowChange;
import io.shadowwrite.testsupport.parity.ParityCase;
import io.shadowwrite.testsupport.parity.ParityStep;
import io.shadowwrite.transform.Condition.Truth;
import io.shadowwrite.transform.TableCells.Referent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The cells that a case exercises, found by following its messages and nothing else: what a case does not show of a row,
 * because it happened before, covers nothing.
 */
final class CaseCells {

    private final Contract contract;
    private final Set<String> shown;
    private final KnownRows rows;
    private final SortedSet<Cell> cells = new TreeSet<>();

    private CaseCells(Contract contract, Set<String> shown) {
        this.contract = contract;
        this.shown = shown;
        rows = new KnownRows(contract);
    }

    /**
     * The cells of one case.
     *
     * @param shown {@link #columns} of all cases: what is in none of them is not out of line but not there
     */
    static SortedSet<Cell> of(Contract contract, ParityCase one, Set<String> shown) {
        CaseCells found = new CaseCells(contract, shown);
        for (ParityStep step : one.transactions()) {
            ParityReplay.transaction(one, step).changes().forEach(found::follow);
        }
        return found.cells;
    }

    /** Every column that a message of a case names, as table and column. */
    static Set<String> columns(ParityCase one) {
        Set<String> columns = new TreeSet<>();
        for (ParityStep step : one.transactions()) {
            for (RowChange change : ParityReplay.transaction(one, step).changes()) {
                rows(change)
                        .forEach(row ->
                                row.columns().keySet().forEach(name -> columns.add(change.table() + "." + name)));
            }
        }
        return columns;
    }

    private static List<Row> rows(RowChange change) {
        return switch (change) {
            case RowChange.Insert insert -> List.of(insert.after());
            case RowChange.Update update -> List.of(update.after(), update.identity());
            case RowChange.Delete delete -> List.of(delete.identity());
            case RowChange.Truncate _ -> List.of();
        };
    }

    private void follow(RowChange change) {
        switch (contract.source(QualifiedName.parse(change.table().toString()))) {
            case SourceTable.Mapped mapped -> follow(new TableCells(mapped), new RowLayout(mapped), change);
            case SourceTable.Unmapped unmapped ->
                cells.add(new Cell(unmapped.name().toString(), operation(change)));
            case null -> throw new IllegalArgumentException("the contract does not know " + change.table());
        }
    }

    private static String operation(RowChange change) {
        return change.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    private void follow(TableCells names, RowLayout layout, RowChange change) {
        switch (change) {
            case RowChange.Insert insert -> {
                inserted(names, layout, insert.after());
                rows.remember(names.table(), layout, insert.after());
            }
            case RowChange.Update update -> {
                Row before = rows.before(names.table(), layout, update.identity());
                Row after = after(before, update);
                updated(names, layout, before, after, update);
                rows.forget(names.table(), layout, update.identity());
                rows.remember(names.table(), layout, after);
            }
            case RowChange.Delete delete -> {
                removed(names, layout, rows.before(names.table(), layout, delete.identity()));
                rows.delete(names.table(), layout, delete.identity());
            }
            case RowChange.Truncate _ -> cells.add(names.operation("truncate"));
        }
    }

    private void inserted(TableCells names, RowLayout layout, Row after) {
        for (Write write : names.table().writes()) {
            Truth truth = KnownRows.truth(layout, write, after);
            if (write.condition() != null && truth != Truth.UNKNOWN) {
                cells.add(names.scope(write, "insert", truth == Truth.HOLDS ? "inside" : "outside"));
            }
            if (truth == Truth.HOLDS) {
                cells.add(names.operation("insert"));
                cells.add(names.pair(write, "made"));
            }
            written(names, layout, write, after, after);
        }
        compared(names, layout, after);
    }

    private void removed(TableCells names, RowLayout layout, Row before) {
        for (Write write : names.table().writes()) {
            Truth truth = KnownRows.truth(layout, write, before);
            if (write.condition() != null && truth != Truth.UNKNOWN) {
                cells.add(names.scope(write, "delete", truth == Truth.HOLDS ? "inside" : "outside"));
            }
            if (truth == Truth.HOLDS) {
                cells.add(names.operation("delete"));
                cells.add(names.pair(write, "removed"));
                referred(names, layout, write, before, write.key().keySet());
            }
        }
    }

    private void updated(TableCells names, RowLayout layout, Row before, Row after, RowChange.Update update) {
        List<String> moved = names.table().key().stream()
                .filter(column -> !content(before, column).equals(content(after, column)))
                .toList();
        names.table().key().stream()
                .filter(column -> update.after().get(column) == null)
                .forEach(column -> cells.add(names.keyOutOfLine(column)));
        for (Write write : names.table().writes()) {
            Truth was = KnownRows.truth(layout, write, before);
            Truth is = KnownRows.truth(layout, write, after);
            if (write.condition() != null && was != Truth.UNKNOWN && is != Truth.UNKNOWN) {
                cells.add(names.scope(write, moved.isEmpty() ? "update" : "update of the key", where(was, is)));
            }
            if (is == Truth.HOLDS) {
                if (moved.size() == 1) {
                    cells.add(names.keyUpdate(moved.getFirst()));
                }
                if (moved.isEmpty()) {
                    cells.add(names.operation("update"));
                }
                withoutLargeValues(names, write, update, was, !moved.isEmpty());
                pairUpdated(names, write, moved);
            }
            written(names, layout, write, after, update.after());
        }
        compared(names, layout, after);
    }

    private static String where(Truth was, Truth is) {
        if (was == is) {
            return is == Truth.HOLDS ? "inside" : "outside";
        }
        return is == Truth.HOLDS ? "into" : "out of";
    }

    private void withoutLargeValues(TableCells names, Write write, RowChange.Update update, Truth was, boolean moved) {
        if (names.unboundedTaken(write).stream()
                .allMatch(column -> update.after().get(column) != null)) {
            return;
        }
        if (moved) {
            cells.add(names.moveWithoutLargeValues(write));
        } else if (was == Truth.FAILS) {
            cells.add(names.entersWithoutLargeValues(write));
        }
    }

    private void pairUpdated(TableCells names, Write write, List<String> moved) {
        List<String> movedBy = write.key().entrySet().stream()
                .filter(part -> Inputs.of(
                                List.of(part.getValue()), names.table().key())
                        .stream()
                        .anyMatch(moved::contains))
                .map(Map.Entry::getKey)
                .toList();
        if (movedBy.isEmpty()) {
            cells.add(names.pair(write, "kept"));
        } else if (movedBy.size() == 1) {
            cells.add(names.pair(write, "moved by " + movedBy.getFirst()));
        }
    }

    /** What the write takes of a row that is inside its condition; {@code sent} is what the new row carried of it. */
    private void written(TableCells names, RowLayout layout, Write write, Row after, Row sent) {
        if (KnownRows.truth(layout, write, after) != Truth.HOLDS) {
            return;
        }
        for (String column : names.taken(write)) {
            if (!shown.contains(names.table().name() + "." + column)) {
                continue;
            }
            cells.add(names.taken(
                    write,
                    column,
                    switch (sent.get(column)) {
                        case ColumnValue.Text _ -> TableCells.Content.A_VALUE;
                        case ColumnValue.Null _ -> TableCells.Content.NULL;
                        case null -> TableCells.Content.UNCHANGED_OUT_OF_LINE;
                    }));
        }
        names.maps(write).forEach((column, map) -> {
            if (mapInput(names, layout, write, map, after) instanceof ColumnValue.Text(String from)) {
                cells.add(names.mapped(write, column, map.entries().containsKey(from) ? from : "anything else"));
            }
        });
        referred(names, layout, write, after, write.model().columns().keySet());
    }

    private @Nullable ColumnValue mapInput(
            TableCells names, RowLayout layout, Write write, Expression.ValueMap map, Row row) {
        ColumnType text = ColumnType.parse("text");
        return new FormulaCompiler(
                        contract, names.table().name(), layout, write.model().name(), "a map")
                .compile(map.of(), text)
                .of(SourceRow.of(layout, 0, row));
    }

    private void referred(TableCells names, RowLayout layout, Write write, Row row, Set<String> targetColumns) {
        names.references(write).forEach((column, reference) -> {
            Referent referent = rows.referent(layout, reference, row);
            if (referent != null && targetColumns.contains(column)) {
                cells.add(names.referent(write, column, names.isOwnRow(reference) ? Referent.PRESENT : referent));
            }
        });
    }

    /** Which comparisons decided about a row that is known whole. */
    private void compared(TableCells names, RowLayout layout, Row row) {
        new DecidingComparisons(names, layout, row).addTo(cells);
    }

    private static Row after(Row before, RowChange.Update update) {
        Map<String, ColumnValue> columns = new LinkedHashMap<>(before.columns());
        columns.putAll(update.identity().columns());
        columns.putAll(update.after().columns());
        return new Row(columns);
    }

    private static ColumnValue content(Row row, String column) {
        ColumnValue value = row.get(column);
        return value == null ? ColumnValue.NULL : value;
    }
}
