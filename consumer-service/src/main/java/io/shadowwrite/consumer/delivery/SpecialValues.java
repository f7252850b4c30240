package io.shadowwrite.consumer.delivery;

import static java.util.Objects.requireNonNull;

import io.shadowwrite.contract.ColumnType;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.SourceTable;
import io.shadowwrite.program.SourceLook;
import io.shadowwrite.replication.RowChange;
import io.shadowwrite.replication.SourceTransaction;
import io.shadowwrite.replication.TableName;
import io.shadowwrite.replication.source.SourceColumn;
import io.shadowwrite.replication.stream.Batch;
import io.shadowwrite.replication.stream.Part;
import io.shadowwrite.transform.TransformProblem;
import io.shadowwrite.transform.Transformer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds the changes whose NULL is no NULL: the log spells NaN and the infinities of float and numeric columns like it. In a
 * column that is NOT NULL it is one of them. Of any other the source is asked what the row holds now, once per batch and
 * table, and only where there is such a NULL at all.
 *
 * <p>The answer is about the present and the change is about its commit, and still no NaN ends up as NULL. The answer knows
 * the commit. Where the row holds none now, or is gone, either there never was one, or a later change of the row replaced
 * it; that change carries the column, comes behind this one, and is judged by itself. So a NULL can stand in for NaN only
 * until a later change that has already committed is applied, and the last change of a row is always judged by what it left.
 * Where the row holds one now, the change may be an older, true NULL: it is set aside with those that follow it, by name.
 *
 * <p>For one thread at a time, and one session: a column that becomes NOT NULL is known as such from the next one on, and
 * its older NULLs, if the log still brings them, are taken for special values.
 */
final class SpecialValues implements AutoCloseable {

    private final Map<TableName, SpecialColumns> tables;
    private final SpecialRows rows;

    private record Doubt(NamedChange name, long xid, RowChange change, List<String> key) {}

    private SpecialValues(Map<TableName, SpecialColumns> tables, SpecialRows rows) {
        this.tables = tables;
        this.rows = rows;
    }

    /**
     * Decides what to look at, and makes sure that it can be asked for.
     *
     * @param columns of the mapped tables, as the source has them
     * @throws io.shadowwrite.replication.StreamProblem when the source cannot be asked
     */
    static SpecialValues of(Contract contract, Transformer transformer, List<SourceColumn> columns, SpecialRows rows) {
        Map<TableName, SpecialColumns> tables = new HashMap<>();
        Map<TableName, List<SourceColumn>> live = columns.stream().collect(Collectors.groupingBy(SourceColumn::table));
        SourceLook.mapped(contract).forEach((name, table) -> {
            Set<String> inputs = transformer.inputs(name);
            SpecialColumns special = SpecialColumns.of(
                    table, live.getOrDefault(name, List.of()), column -> canBeSpecial(table, inputs, column.name()));
            if (!special.isEmpty()) {
                tables.put(name, special);
            }
        });
        tables.values().stream().filter(table -> !table.doubtful().isEmpty()).forEach(rows::probe);
        return new SpecialValues(tables, rows);
    }

    private static boolean canBeSpecial(SourceTable.Mapped table, Set<String> inputs, String column) {
        ColumnType type = table.columns().get(column);
        return type != null && inputs.contains(column) && type.kind().hasNaN();
    }

    /**
     * The changes of a batch that hold a special value, and why they cannot be expressed.
     *
     * @throws io.shadowwrite.replication.StreamProblem when the source cannot be asked
     */
    SpecialChanges in(Batch batch) throws InterruptedException {
        if (tables.isEmpty()) {
            return SpecialChanges.NONE;
        }
        Look look = new Look();
        for (SourceTransaction transaction : batch.transactions()) {
            for (RowChange change : transaction.changes()) {
                look.at(new NamedChange(transaction.commitLsn(), change.changeIndex()), transaction.xid(), change);
            }
        }
        return look.found();
    }

    /** The same for a part of a transaction. */
    SpecialChanges in(Part part) throws InterruptedException {
        if (tables.isEmpty()) {
            return SpecialChanges.NONE;
        }
        Look look = new Look();
        for (RowChange change : part.changes()) {
            look.at(new NamedChange(part.commitLsn(), change.changeIndex()), part.xid(), change);
        }
        return look.found();
    }

    @Override
    public void close() {
        rows.close();
    }

    /** One look at many changes: what is certain at once, and all doubts about a table together. */
    private final class Look {

        private final Map<NamedChange, TransformProblem> found = new HashMap<>();
        private final Map<TableName, Set<String>> certainties = new HashMap<>();
        private final Map<TableName, List<Doubt>> doubts = new HashMap<>();

        void at(NamedChange name, long xid, RowChange change) {
            SpecialColumns columns = tables.get(change.table());
            if (columns == null) {
                return;
            }
            String certain = columns.certainIn(change);
            if (certain != null) {
                certainties
                        .computeIfAbsent(change.table(), _ -> new HashSet<>())
                        .add(certain);
                found.put(name, TransformProblem.specialValue(change, certain));
                return;
            }
            List<String> key = columns.isDoubtful(change) ? columns.keyAfter(change) : null;
            if (key != null) {
                doubts.computeIfAbsent(change.table(), _ -> new ArrayList<>()).add(new Doubt(name, xid, change, key));
            }
        }

        SpecialChanges found() throws InterruptedException {
            certainties.forEach((table, columns) -> rows.requireNotNull(requireNonNull(tables.get(table)), columns));
            for (Map.Entry<TableName, List<Doubt>> table : doubts.entrySet()) {
                resolve(requireNonNull(tables.get(table.getKey())), table.getValue());
            }
            return new SpecialChanges(found);
        }

        private void resolve(SpecialColumns columns, List<Doubt> asked) throws InterruptedException {
            Set<Long> committed = new HashSet<>();
            asked.forEach(doubt -> committed.add(doubt.xid()));
            rows.ask(columns, committed, asked.stream().map(Doubt::key).toList())
                    .forEach((place, special) -> {
                        Doubt doubt = asked.get(place);
                        String column = columns.confirmed(doubt.change(), special);
                        if (column != null) {
                            found.put(doubt.name(), TransformProblem.specialValue(doubt.change(), column));
                        }
                    });
        }
    }
}
