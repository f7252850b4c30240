package io.shadowwrite.api.database;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.springframework.jdbc.support.SqlArrayValue;

/** Columns of a set as array parameters, one statement for all rows. */
public final class SqlArrays {

    private SqlArrays() {}

    public static SqlArrayValue text(List<? extends @Nullable String> values) {
        return new SqlArrayValue("text", (Object[]) values.toArray(new @Nullable String[0]));
    }

    public static SqlArrayValue bigint(List<? extends @Nullable Long> values) {
        return new SqlArrayValue("int8", (Object[]) values.toArray(new @Nullable Long[0]));
    }

    public static SqlArrayValue integer(List<Integer> values) {
        return new SqlArrayValue("int4", (Object[]) values.toArray(new Integer[0]));
    }

    /** For a parameter written {@code ?::pg_lsn[]}. */
    public static SqlArrayValue lsn(List<LogSequenceNumber> values) {
        return text(values.stream().map(LogSequenceNumber::asString).toList());
    }
}
