package io.shadowwrite.api.load;

import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.load.LoadRanges.Loaded;
import io.shadowwrite.api.target.TargetContents;
import io.shadowwrite.api.window.OpenWindow;
import io.shadowwrite.api.window.Windows;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.protocol.LoadEnd;
import io.shadowwrite.protocol.LoadOpening;
import io.shadowwrite.protocol.LoadState;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.Window;
import io.shadowwrite.protocol.WindowPhase;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What becomes of a window that is loaded: its stream is let go, or it is taken away. Thread-safe. */
final class WindowLoads {

    /** Conflicts with the lock under which a range is loaded, so that none is under way and none begins. */
    private static final String NO_LOAD = "lock table shadow.load_range in share row exclusive mode";

    private static final String FIND =
            "select snapshot, snapshot_at, source_schema, verifier_done from shadow.backfill_state";

    /** The youngest verdict on this very snapshot, told after the last range. */
    private static final String VERIFIED = """
            select coalesce((select r.verdict = 'CLEAN'
                               from shadow.verifier_run r
                              where r.mode = 'post-backfill'
                                and r.verdict <> 'INCONCLUSIVE'
                                and r.finished_at is not null
                                and r.pin_lsn = ?::pg_lsn
                                and r.recorded_at >= all (select loaded_at from shadow.load_range)
                              order by r.ordinal desc
                              limit 1), false)
            """;

    private static final String STREAM = """
            update shadow.backfill_state
               set phase = 'STREAMING',
                   verifier_done = true
            """;

    private static final String DISCARD = "update shadow.backfill_state set phase = 'DISCARDING'";

    private static final String REMOVE_ORIGINS =
            "delete from provenance.transaction where channel = 2 and commit_lsn = ?::pg_lsn";

    /** Its beginning is kept by the phase; the key map goes with the rows it tells of. */
    private static final String REMOVE_RECORDS = "truncate shadow.pk_map, shadow.load_range";

    /** So that a consumer of this window is fenced by every later one, too. */
    private static final String REMEMBER = """
            insert into shadow.forgotten_window (migration_id, consumer_baseline, consumer_epoch)
            select migration_id, consumer_baseline, consumer_epoch
              from shadow.backfill_state
            """;

    /** Nothing of a window that never streamed is worth keeping; what its readers stored stands for nothing. */
    private static final String FORGET = """
            truncate shadow.pk_map, shadow.load_range, shadow.event_ledger, shadow.attestation, shadow.conservation,
                     shadow.unconserved, shadow.verifier_run, shadow.finding, shadow.dead_letter,
                     shadow.parked_key, shadow.dead_letter_selection, shadow.reader_position, shadow.backfill_state
            """;

    private final Contract contract;
    private final ShadowDatabase database;
    private final Windows windows;
    private final TargetContents contents;
    private final LoadRanges ranges;
    private final TargetLag lag;

    WindowLoads(
            Contract contract, ShadowDatabase database, Windows windows, TargetContents contents, LoadRanges ranges) {
        this.contract = contract;
        this.database = database;
        this.windows = windows;
        this.contents = contents;
        this.ranges = ranges;
        this.lag = new TargetLag(database);
    }

    LoadState now() {
        Optional<OpenWindow> window = windows.find();
        Loaded total = ranges.total();
        LoadPasses passes = LoadPasses.read(contract, database);
        return new LoadState(
                window.map(this::opening).orElse(null),
                total.ranges(),
                total.rows(),
                total.written(),
                contents.filled(),
                passes.passes(),
                passes.whole().stream().sorted().toList(),
                lag.bytes());
    }

    private LoadOpening opening(OpenWindow window) {
        return database.jdbc()
                .sql(FIND)
                .query((row, _) -> new LoadOpening(
                        window.phase(),
                        window.window(),
                        row.getBoolean("verifier_done"),
                        row.getString("snapshot"),
                        instant(row.getObject("snapshot_at", OffsetDateTime.class)),
                        row.getString("source_schema")))
                .single();
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }

    /** Lets the stream go on from the load, once that is known to be right; the same again changes nothing. */
    LoadState stream(LoadEnd end) {
        database.inTransaction(() -> {
            OpenWindow window = lock(end);
            switch (window.phase()) {
                case LOADING -> {
                    requireVerified(end);
                    execute(STREAM);
                }
                case DISCARDING -> throw closed(window);
                case STREAMING -> {
                    // It was let go before.
                }
            }
            return window;
        });
        return now();
    }

    private void requireVerified(LoadEnd end) {
        boolean verified = database.jdbc()
                .sql(VERIFIED)
                .param(end.snapshotLsn().asString())
                .query(Boolean.class)
                .single();
        if (!verified) {
            throw new ShadowProblem(
                    ProblemType.LOAD_NOT_VERIFIED,
                    "no comparison of mode post-backfill at %s that is younger than the last loaded range ended clean"
                            .formatted(end.snapshotLsn()));
        }
    }

    /** Takes away what was loaded; from its beginning on nothing else can become of the window. */
    LoadState discard(LoadEnd end) {
        database.inTransaction(() -> {
            OpenWindow window = lock(end);
            requireNothingStreamed(window);
            execute(DISCARD);
            return window;
        });
        database.inTransaction(() -> {
            OpenWindow window = lock(end);
            contents.empty(childrenFirst(), ranges.total().written());
            database.jdbc()
                    .sql(REMOVE_ORIGINS)
                    .param(LoadRanges.before(end.snapshotLsn()).asString())
                    .update();
            execute(REMOVE_RECORDS);
            return window;
        });
        return now();
    }

    private List<String> childrenFirst() {
        return LoadPasses.read(contract, database).passes().stream()
                .flatMap(List::stream)
                .toList()
                .reversed();
    }

    private static void requireNothingStreamed(OpenWindow window) {
        if (window.phase() == WindowPhase.STREAMING
                || !window.position().equals(window.window().consumerBaseline())) {
            throw closed(window);
        }
    }

    private static ShadowProblem closed(OpenWindow window) {
        return new ShadowProblem(
                ProblemType.LOAD_CLOSED,
                "window %s is %s at position %s; only one that is LOADING and of whose stream nothing is applied is opened or taken away"
                        .formatted(window.window().migrationId(), window.phase(), window.position()));
    }

    /** Removes the registration of a window that was taken away. */
    LoadState forget(LoadEnd end) {
        database.inTransaction(() -> {
            OpenWindow window = lock(end);
            if (window.phase() != WindowPhase.DISCARDING) {
                throw closed(window);
            }
            List<String> filled = contents.filled();
            if (!filled.isEmpty()) {
                throw new ShadowProblem(
                        ProblemType.TARGET_NOT_EMPTY, "%s hold rows again; discard them first".formatted(filled));
            }
            execute(REMEMBER);
            execute(FORGET);
            return window;
        });
        return now();
    }

    /** Waits for every range that is being loaded, and then for every writer, session and hold. */
    private OpenWindow lock(LoadEnd end) {
        execute(NO_LOAD);
        OpenWindow window = windows.lock();
        Window known = window.window();
        if (!known.migrationId().equals(end.migrationId())
                || !known.consumerBaseline().equals(end.snapshotLsn())) {
            throw new ShadowProblem(
                    ProblemType.WINDOW_MISMATCH,
                    "the window is of migration %s at %s, the request is about %s at %s"
                            .formatted(
                                    known.migrationId(),
                                    known.consumerBaseline(),
                                    end.migrationId(),
                                    end.snapshotLsn()));
        }
        return window;
    }

    private void execute(String sql) {
        database.jdbc().sql(sql).update();
    }
}
