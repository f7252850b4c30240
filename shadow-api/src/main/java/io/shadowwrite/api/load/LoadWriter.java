package io.shadowwrite.api.load;

import io.shadowwrite.api.database.Dictionary;
import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.load.LoadRanges.Loaded;
import io.shadowwrite.api.window.OpenWindow;
import io.shadowwrite.api.window.Windows;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.SourceTable;
import io.shadowwrite.protocol.LoadRange;
import io.shadowwrite.protocol.LoadResult;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Loads ranges, each in one target transaction: its row in {@code shadow.load_range}, the rows of models, their key map and
 * one row of provenance for each write. Several may be under way; those of one window never hinder each other. Thread-safe.
 */
final class LoadWriter {

    private static final String SNAPSHOT_AT = "select snapshot_at from shadow.backfill_state";

    /** Connections that loads leave to everybody else. */
    private static final int LEFT_FREE = 3;

    private static final long LONGEST_WAIT_SECONDS = 60;

    private final ShadowDatabase database;
    private final Windows windows;
    private final Dictionary dictionary;
    private final LoadRanges ranges;
    private final TargetLag lag;
    private final Contract contract;
    private final Map<String, LoadedTable> tables;
    private final Set<String> sources;
    private final Semaphore free;

    LoadWriter(
            Contract contract,
            ShadowDatabase database,
            Windows windows,
            Dictionary dictionary,
            LoadRanges ranges,
            int poolSize) {
        this.contract = contract;
        this.database = database;
        this.windows = windows;
        this.dictionary = dictionary;
        this.ranges = ranges;
        this.lag = new TargetLag(database);
        this.tables =
                contract.models().values().stream().collect(Collectors.toMap(model -> model.name(), LoadedTable::new));
        this.sources = contract.sources().values().stream()
                .filter(SourceTable.Mapped.class::isInstance)
                .map(table -> table.name().toString())
                .collect(Collectors.toSet());
        this.free = new Semaphore(Math.max(1, poolSize - LEFT_FREE), true);
    }

    /**
     * Loads a range unless it was loaded before.
     *
     * @throws ShadowProblem when nothing of it is loaded; LOAD_CLOSED, WRITE_REJECTED with the rows that are refused
     */
    LoadResult load(LoadLines lines) {
        LoadRange range = lines.head();
        LoadPasses passes = LoadPasses.read(contract, database);
        check(range, passes);
        dictionary.registerTables(Set.of(range.sourceTable()));
        dictionary.registerModels(tables.keySet());
        acquire();
        try {
            return database.inTransaction(() -> loadInTransaction(range, passes, lines));
        } finally {
            free.release();
        }
    }

    private void check(LoadRange range, LoadPasses passes) {
        if (!sources.contains(range.sourceTable())
                || range.pass() < 0
                || range.pass() >= passes.passes().size()
                || range.fromPage() < 0
                || (range.belowPage() != null && range.belowPage() <= range.fromPage())) {
            throw new ShadowProblem(
                    ProblemType.MALFORMED_REQUEST,
                    "a range is of a mapped table and of a pass that GET /shadow/window/load names, and has pages");
        }
    }

    private void acquire() {
        try {
            if (free.tryAcquire(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new ShadowProblem(
                ProblemType.TARGET_UNAVAILABLE,
                "as many ranges are being loaded as shadow.target.pool-size allows; send it again later");
    }

    private LoadResult loadInTransaction(LoadRange range, LoadPasses passes, LoadLines lines) {
        // Its row comes first: whoever changes the phase waits for it, and the phase is read after that.
        Optional<Integer> id = ranges.begin(range);
        requireLoading(windows, range.snapshotLsn());
        if (id.isEmpty()) {
            return replayed(range);
        }
        RangeCopy copy = new RangeCopy(
                database,
                dictionary,
                range,
                snapshotAt(),
                tablesOf(passes.passes().get(range.pass())),
                passes.whole());
        copy.begin();
        while (lines.next(this::touch)) {
            copy.add(lines);
        }
        long written = 0;
        for (Map.Entry<Integer, RangeCopy.Written> each : copy.end().entrySet()) {
            ranges.storeOrigin(id.get(), range, each.getKey(), each.getValue().model());
            written += each.getValue().rows();
        }
        ranges.end(id.get(), lines.read(), written);
        return new LoadResult(lines.read(), written, false, lag.bytes());
    }

    /** A sender that looks through rows which the contract leaves out must not look idle to the target's server. */
    private void touch() {
        database.jdbc().sql("select 1").query(_ -> {});
    }

    static void requireLoading(Windows windows, LogSequenceNumber snapshotLsn) {
        OpenWindow window = windows.require();
        boolean ours = window.window().consumerBaseline().equals(snapshotLsn);
        switch (window.phase()) {
            case LOADING -> {
                if (ours) {
                    return;
                }
            }
            case DISCARDING, STREAMING -> {
                // Said below.
            }
        }
        throw new ShadowProblem(
                ProblemType.LOAD_CLOSED,
                "window %s at %s is %s%s"
                        .formatted(
                                window.window().migrationId(),
                                window.window().consumerBaseline(),
                                window.phase(),
                                ours ? "" : ", and the request is for one at " + snapshotLsn));
    }

    private LoadResult replayed(LoadRange range) {
        Loaded before = ranges.find(range)
                .orElseThrow(() -> new ShadowProblem(
                        ProblemType.IDEMPOTENCY_CONFLICT,
                        "a range of %s that begins at page %d was loaded with another end"
                                .formatted(range.sourceTable(), range.fromPage())));
        return new LoadResult(before.rows(), before.written(), true, lag.bytes());
    }

    private Instant snapshotAt() {
        return database.jdbc()
                .sql(SNAPSHOT_AT)
                .query(OffsetDateTime.class)
                .single()
                .toInstant();
    }

    private List<LoadedTable> tablesOf(List<String> models) {
        return models.stream()
                .map(model -> Objects.requireNonNull(tables.get(model)))
                .toList();
    }
}
