package io.shadowwrite.api.window;

import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.protocol.GapPolicy;
import io.shadowwrite.protocol.Hold;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.TickClock;
import io.shadowwrite.protocol.Window;
import io.shadowwrite.protocol.WindowPhase;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** Reads and locks the one row of {@code shadow.backfill_state}. Thread-safe. */
public final class Windows {

    /** What the clock has lost since a hold was taken is taken off; one that was set back before anybody looked stands still. */
    private static final String SELECT = """
            select b.*,
                   h.ends as hold_ends,
                   b.hold_holder is not null
                       and (h.ends is null or h.ends > greatest(clock_timestamp(), c.seen)) as hold_in_force,
                   p.position,
                   exists (select from shadow.parked_key) as parked
              from shadow.backfill_state b
              join shadow.reader_position p on p.side = 1
             cross join shadow.clock c
             cross join lateral (select b.hold_expires_at
                                          - coalesce(c.lost_micros - b.hold_lost_micros, 0) * interval '1 microsecond' as ends) h
            """;

    private static final String LOAD = "the load of the window";

    private static final String LOCK = "select from shadow.backfill_state for update";

    private final ShadowDatabase database;

    public Windows(ShadowDatabase database) {
        this.database = database;
    }

    /** The window as it is now, unlocked; empty when none is open. */
    public Optional<OpenWindow> find() {
        return database.jdbc().sql(SELECT).query((row, _) -> read(row)).optional();
    }

    /** As {@link #find}, or WINDOW_NOT_OPEN. */
    public OpenWindow require() {
        return find().orElseThrow(Windows::notOpen);
    }

    /**
     * The window as it is now, unlocked, or WINDOW_NOT_OPEN.
     *
     * @param settings statements that prepare the caller's transaction for what follows, on the same trip
     */
    public OpenWindow look(String... settings) {
        return inOneTrip(Stream.concat(Stream.of(settings), Stream.of(SELECT)).toList());
    }

    /**
     * The window as it is once every writer, session and hold before us is done; all others wait for the end of the
     * caller's transaction.
     *
     * @param settings statements that prepare the session for what follows, on the same trip
     */
    public OpenWindow lock(String... settings) {
        // Not one statement: the last one has a snapshot taken after the lock was granted.
        return inOneTrip(Stream.of(List.of(LOCK), List.of(settings), List.of(SELECT))
                .flatMap(List::stream)
                .toList());
    }

    private OpenWindow inOneTrip(List<String> statements) {
        return database.inOneTrip(statements, (row, _) -> read(row)).stream()
                .findFirst()
                .orElseThrow(Windows::notOpen);
    }

    /** What is not there. */
    public static ShadowProblem notOpen() {
        return new ShadowProblem(
                ProblemType.WINDOW_NOT_OPEN, "no migration window is open; open it with POST /shadow/window");
    }

    private static OpenWindow read(ResultSet row) throws SQLException {
        Window window = new Window(
                row.getString("migration_id"),
                row.getString("consumer_slot"),
                lsn(row, "consumer_baseline"),
                row.getString("verifier_slot"),
                lsn(row, "verifier_baseline"),
                row.getString("system_identifier"),
                row.getInt("timeline"),
                row.getString("options_hash"),
                row.getString("contract_hash"),
                row.getInt("required_ticks"),
                GapPolicy.valueOf(row.getString("gap_policy")),
                TickClock.valueOf(row.getString("tick_clock")));
        WindowPhase phase = WindowPhase.valueOf(row.getString("phase"));
        return new OpenWindow(
                window,
                phase,
                row.getLong("consumer_epoch"),
                hold(window, phase, row),
                lsn(row, "position"),
                row.getLong("ledger_partition_bytes"),
                row.getBoolean("parked"),
                row.getLong("writes_beside"));
    }

    /** Until everything is loaded the consumer stands where the snapshot does; so the stream always comes after the load. */
    private static @Nullable Hold hold(Window window, WindowPhase phase, ResultSet row) throws SQLException {
        return switch (phase) {
            case LOADING, DISCARDING -> new Hold(LOAD, Hold.Kind.LOAD, window.consumerBaseline(), null);
            case STREAMING -> row.getBoolean("hold_in_force") ? hold(row) : null;
        };
    }

    private static Hold hold(ResultSet row) throws SQLException {
        OffsetDateTime expires = row.getObject("hold_ends", OffsetDateTime.class);
        return new Hold(
                row.getString("hold_holder"),
                Hold.Kind.valueOf(row.getString("hold_kind")),
                row.getString("hold_halt_at") == null ? null : lsn(row, "hold_halt_at"),
                expires == null ? null : expires.toInstant());
    }

    private static LogSequenceNumber lsn(ResultSet row, String column) throws SQLException {
        @Nullable String text = row.getString(column);
        if (text == null) {
            throw new IllegalStateException(column + " is null");
        }
        return LogSequenceNumber.valueOf(text);
    }
}
