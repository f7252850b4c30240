package io.shadowwrite.backfill;

import io.shadowwrite.backfill.load.LoadProgress;
import io.shadowwrite.backfill.load.Loader;
import io.shadowwrite.backfill.load.Parts;
import io.shadowwrite.backfill.load.Refusals;
import io.shadowwrite.backfill.snapshot.HeldSnapshot;
import io.shadowwrite.backfill.snapshot.SnapshotSession;
import io.shadowwrite.backfill.snapshot.SnapshotWatch;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.protocol.ExitCode;
import io.shadowwrite.protocol.LoadClient;
import io.shadowwrite.protocol.LoadOpening;
import io.shadowwrite.protocol.LoadStart;
import io.shadowwrite.protocol.LoadState;
import io.shadowwrite.protocol.Patience;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.Window;
import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.slot.CreatedSlot;
import io.shadowwrite.replication.slot.ReplicationSlots;
import io.shadowwrite.replication.source.SourceConnection;
import io.shadowwrite.replication.source.SourceIdentity;
import io.shadowwrite.replication.wal2json.Wal2JsonOptions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the window: both slots, what the snapshot of the first one shows, and the stream from there on. A process that dies
 * before the window is registered leaves slots, which the next run names; one that dies afterwards leaves a window in phase
 * LOADING, which the next run completes if the load was compared already, and else names the command that takes it away.
 */
final class WindowOpening {

    private static final Logger LOG = LoggerFactory.getLogger(WindowOpening.class);
    private static final String APPLICATION = "shadow-backfill";

    private final BackfillProperties properties;
    private final Contract contract;
    private final ShadowApi api;
    private final SourceConnection source;
    private final LoadProgress progress;
    private final Patience patience;

    /** Whether shadow-api may know of the slots; until then nobody needs them. */
    private boolean told;

    WindowOpening(
            BackfillProperties properties,
            Contract contract,
            ShadowApi api,
            SourceConnection source,
            LoadProgress progress) {
        this.properties = properties;
        this.contract = contract;
        this.api = api;
        this.source = source;
        this.progress = progress;
        this.patience = properties.backfill().patience();
    }

    ExitCode run() throws InterruptedException {
        @Nullable LoadOpening known = api.loadState().opening();
        if (known != null) {
            return goOn(known);
        }
        SourceIdentity identity = SourceIdentity.read(source, APPLICATION);
        try (Connection connection = source.open(APPLICATION)) {
            OneRun.require(connection);
            LoadState target = api.loadState();
            if (target.opening() != null) {
                return goOn(target.opening());
            }
            if (!target.filled().isEmpty()) {
                LOG.error("TARGET_NOT_EMPTY: {} hold rows; empty them, and open the window again", target.filled());
                return ProblemType.TARGET_NOT_EMPTY.exitCode();
            }
            Preflight preflight = new Preflight(connection, contract);
            List<String> problems = preflight.problems();
            if (!problems.isEmpty()) {
                problems.forEach(LOG::error);
                return ExitCode.INVALID;
            }
            progress.step("preflight", "");
            return open(target, identity, connection, preflight);
        } catch (SQLException e) {
            throw StreamProblem.of("asking the source", e);
        }
    }

    /** What an earlier run left. */
    private ExitCode goOn(LoadOpening opening) throws InterruptedException {
        Window window = opening.window();
        if (!window.contractHash().equals(contract.sha256())
                || !window.migrationId().equals(properties.migrationId())) {
            throw new ShadowProblem(
                    ProblemType.WINDOW_ALREADY_OPEN,
                    "window %s is open with contract %s; this job has %s with contract %s. Point both to one contract file"
                            .formatted(
                                    window.migrationId(),
                                    window.contractHash(),
                                    properties.migrationId(),
                                    contract.sha256()));
        }
        return switch (opening.phase()) {
            case STREAMING -> {
                LOG.info("Window {} is open already; nothing to do", window.migrationId());
                yield ExitCode.DONE;
            }
            case LOADING -> {
                Verification verification = new Verification(properties, api, progress, window.consumerBaseline());
                if (verification.isDone()) {
                    requireSameTables(opening);
                    verification.stream();
                    yield ExitCode.DONE;
                }
                LOG.error(
                        "Window {} is being loaded by another run, or the run that loaded it ended and its snapshot with it; if none runs, ./shadow backfill cleanup takes away what it left",
                        window.migrationId());
                yield ExitCode.REFUSED;
            }
            case DISCARDING -> {
                LOG.error("Window {} is being taken away; repeat ./shadow backfill cleanup", window.migrationId());
                yield ExitCode.REFUSED;
            }
        };
    }

    /** While it was loaded they were locked; nobody held them since. */
    private void requireSameTables(LoadOpening opening) {
        try (Connection connection = source.open(APPLICATION)) {
            if (!new Preflight(connection, contract).schema().equals(opening.sourceSchema())) {
                throw new StreamProblem(
                        StreamProblem.Code.SCHEMA_DRIFT,
                        "the mapped tables are not what they were when the window was registered",
                        "Run ./shadow backfill cleanup, and then ./shadow backfill run again");
            }
        } catch (SQLException e) {
            throw StreamProblem.of("asking the source", e);
        }
    }

    private ExitCode open(LoadState target, SourceIdentity identity, Connection connection, Preflight preflight)
            throws SQLException, InterruptedException {
        FreshSlots slots = new FreshSlots(connection, properties);
        slots.makeRoom();
        try {
            return openFrom(target, identity, connection, preflight);
        } catch (SQLException | RuntimeException failure) {
            if (!told || isRefused(failure)) {
                slots.takeBack(failure);
            }
            throw failure;
        }
    }

