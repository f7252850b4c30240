package io.shadowwrite.consumer.delivery;

import io.shadowwrite.contract.ColumnType;
import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.contract.SourceTable;
import io.shadowwrite.replication.ColumnValue;
import io.shadowwrite.replication.Row;
import io.shadowwrite.replication.RowChange;
import io.shadowwrite.replication.source.SourceColumn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The columns of one source table whose NULL may stand for NaN or an infinity, and how to ask for them. Immutable.
 *
 * @param key the key of the contract
 * @param keyOnly those of the key among {@code certain}, of which a change carries the old state as well
 * @param certain columns that cannot be NULL, so that what looks like it is not
 * @param doubtful columns that can
 */
record SpecialColumns(
        QualifiedName table, List<KeyColumn> key, List<String> keyOnly, List<String> certain, List<String> doubtful) {

    /**
     * A column of the key.
     *
     * @param type what its texts are read as
     * @param equality the operator that its index knows
     */
    record KeyColumn(String name, ColumnType type, String equality) {

        String equalTo(String text) {
            return "r.%s %s %s::%s".formatted(QualifiedName.quote(name), equality, text, type.sql());
        }

        /** As the type reads it: without its prefix, hex of the log would be other bytes, and find no row. */
        String spelled(String text) {
            return type.kind() == ColumnType.Kind.BYTEA ? "\\x" + text : text;
        }
    }

    /** Sorts the columns of a table that can be special; those of the key find its rows. */
    static SpecialColumns of(SourceTable.Mapped table, List<SourceColumn> live, Predicate<SourceColumn> special) {
        Map<String, KeyColumn> key = new HashMap<>();
        List<String> certain = new ArrayList<>();
        List<String> doubtful = new ArrayList<>();
        for (SourceColumn column : live) {
            ColumnType type = table.columns().get(column.name());
            if (type != null && table.key().contains(column.name())) {
                key.put(column.name(), new KeyColumn(column.name(), type, column.equality()));
            }
            if (special.test(column)) {
                (column.notNull() ? certain : doubtful).add(column.name());
            }
        }
        return new SpecialColumns(
                table.name(),
                table.key().stream()
                        .map(name -> Objects.requireNonNull(key.get(name)))
                        .toList(),
                certain.stream().filter(key::containsKey).toList(),
                certain,
                doubtful);
    }

    /** Whether there is nothing to look at. */
    boolean isEmpty() {
        return certain.isEmpty() && doubtful.isEmpty();
    }

    /** A column of the change that holds a special value for sure; null when there is none. */
    @Nullable String certainIn(RowChange change) {
        return switch (change) {
            case RowChange.Insert insert -> firstNull(insert.after(), certain);
            case RowChange.Update update -> {
                String after = firstNull(update.after(), certain);
                yield after == null ? firstNull(update.identity(), keyOnly) : after;
            }
            case RowChange.Delete delete -> firstNull(delete.identity(), keyOnly);
            case RowChange.Truncate _ -> null;
        };
    }

    /** Whether the row after the change has to be asked for. */
    boolean isDoubtful(RowChange change) {
        return switch (change) {
            case RowChange.Insert insert -> firstNull(insert.after(), doubtful) != null;
            case RowChange.Update update -> firstNull(update.after(), doubtful) != null;
            case RowChange.Delete _, RowChange.Truncate _ -> false;
        };
    }

    /** The first column that looked like NULL in the change and is special by the source's answer; null when there is none. */
    @Nullable String confirmed(RowChange change, Boolean[] special) {
        Row after = switch (change) {
            case RowChange.Insert insert -> insert.after();
            case RowChange.Update update -> update.after();
            case RowChange.Delete _, RowChange.Truncate _ -> Row.EMPTY;
        };
        for (int place = 0; place < doubtful.size(); place++) {
            if (special[place] && after.get(doubtful.get(place)) instanceof ColumnValue.Null) {
                return doubtful.get(place);
            }
        }
        return null;
    }

    private static @Nullable String firstNull(Row row, List<String> columns) {
        for (String column : columns) {
            if (row.get(column) instanceof ColumnValue.Null) {
                return column;
            }
        }
        return null;
    }

    /** Where the row after the change is found, in the order of the key; null when the change does not say. */
    @Nullable List<String> keyAfter(RowChange change) {
        return switch (change) {
            case RowChange.Insert insert -> keyOf(insert.after(), Row.EMPTY);
            case RowChange.Update update -> keyOf(update.after(), update.identity());
            case RowChange.Delete _, RowChange.Truncate _ -> null;
        };
    }

    private @Nullable List<String> keyOf(Row row, Row otherwise) {
        List<String> texts = new ArrayList<>(key.size());
        for (KeyColumn column : key) {
            ColumnValue value = row.get(column.name()) == null ? otherwise.get(column.name()) : row.get(column.name());
            if (!(value instanceof ColumnValue.Text(String text))) {
                return null;
            }
            texts.add(column.spelled(text));
        }
        return texts;
    }

    /**
     * The question which of the doubtful columns hold a special value now, as an array of truth values in their order. Its
     * parameters are arrays: the places of the changes, then the texts of each key column.
     */
    String question() {
        return """
                SELECT asked.place, ARRAY[%s]
                  FROM unnest(?::int[]%s) AS asked (place%s)
                  JOIN %s r ON %s
                 WHERE %s
                """.formatted(
                doubtful.stream().map(SpecialColumns::isSpecial).collect(Collectors.joining(", ")),
                ", ?::text[]".repeat(key.size()),
                IntStream.range(0, key.size()).mapToObj(place -> ", k" + place).collect(Collectors.joining()),
                table.quoted(),
                IntStream.range(0, key.size())
                        .mapToObj(place -> key.get(place).equalTo("asked.k" + place))
                        .collect(Collectors.joining(" AND ")),
                doubtful.stream().map(SpecialColumns::isSpecial).collect(Collectors.joining(" OR ")));
    }

    private static String isSpecial(String column) {
        return "coalesce(r.%s IN ('NaN', 'Infinity', '-Infinity'), false)".formatted(QualifiedName.quote(column));
    }
}
