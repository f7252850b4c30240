package io.shadowwrite.transform;

import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.Expression;
import io.shadowwrite.contract.Filter;
import io.shadowwrite.contract.SourceTable;
import io.shadowwrite.contract.TargetModel;
import io.shadowwrite.contract.Write;
import io.shadowwrite.transform.TableCells.Content;
import io.shadowwrite.transform.TableCells.Referent;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Every cell of a contract. */
final class ContractCells {

    static final List<String> OPERATIONS = List.of("insert", "update", "delete", "truncate");

    private final Contract contract;
    private final SortedSet<Cell> cells = new TreeSet<>();

    private ContractCells(Contract contract) {
        this.contract = contract;
    }

    static SortedSet<Cell> of(Contract contract) {
        ContractCells found = new ContractCells(contract);
        for (SourceTable table : contract.sources().values()) {
            switch (table) {
                case SourceTable.Mapped mapped -> found.addTable(new TableCells(mapped));
                case SourceTable.Unmapped unmapped ->
                    OPERATIONS.forEach(operation ->
                            found.cells.add(new Cell(unmapped.name().toString(), operation)));
            }
        }
        return found.cells;
    }

    private void addTable(TableCells names) {
        OPERATIONS.forEach(operation -> cells.add(names.operation(operation)));
        for (String column : names.table().key()) {
            cells.add(names.keyUpdate(column));
            if (names.isUnbounded(column)) {
                cells.add(names.keyOutOfLine(column));
            }
        }
        addComparisons(names, null, names.table().filter());
        for (Write write : names.table().writes()) {
            addComparisons(names, write, names.ownCondition(write));
            addWrite(names, write);
        }
    }

    private void addWrite(TableCells names, Write write) {
        boolean mayLieOutOfLine = !names.unboundedTaken(write).isEmpty();
        if (mayLieOutOfLine) {
            cells.add(names.moveWithoutLargeValues(write));
        }
        if (write.condition() != null) {
            addScopes(names, write);
            if (mayLieOutOfLine) {
                cells.add(names.entersWithoutLargeValues(write));
            }
        }
        if (write.model() instanceof TargetModel.Junction) {
            addPairs(names, write);
        }
        names.taken(write).forEach(column -> addTaken(names, write, column));
        names.maps(write).forEach((column, map) -> {
            map.entries().keySet().forEach(from -> cells.add(names.mapped(write, column, from)));
            cells.add(names.mapped(write, column, "anything else"));
        });
        names.references(write).forEach((column, reference) -> addReferents(names, write, column, reference));
    }

    private void addScopes(TableCells names, Write write) {
        for (String change : List.of("insert", "delete")) {
            cells.add(names.scope(write, change, "inside"));
            cells.add(names.scope(write, change, "outside"));
        }
        for (String change : List.of("update", "update of the key")) {
            for (String where : List.of("inside", "outside", "into", "out of")) {
                cells.add(names.scope(write, change, where));
            }
        }
    }

    private void addPairs(TableCells names, Write write) {
        cells.add(names.pair(write, "made"));
        cells.add(names.pair(write, "removed"));
        cells.add(names.pair(write, "kept"));
        write.model().key().forEach(column -> cells.add(names.pair(write, "moved by " + column)));
    }

    private void addTaken(TableCells names, Write write, String column) {
        cells.add(names.taken(write, column, Content.A_VALUE));
        if (!names.table().key().contains(column)) {
            cells.add(names.taken(write, column, Content.NULL));
            if (names.isUnbounded(column)) {
                cells.add(names.taken(write, column, Content.UNCHANGED_OUT_OF_LINE));
            }
        }
    }

    private void addReferents(TableCells names, Write write, String column, Expression.Reference reference) {
        cells.add(names.referent(write, column, Referent.PRESENT));
        if (names.isOwnRow(reference)) {
            return;
        }
        cells.add(names.referent(write, column, Referent.DELETED));
        if (names.mayBeNull(reference)) {
            cells.add(names.referent(write, column, Referent.NULL));
        }
        if (contract.source(reference.table()) instanceof SourceTable.Mapped target
                && target.writes().stream()
                        .anyMatch(
                                other -> other.model().name().equals(reference.model()) && other.condition() != null)) {
            cells.add(names.referent(write, column, Referent.FILTERED_OUT));
        }
    }

    /** A test for NULL is never NULL itself. */
    private void addComparisons(TableCells names, @Nullable Write write, @Nullable Filter filter) {
        for (Filter comparison : Comparisons.of(filter)) {
            switch (comparison) {
                case Filter.In in -> {
                    in.values().forEach(value -> cells.add(names.comparison(write, in, "true by " + value)));
                    cells.add(names.comparison(write, in, "null"));
                }
                case Filter.Compare compare -> {
                    cells.add(names.comparison(write, compare, "true"));
                    cells.add(names.comparison(write, compare, "null"));
                }
                case Filter.IsNull _, Filter.IsNotNull _, Filter.All _, Filter.Any _ ->
                    cells.add(names.comparison(write, comparison, "true"));
            }
            cells.add(names.comparison(write, comparison, "false"));
        }
    }
}
