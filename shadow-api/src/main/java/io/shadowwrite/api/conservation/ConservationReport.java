package io.shadowwrite.api.conservation;

import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.protocol.Conservation;
import io.shadowwrite.protocol.UnconservedTransaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** Tells what was counted; looks at no receipt. Thread-safe. */
public final class ConservationReport {

    private static final String READ = """
            select c.from_lsn, c.below_lsn, c.checked_at,
                   c.decoded + b.decoded as decoded,
                   c.applied + b.applied as applied,
                   c.no_op + b.no_op as no_op,
                   c.filtered + b.filtered as filtered,
                   c.parked + b.parked as parked,
                   b.difference,
                   b.transactions,
                   f.commit_lsn,
                   f.detail
              from shadow.conservation c
             cross join (select count(*) as transactions,
                                coalesce(sum(decoded), 0) as decoded,
                                coalesce(sum(applied), 0) as applied,
                                coalesce(sum(no_op), 0) as no_op,
                                coalesce(sum(filtered), 0) as filtered,
                                coalesce(sum(parked), 0) as parked,
                                coalesce(sum(abs(decoded - applied - no_op - filtered - parked)), 0) as difference
                           from shadow.unconserved) b
              left join (select commit_lsn, detail
                           from shadow.unconserved
                          order by commit_lsn
                          limit 1) f on true
            """;

    private final ShadowDatabase database;

    public ConservationReport(ShadowDatabase database) {
        this.database = database;
    }

    /** Empty until something was counted. */
    public Optional<Conservation> now() {
        return database.jdbc().sql(READ).query((row, _) -> read(row)).optional();
    }

    private static Conservation read(ResultSet row) throws SQLException {
        LogSequenceNumber from = lsn(row, "from_lsn");
        LogSequenceNumber below = lsn(row, "below_lsn");
        long broken = row.getLong("transactions");
        OffsetDateTime checked = row.getObject("checked_at", OffsetDateTime.class);
        return new Conservation(
                from,
                below,
                row.getLong("decoded"),
                row.getLong("applied"),
                row.getLong("no_op"),
                row.getLong("filtered"),
                row.getLong("parked"),
                row.getLong("difference"),
                from.equals(below) ? null : broken == 0,
                broken,
                broken == 0 ? null : first(row),
                checked == null ? null : checked.toInstant());
    }

    private static @Nullable UnconservedTransaction first(ResultSet row) throws SQLException {
        return new UnconservedTransaction(lsn(row, "commit_lsn"), Objects.requireNonNull(row.getString("detail")));
    }

    private static LogSequenceNumber lsn(ResultSet row, String column) throws SQLException {
        return LogSequenceNumber.valueOf(Objects.requireNonNull(row.getString(column)));
    }
}
