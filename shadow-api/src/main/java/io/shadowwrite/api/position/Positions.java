package io.shadowwrite.api.position;

import io.shadowwrite.api.database.Codes;
import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.protocol.PositionReport;
import io.shadowwrite.protocol.ReaderPosition;
import io.shadowwrite.protocol.Side;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import org.postgresql.replication.LogSequenceNumber;

/** Reads {@code shadow.reader_position} and writes what a reader says of itself; its position is not said but stored. */
public final class Positions {

    private static final String ALL = "select * from shadow.reader_position order by side";

    /** A silence is counted when it is over: what was read in it has not been stored yet when the reader speaks again. */
    private static final String REPORT = """
            update shadow.reader_position
               set received = :received::pg_lsn,
                   flushed = :flushed::pg_lsn,
                   state = :state,
                   reason = :reason,
                   reported_at = clock_timestamp(),
                   streamed_at = case when :state = 'STREAMING' then clock_timestamp() else streamed_at end,
                   silences = silences
                                + case
                                    when :state = 'STREAMING'
                                     and streamed_at not between clock_timestamp() - interval '1 minute'
                                                             and clock_timestamp() + interval '1 minute'
                                    then 1
                                    else 0
                                  end
             where side = :side
            """;

    private final ShadowDatabase database;

    public Positions(ShadowDatabase database) {
        this.database = database;
    }

    /** Consumer first; empty when no window is open. */
    public List<ReaderPosition> all() {
        return database.jdbc().sql(ALL).query((row, _) -> read(row)).list();
    }

    /** One side's. */
    public ReaderPosition of(Side side) {
        return all().stream()
                .filter(position -> position.side() == side)
                .findFirst()
                .orElseThrow();
    }

    void store(PositionReport report) {
        database.jdbc()
                .sql(REPORT)
                .param("received", report.received().asString())
                .param("flushed", report.flushed().asString())
                .param("state", report.state())
                .param("reason", report.reason())
                .param("side", Codes.of(report.side()))
                .update();
    }

    private static ReaderPosition read(ResultSet row) throws SQLException {
        OffsetDateTime reported = row.getObject("reported_at", OffsetDateTime.class);
        return new ReaderPosition(
                row.getInt("side") == Codes.of(Side.CONSUMER) ? Side.CONSUMER : Side.VERIFIER,
                lsn(row, "position"),
                lsn(row, "received"),
                lsn(row, "flushed"),
                row.getString("state"),
                row.getString("reason"),
                reported == null ? null : reported.toInstant());
    }

    private static LogSequenceNumber lsn(ResultSet row, String column) throws SQLException {
        return LogSequenceNumber.valueOf(Objects.requireNonNull(row.getString(column)));
    }
}
