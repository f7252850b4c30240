package io.shadowwrite.transform;

import static java.util.Objects.requireNonNull;

import io.shadowwrite.contract.ColumnType;
import io.shadowwrite.contract.SourceTable;
import io.shadowwrite.replication.TableName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The columns of one source table by ordinal, so that a row is an array and not a map. Immutable. */
final class RowLayout {

    private final TableName table;
    private final List<String> names;
    private final List<ColumnType> types;
    private final Map<String, Integer> ordinals = new HashMap<>();
    private final Map<String, ColumnType> keyTypes = new LinkedHashMap<>();
    private final List<Integer> keyOrdinals;
    private final List<Integer> alwaysSent;

    RowLayout(SourceTable.Mapped source) {
        table = new TableName(source.name().schema(), source.name().name());
        names = List.copyOf(source.columns().keySet());
        types = List.copyOf(source.columns().values());
        names.forEach(name -> ordinals.put(name, ordinals.size()));
        source.key().forEach(name -> keyTypes.put(name, type(ordinal(name))));
        keyOrdinals = ordinalsOf(source.key());
        alwaysSent = IntStream.range(0, types.size())
                .filter(ordinal -> isFixedWidth(types.get(ordinal)))
                .boxed()
                .toList();
    }

    private static boolean isFixedWidth(ColumnType type) {
        return switch (type.kind()) {
            case BOOLEAN, INTEGER, FLOAT, UUID, DATE, TIME, TIMESTAMP, TIMESTAMPTZ, INTERVAL -> true;
            case DECIMAL, TEXT, BLANK_PADDED, BYTEA, JSON, JSONB, ARRAY, OTHER -> false;
        };
    }

    TableName table() {
        return table;
    }

    int size() {
        return names.size();
    }

    String name(int ordinal) {
        return names.get(ordinal);
    }

    ColumnType type(int ordinal) {
        return types.get(ordinal);
    }

    /** Ordinal of a column that the contract names. */
    int ordinal(String name) {
        return requireNonNull(ordinals.get(name), name);
    }

    List<Integer> ordinalsOf(Iterable<String> columns) {
        List<Integer> found = new ArrayList<>();
        columns.forEach(column -> found.add(ordinal(column)));
        return List.copyOf(found);
    }

    /** Ordinal of a column that the source names, or null when the contract has no such column. */
    @Nullable Integer find(String name) {
        return ordinals.get(name);
    }

    /** Key columns, in contract order. */
    List<String> key() {
        return List.copyOf(keyTypes.keySet());
    }

    Map<String, ColumnType> keyTypes() {
        return keyTypes;
    }

    List<Integer> keyOrdinals() {
        return keyOrdinals;
    }

    /** Whether the column can hold NaN, which the log spells like NULL. */
    boolean canBeSpecial(int ordinal) {
        return types.get(ordinal).kind().hasNaN();
    }

    /** Columns that are never stored out of line, so that every whole row has them. */
    List<Integer> alwaysSent() {
        return alwaysSent;
    }
}
