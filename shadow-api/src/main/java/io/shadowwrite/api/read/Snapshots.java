package io.shadowwrite.api.read;

import io.shadowwrite.api.database.ReadDatabase;
import io.shadowwrite.api.window.Windows;
import io.shadowwrite.protocol.LsnText;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Opens snapshots and knows their position: the writer stores it in the transaction that writes the rows, so a snapshot
 * that sees the one sees the other. Takes no lock that a writer could wait for. Thread-safe.
 */
public final class Snapshots {

    private static final String POSITION = """
            select p.position, greatest(b.consumer_baseline, c.dropped_below), b.writes_beside
              from shadow.backfill_state b
              join shadow.reader_position p on p.side = 1
              left join shadow.conservation c on true
            """;

    /** Every statement of a page or a look-up finds single keys or reads on in key order, also before any statistics. */
    private static final String BY_INDEX = """
            select set_config('enable_seqscan', 'off', true),
                   set_config('enable_bitmapscan', 'off', true)
            """;

    private final ReadDatabase database;

    public Snapshots(ReadDatabase database) {
        this.database = database;
    }

    /**
     * Reads by index.
     *
     * @param asOf the position must have reached it; null when any will do
     * @throws ShadowProblem WINDOW_NOT_OPEN, POSITION_BEHIND, READERS_BUSY, READ_TOO_LONG
     */
    public <T> T byIndex(@Nullable LogSequenceNumber asOf, Function<Snapshot, T> work) {
        return byIndex(asOf, database.limits().statementTimeout(), work);
    }

    /** As {@link #byIndex}, for statements that may take as long as a scan. */
    <T> T streaming(LogSequenceNumber asOf, Function<Snapshot, T> work) {
        return byIndex(asOf, database.limits().scanTimeout(), work);
    }

    private <T> T byIndex(@Nullable LogSequenceNumber asOf, Duration timeout, Function<Snapshot, T> work) {
        return database.inSnapshot(timeout, () -> {
            Snapshot snapshot = position(asOf);
            database.jdbc().sql(BY_INDEX).query(row -> {});
            return work.apply(snapshot);
        });
    }

    /** Reads whole tables. */
    <T> T scanning(LogSequenceNumber asOf, Function<Snapshot, T> work) {
        return database.inSnapshot(database.limits().scanTimeout(), () -> work.apply(position(asOf)));
    }

    private Snapshot position(@Nullable LogSequenceNumber asOf) {
        Snapshot snapshot = database.jdbc()
                .sql(POSITION)
                .query((row, _) -> new Snapshot(lsn(row, 1), lsn(row, 2), row.getLong(3)))
                .optional()
                .orElseThrow(Windows::notOpen);
        if (asOf != null && snapshot.position().compareTo(asOf) < 0) {
            String at = LsnText.of(snapshot.position());
            throw new ShadowProblem(
                    ProblemType.POSITION_BEHIND,
                    "the consumer is at %s and not yet at as_of_lsn %s; ask again later"
                            .formatted(at, LsnText.of(asOf)),
                    Map.of("position", at),
                    null);
        }
        return snapshot;
    }

    private static LogSequenceNumber lsn(ResultSet row, int column) throws SQLException {
        return LogSequenceNumber.valueOf(Objects.requireNonNull(row.getString(column)));
    }
}
