package io.shadowwrite.api.retention;

import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.protocol.LedgerExtent;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** Tells how much of the ledger there is; reads catalogs and keys, and no receipt. Thread-safe. */
public final class LedgerReport {

    private static final String READ = """
            select (select dropped_below::text from shadow.conservation) as dropped_below,
                   (select to_lsn::text
                      from shadow.attestation
                     order by from_lsn desc, to_lsn desc
                     limit 1) as attested_below,
                   count(*) as partitions,
                   coalesce(sum(pg_total_relation_size(i.inhrelid)), 0)::bigint as bytes
              from pg_inherits i
             where i.inhparent = 'shadow.event_ledger'::regclass
            """;

    private final ShadowDatabase database;

    public LedgerReport(ShadowDatabase database) {
        this.database = database;
    }

    public LedgerExtent now() {
        return database.jdbc().sql(READ).query((row, _) -> read(row)).single();
    }

    private static LedgerExtent read(ResultSet row) throws SQLException {
        LogSequenceNumber dropped = lsn(row, "dropped_below");
        return new LedgerExtent(
                dropped == null || dropped.asLong() == 0 ? null : dropped,
                lsn(row, "attested_below"),
                row.getInt("partitions"),
                row.getLong("bytes"));
    }

    private static @Nullable LogSequenceNumber lsn(ResultSet row, String column) throws SQLException {
        String text = row.getString(column);
        return text == null ? null : LogSequenceNumber.valueOf(text);
    }
}