    /** Whether shadow-api knows of no window because it refused this one for good, and not because it was away. */
    private boolean isRefused(Exception failure) {
        try {
            return failure instanceof ShadowProblem problem
                    && !problem.retryable()
                    && api.loadState().opening() == null;
        } catch (ShadowProblem nobodyKnows) {
            return false;
        }
    }

    private ExitCode openFrom(LoadState target, SourceIdentity identity, Connection connection, Preflight preflight)
            throws SQLException, InterruptedException {
        ReplicationSlots slots = new ReplicationSlots(connection);
        int spares = properties.backfill().spares();
        int readers = preflight.readers(
                properties.backfill().readersAtATime(Runtime.getRuntime().availableProcessors()), spares);
        Instant before = now(connection);
        try (HeldSnapshot snapshot = HeldSnapshot.take(
                        source,
                        properties.slots().consumer(),
                        preflight.tables(),
                        properties.slots().creationTimeout(),
                        spares);
                SnapshotWatch _ = SnapshotWatch.start(
                        snapshot, source, properties.backfill().watchInterval(), spares)) {
            progress.step("slot.one", "at " + snapshot.lsn().asString());
            SnapshotSession first = snapshot.join();
            CreatedSlot second = slots.create(
                    properties.slots().verifier(), properties.slots().creationTimeout());
            progress.step("slot.two", "at " + second.consistentPoint().asString());
            Window window = window(snapshot, second, identity);
            boolean empty = !holdsRows(first.connection(), preflight.tables());
            told = true;
            if (empty) {
                snapshot.leave(first);
                return openEmpty(window);
            }
            LoadStart start = new LoadStart(window, snapshot.name(), before, preflight.schema());
            patience.call(() -> api.startLoad(start));
            progress.step("register", "window " + window.migrationId());
            return load(target, snapshot, members(snapshot, first, readers), preflight);
        }
    }

    /** All of them before anything is read: whoever is in the snapshot can bring others in when the holder dies. */
    private static List<SnapshotSession> members(HeldSnapshot snapshot, SnapshotSession first, int readers) {
        List<SnapshotSession> members = new ArrayList<>(List.of(first));
        try {
            while (members.size() < readers) {
                members.add(snapshot.join());
            }
        } catch (StreamProblem full) {
            LOG.warn("The load goes on with {} reader(s): {}", members.size(), full.what());
        }
        return members;
    }

    /** Nothing there, nothing to compare: shadow-api itself looks whether the target is as empty. */
    private ExitCode openEmpty(Window window) throws InterruptedException {
        patience.call(() -> api.openWindow(window));
        LOG.info(
                "Window {} is open: slot {} from {}, slot {} from {}; the mapped tables held no rows",
                window.migrationId(),
                window.consumerSlot(),
                window.consumerBaseline().asString(),
                window.verifierSlot(),
                window.verifierBaseline().asString());
        return ExitCode.DONE;
    }

    private ExitCode load(LoadState target, HeldSnapshot snapshot, List<SnapshotSession> readers, Preflight preflight)
            throws SQLException, InterruptedException {
        Parts parts = Parts.of(
                contract,
                target,
                readers.getFirst().connection(),
                properties.backfill().rangePages());
        String warning = preflight.walWarning(parts.bytes());
        if (!warning.isEmpty()) {
            LOG.warn("{}", warning);
        }
        progress.step(
                "load",
                "about %d rows with %d reader(s) (shadow.backfill.readers)".formatted(parts.rows(), readers.size()));
        Refusals refusals = new Refusals();
        long written = new Loader(contract, snapshot, api, client(), limits(), refusals, progress).load(parts, readers);
        if (!refusals.isEmpty()) {
            refusals.texts().forEach(LOG::error);
            LOG.error(
                    "The load is not complete. Correct these rows, then run ./shadow backfill cleanup and load again");
            return ExitCode.DIRTY;
        }
        progress.step("loaded", "%d target rows".formatted(written));
        return new Verification(properties, api, progress, snapshot.lsn()).await(snapshot::name);
    }

    private LoadClient client() {
        return LoadClient.connect(properties.api().url(), properties.api().operatorToken());
    }

    private Loader.Limits limits() {
        BackfillProperties.Backfill backfill = properties.backfill();
        return new Loader.Limits(backfill.apiPatience(), backfill.mostLag().toBytes(), backfill.lagPatience());
    }

    private Window window(HeldSnapshot snapshot, CreatedSlot second, SourceIdentity identity) {
        return new Window(
                properties.migrationId(),
                properties.slots().consumer(),
                snapshot.lsn(),
                properties.slots().verifier(),
                second.consistentPoint(),
                identity.systemIdentifier(),
                identity.timeline(),
                Wal2JsonOptions.frozen().hash(),
                contract.sha256(),
                properties.sc3RequiredTicks(),
                properties.sc3GapPolicy(),
                properties.sc3Clock());
    }

    /** By the source's clock, in microseconds. */
    private static Instant now(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT clock_timestamp()")) {
            row.next();
            return row.getObject(1, OffsetDateTime.class).toInstant();
        }
    }

    private static boolean holdsRows(Connection snapshot, List<String> tables) throws SQLException {
        try (Statement statement = snapshot.createStatement()) {
            for (String table : tables) {
                try (ResultSet row = statement.executeQuery("SELECT EXISTS (SELECT FROM %s)".formatted(table))) {
                    if (row.next() && row.getBoolean(1)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }
}
