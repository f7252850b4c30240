package io.shadowwrite.consumer.delivery;

import io.shadowwrite.protocol.WireJson;
import io.shadowwrite.replication.ColumnValue;
import io.shadowwrite.replication.Row;
import io.shadowwrite.replication.RowChange;
import io.shadowwrite.replication.SourceTransaction;
import io.shadowwrite.replication.stream.Part;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** A change in its transaction, as the source sent it. */
record DecodedChange(
        LogSequenceNumber commitLsn, LogSequenceNumber endLsn, long xid, Instant committedAt, RowChange change) {

    static DecodedChange of(SourceTransaction transaction, RowChange change) {
        return new DecodedChange(
                transaction.commitLsn(), transaction.endLsn(), transaction.xid(), transaction.committedAt(), change);
    }

    static DecodedChange of(Part part, RowChange change) {
        return new DecodedChange(part.commitLsn(), part.endLsn(), part.xid(), part.committedAt(), change);
    }

    /** Everything that was sent of the change, for a person who has to write down what shall become of it. */
    String payload() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("table", change.leaf().toString());
        switch (change) {
            case RowChange.Insert insert -> describe(json, "insert", insert.after(), Row.EMPTY);
            case RowChange.Update update -> describe(json, "update", update.after(), update.identity());
            case RowChange.Delete delete -> describe(json, "delete", Row.EMPTY, delete.identity());
            case RowChange.Truncate _ -> describe(json, "truncate", Row.EMPTY, Row.EMPTY);
        }
        return WireJson.mapper().writeValueAsString(json);
    }

    private static void describe(Map<String, Object> json, String action, Row after, Row identity) {
        json.put("action", action);
        if (!after.isEmpty()) {
            json.put("columns", texts(after));
        }
        if (!identity.isEmpty()) {
            json.put("identity", texts(identity));
        }
    }

    private static Map<String, @Nullable String> texts(Row row) {
        Map<String, @Nullable String> texts = new LinkedHashMap<>();
        row.columns()
                .forEach((name, value) -> texts.put(
                        name,
                        switch (value) {
                            case ColumnValue.Text(String text) -> text;
                            case ColumnValue.Null _ -> null;
                        }));
        return texts;
    }
}
