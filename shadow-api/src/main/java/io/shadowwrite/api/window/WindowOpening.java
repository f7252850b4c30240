package io.shadowwrite.api.window;

import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.target.TargetContents;
import io.shadowwrite.protocol.ControlState;
import io.shadowwrite.protocol.LoadStart;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.SessionRequest;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.Window;
import io.shadowwrite.protocol.WindowPhase;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** Opens the window, once, and gives out epochs to sessions of the consumer. Thread-safe. */
public final class WindowOpening {

    private static final String OPEN = """
            insert into shadow.backfill_state (consumer_epoch, phase, verifier_done, snapshot, snapshot_at, source_schema, migration_id,
                                               consumer_slot, consumer_baseline, verifier_slot, verifier_baseline,
                                               system_identifier, timeline, options_hash, contract_hash,
                                               required_ticks, gap_policy, tick_clock, ledger_partition_bytes)
            values ((select coalesce(max(consumer_epoch), 0) from shadow.forgotten_window),
                    ?, ?, ?, ?::timestamptz, ?, ?, ?, ?::pg_lsn, ?, ?::pg_lsn, ?, ?, ?, ?, ?, ?, ?, ?)
            on conflict (id) do nothing
            """;

    private static final String POSITIONS = """
            insert into shadow.reader_position (side, position, received, flushed, state)
            values (1, ?::pg_lsn, ?::pg_lsn, ?::pg_lsn, 'UNKNOWN'),
                   (2, ?::pg_lsn, ?::pg_lsn, ?::pg_lsn, 'UNKNOWN')
            """;

    private static final String LAST_PROVENANCE = """
            select commit_lsn
              from provenance.transaction
             where commit_lsn >= ?::pg_lsn
             order by commit_lsn desc
             limit 1
            """;

    private static final String NEW_EPOCH = """
            update shadow.backfill_state
               set consumer_epoch = consumer_epoch + 1,
                   consumer_instance = ?
            """;

    private final ShadowDatabase database;
    private final Windows windows;
    private final TargetContents contents;
    private final Served served;

    /**
     * What this API serves.
     *
     * @param contractHash of the contract it read at start
     * @param partitionBytes LSN width of the ledger's partitions, for a new window
     */
    public record Served(String migrationId, String contractHash, long partitionBytes) {}

    public WindowOpening(ShadowDatabase database, Windows windows, TargetContents contents, Served served) {
        this.database = database;
        this.windows = windows;
        this.contents = contents;
        this.served = served;
    }

    /** Opens the window of a source without rows, or tells that it is open already with the same settings. */
    public Window open(Window window) {
        register(window, null);
        return window;
    }

    /** Registers a window whose rows are loaded first, or tells that it is there already with the same settings. */
    public void startLoad(LoadStart start) {
        register(start.window(), start);
    }

    private void register(Window window, @Nullable LoadStart load) {
        checkServed(window);
        database.inTransaction(() -> {
            if (insert(window, load) == 1) {
                checkProvenance(window.consumerBaseline());
                checkEmpty();
                insertPositions(window);
                return window;
            }
            OpenWindow open = windows.lock();
            Window stored = open.window();
            boolean asAsked = load != null || open.phase() == WindowPhase.STREAMING;
            if (!stored.equals(window) || !asAsked) {
                throw new ShadowProblem(
                        ProblemType.WINDOW_ALREADY_OPEN,
                        "window %s is %s with other settings; GET /shadow/window/load shows them"
                                .formatted(stored.migrationId(), open.phase()));
            }
            return stored;
        });
    }

    /** Whatever is there before would be told apart from what comes by nobody, and taken away with a load that is given up. */
    private void checkEmpty() {
        List<String> filled = contents.filled();
        if (!filled.isEmpty()) {
            throw new ShadowProblem(
                    ProblemType.TARGET_NOT_EMPTY,
                    "%s hold rows; empty them, and open the window again".formatted(filled));
        }
    }

    /** It outlives windows, and its key knows no source: another window's rows must lie before this one. */
    private void checkProvenance(LogSequenceNumber baseline) {
        String last = database.jdbc()
                .sql(LAST_PROVENANCE)
                .param(baseline.asString())
                .query(String.class)
                .optional()
                .orElse(null);
        if (last != null) {
            throw new ShadowProblem(
                    ProblemType.BROKEN_INVARIANT,
                    "provenance.transaction holds writes of an earlier window up to LSN %s, and this one begins at %s, so that their keys would meet; keep the table under another name, or empty it, and open the window again"
                            .formatted(last, baseline.asString()));
        }
    }

