package io.shadowwrite.transform;

import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.ContractReader;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.replication.ColumnValue;
import io.shadowwrite.replication.Row;
import io.shadowwrite.replication.RowChange;
import io.shadowwrite.replication.TableName;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** Small contracts, rows and changes, spelled briefly. */
final class Fixture {

    static final LogSequenceNumber COMMIT = LogSequenceNumber.valueOf(7000L);

    private Fixture() {}

    static Contract contract(String json) {
        return new ContractReader().read("test", json.getBytes(StandardCharsets.UTF_8));
    }

    /** A contract with one column {@code c} and one target column {@code v} beside the keys. */
    static Transformer oneColumn(String sourceType, String targetType, String expression) {
        return new Transformer(contract("""
                {"version": 1, "name": "t",
                 "models": {"M": {"kind": "crud", "table": "t.m", "key": ["id"],
                   "columns": {"id": "bigint", "v": "%s"}}},
                 "sources": {
                   "s.row": {"columns": {"id": "bigint", "c": "%s", "d": "%s"}, "key": ["id"], "identity": "default",
                     "writes": [{"model": "M", "key": {"id": {"column": "id"}}, "set": {"v": %s}}]}}}
                """.formatted(targetType, sourceType, sourceType, expression)));
    }

    static TableName table(String name) {
        return TableName.parse(name);
    }

    /** A row from names and values in turn; null stands for NULL. */
    static Row row(@Nullable String... namesAndValues) {
        Map<String, ColumnValue> columns = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            String text = namesAndValues[i + 1];
            columns.put(
                    String.valueOf(namesAndValues[i]), text == null ? ColumnValue.NULL : new ColumnValue.Text(text));
        }
        return new Row(columns);
    }

    static RowChange insert(String table, Row after) {
        return new RowChange.Insert(3, table(table), table(table), after);
    }

    static RowChange update(String table, Row after, Row identity) {
        return new RowChange.Update(3, table(table), table(table), after, identity);
    }

    static RowChange delete(String table, Row identity) {
        return new RowChange.Delete(3, table(table), table(table), identity);
    }

    static ChangeWrites apply(Transformer transformer, RowChange change) {
        return transformer.transform(COMMIT, change);
    }

    static List<String> summary(ChangeWrites change) {
        return change.writes().stream()
                .map(write -> write.writeIndex() + " " + write.action() + " " + write.model() + " " + write.key() + " "
                        + write.values() + (write.carryFrom() == null ? "" : " from " + write.carryFrom()))
                .toList();
    }
}
