package io.shadowwrite.slotreader.reading;

import io.shadowwrite.canonical.CanonicalKey;
import io.shadowwrite.canonical.CanonicalValue;
import io.shadowwrite.contract.ColumnType;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.SourceTable;
import io.shadowwrite.replication.ColumnValue;
import io.shadowwrite.replication.Row;
import io.shadowwrite.replication.RowChange;
import io.shadowwrite.replication.TableName;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** The key under which a receipt is found again: names the row for people, and takes no part in the comparison. */
final class SourceKeys {

    /** A row of a table the contract does not map, or without its key: the digest alone identifies the event. */
    static final String NONE = "";

    private final Map<TableName, Map<String, ColumnType>> keyTypes = new HashMap<>();

    SourceKeys(Contract contract) {
        for (SourceTable table : contract.sources().values()) {
            switch (table) {
                case SourceTable.Mapped mapped ->
                    keyTypes.put(
                            new TableName(mapped.name().schema(), mapped.name().name()), keyTypes(mapped));
                case SourceTable.Unmapped _ -> {
                    // Attested like every other table, but nobody described its key.
                }
            }
        }
    }

    /** The canonical key of the row after the change (before it, for a delete). */
    String of(RowChange change) {
        return switch (change) {
            case RowChange.Insert insert -> key(insert.table(), insert.after(), Row.EMPTY);
            case RowChange.Update update -> key(update.table(), update.after(), update.identity());
            case RowChange.Delete delete -> key(delete.table(), delete.identity(), Row.EMPTY);
            case RowChange.Truncate _ -> NONE;
        };
    }

    /** A receipt never fails: what cannot be spelled is attested without a key, and the consumer says what is wrong. */
    private String key(TableName table, Row row, Row otherwise) {
        Map<String, ColumnType> types = keyTypes.get(table);
        if (types == null) {
            return NONE;
        }
        Map<String, String> values = HashMap.newHashMap(types.size());
        try {
            for (Map.Entry<String, ColumnType> column : types.entrySet()) {
                ColumnValue value = row.get(column.getKey());
                if (value == null) {
                    value = otherwise.get(column.getKey());
                }
                if (!(value instanceof ColumnValue.Text(String text))) {
                    return NONE;
                }
                values.put(column.getKey(), CanonicalValue.of(column.getValue(), text));
            }
            return CanonicalKey.json(types, values);
        } catch (IllegalArgumentException unrepresentable) {
            return NONE;
        }
    }

    private static Map<String, ColumnType> keyTypes(SourceTable.Mapped table) {
        Map<String, ColumnType> types = new LinkedHashMap<>();
        for (String column : table.key()) {
            ColumnType type = table.columns().get(column);
            if (type == null) {
                throw new IllegalArgumentException("the contract gives no type for key column " + column);
            }
            types.put(column, type);
        }
        return types;
    }
}