    private void checkServed(Window window) {
        if (!window.migrationId().equals(served.migrationId())) {
            throw new ShadowProblem(
                    ProblemType.MALFORMED_REQUEST,
                    "this API serves migration %s (shadow.migration-id), not %s"
                            .formatted(served.migrationId(), window.migrationId()));
        }
        checkContract(window.contractHash());
        if (window.requiredTicks() < 1 || window.verifierBaseline().compareTo(window.consumerBaseline()) < 0) {
            throw new ShadowProblem(
                    ProblemType.MALFORMED_REQUEST,
                    "required_ticks is at least 1, and verifier_baseline is at or after consumer_baseline");
        }
    }

    private void checkContract(String contractHash) {
        if (!contractHash.equals(served.contractHash())) {
            throw new ShadowProblem(
                    ProblemType.CONTRACT_MISMATCH,
                    "this API runs the contract with SHA-256 %s, the caller %s; give both the same file"
                            .formatted(served.contractHash(), contractHash));
        }
    }

    private int insert(Window window, @Nullable LoadStart load) {
        return database.jdbc()
                .sql(OPEN)
                .param(load == null ? WindowPhase.STREAMING.name() : WindowPhase.LOADING.name())
                .param(load == null)
                .param(load == null ? null : load.snapshot())
                .param(load == null ? null : load.snapshotAt().toString())
                .param(load == null ? null : load.sourceSchema())
                .params(
                        window.migrationId(),
                        window.consumerSlot(),
                        window.consumerBaseline().asString(),
                        window.verifierSlot(),
                        window.verifierBaseline().asString(),
                        window.systemIdentifier(),
                        window.timeline(),
                        window.optionsHash(),
                        window.contractHash(),
                        window.requiredTicks(),
                        window.gapPolicy().name(),
                        window.tickClock().name(),
                        served.partitionBytes())
                .update();
    }

    private void insertPositions(Window window) {
        String consumer = window.consumerBaseline().asString();
        String verifier = window.verifierBaseline().asString();
        database.jdbc()
                .sql(POSITIONS)
                .params(consumer, consumer, consumer, verifier, verifier, verifier)
                .update();
    }

    /** A new session of the consumer; every older one is fenced once this returns. */
    public ControlState openSession(SessionRequest request) {
        return database.inTransaction(() -> {
            Window window = windows.lock().window();
            checkContract(request.contractHash());
            checkSame(window, request);
            database.jdbc().sql(NEW_EPOCH).param(request.instance()).update();
            return windows.require().control();
        });
    }

    private static void checkSame(Window window, SessionRequest request) {
        if (!window.migrationId().equals(request.migrationId())
                || !window.consumerSlot().equals(request.slot())) {
            throw new ShadowProblem(
                    ProblemType.WINDOW_MISMATCH,
                    "the window is of migration %s and slot %s, the caller of %s and %s; set shadow.migration-id and shadow.slot.name"
                            .formatted(
                                    window.migrationId(),
                                    window.consumerSlot(),
                                    request.migrationId(),
                                    request.slot()));
        }
        if (!window.contractHash().equals(request.contractHash())) {
            throw new ShadowProblem(
                    ProblemType.CONTRACT_MISMATCH,
                    "the window was opened with the contract %s".formatted(window.contractHash()));
        }
        if (!window.optionsHash().equals(request.optionsHash())) {
            throw new ShadowProblem(
                    ProblemType.OPTIONS_DRIFT,
                    "the window was opened with decoding options %s, the caller decodes with %s"
                            .formatted(window.optionsHash(), request.optionsHash()));
        }
        if (!window.systemIdentifier().equals(request.systemIdentifier()) || window.timeline() != request.timeline()) {
            throw new ShadowProblem(
                    ProblemType.SOURCE_CHANGED,
                    "the window was opened on system %s timeline %d, the caller reads %s timeline %d"
                            .formatted(
                                    window.systemIdentifier(),
                                    window.timeline(),
                                    request.systemIdentifier(),
                                    request.timeline()));
        }
    }
}
