package io.shadowwrite.backfill;

import io.shadowwrite.backfill.load.LoadProgress;
import io.shadowwrite.backfill.snapshot.HeldSnapshot;
import io.shadowwrite.protocol.ExitCode;
import io.shadowwrite.protocol.LoadEnd;
import io.shadowwrite.protocol.LoadOpening;
import io.shadowwrite.protocol.Patience;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.Window;
import io.shadowwrite.protocol.WindowPhase;
import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.source.SourceConnection;
import io.shadowwrite.replication.source.SourceIdentity;
import java.io.BufferedReader;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes away a window that never streamed: the loaded rows first, then the slots, then its registration, which names them. May
 * die and be repeated at any place.
 */
final class Cleanup {

    private static final Logger LOG = LoggerFactory.getLogger(Cleanup.class);
    private static final String APPLICATION = "shadow-backfill";

    private static final String HOLDERS = """
            SELECT count(*)
              FROM pg_catalog.pg_stat_activity
             WHERE application_name = ?
               AND datname = current_database()
            """;

    private final BackfillProperties properties;
    private final ShadowApi api;
    private final SourceConnection source;
    private final LoadProgress progress;
    private final Patience patience;

    Cleanup(BackfillProperties properties, ShadowApi api, SourceConnection source, LoadProgress progress) {
        this.properties = properties;
        this.api = api;
        this.source = source;
        this.progress = progress;
        this.patience = properties.backfill().patience();
    }

    /**
     * Takes it away.
     *
     * @param confirmed whether nobody needs to be asked
     * @param in where the migration's name is typed otherwise
     */
    ExitCode run(boolean confirmed, BufferedReader in) throws InterruptedException {
        @Nullable LoadOpening opening = api.loadState().opening();
        if (opening != null && opening.phase() == WindowPhase.STREAMING) {
            LOG.error(
                    "Window {} streams; nothing of it is taken away",
                    opening.window().migrationId());
            return ExitCode.REFUSED;
        }
        if (opening != null) {
            requireOurs(opening.window());
        }
        List<String> slots = opening == null
                ? List.of(properties.slots().consumer(), properties.slots().verifier())
                : List.of(opening.window().consumerSlot(), opening.window().verifierSlot());
        try (Connection connection = source.open(APPLICATION)) {
            OneRun.require(connection);
            FreshSlots onSource = new FreshSlots(connection, properties);
            boolean nothingThere = opening == null
                    && slots.stream().allMatch(name -> onSource.find(name).isEmpty());
            if (nothingThere) {
                LOG.info("There is no window and no slot; nothing to clean up");
                return ExitCode.DONE;
            }
            requireNobody(connection, onSource, slots);
            if (opening == null) {
                slots.forEach(name -> onSource.find(name).ifPresent(onSource::requireLeave));
            }
            if (!confirmed && !isTyped(slots, in)) {
                LOG.error("Not confirmed; nothing was changed. Type the migration's name, or give --yes");
                return ExitCode.REFUSED;
            }
            return cleanUp(opening, onSource, slots);
        } catch (SQLException e) {
            throw StreamProblem.of("looking for what is left of a load", e);
        }
    }

    /** What the API tells of and what the settings tell of must be one migration, or the wrong one is taken away. */
    private void requireOurs(Window window) {
        if (!window.migrationId().equals(properties.migrationId())) {
            throw new ShadowProblem(
                    ProblemType.WINDOW_MISMATCH,
                    "%s serves the window of migration %s, and shadow.migration-id is %s"
                            .formatted(properties.api().url(), window.migrationId(), properties.migrationId()));
        }
        SourceIdentity identity = SourceIdentity.read(source, APPLICATION);
        if (!identity.systemIdentifier().equals(window.systemIdentifier())
                && !properties.slots().replace()) {
            throw new StreamProblem(
                    StreamProblem.Code.SYSTEM_CHANGED,
                    "the window was opened on system %s, and this source is %s"
                            .formatted(window.systemIdentifier(), identity.systemIdentifier()),
                    "Correct shadow.source.url. If that source exists no more, repeat this with --shadow.slots.replace=true");
        }
    }

    private ExitCode cleanUp(@Nullable LoadOpening opening, FreshSlots onSource, List<String> slots)
            throws InterruptedException {
        if (opening != null) {
            LoadEnd end =
                    new LoadEnd(opening.window().migrationId(), opening.window().consumerBaseline());
            progress.step("discard", "loaded rows");
            patience.call(() -> api.discard(end));
            drop(onSource, slots);
            progress.step("forget", "window " + end.migrationId());
            patience.call(() -> api.forget(end));
        } else {
            drop(onSource, slots);
        }
        progress.step("clean", "");
        LOG.info("Nothing is left of the load. Remove what stopped it, then run ./shadow backfill run");
        return ExitCode.DONE;
    }

    private void drop(FreshSlots onSource, List<String> slots) {
        for (String name : slots) {
            progress.step("drop", "slot " + name);
            onSource.drop(name);
        }
    }

    private static void requireNobody(Connection connection, FreshSlots onSource, List<String> slots)
            throws SQLException {
        if (isHeld(connection)) {
            throw new StreamProblem(
                    StreamProblem.Code.SLOT_IN_USE,
                    "a load holds its snapshot on this source",
                    "Stop ./shadow backfill run first");
        }
        for (String name : slots) {
            onSource.find(name).filter(slot -> slot.active()).ifPresent(slot -> {
                throw new StreamProblem(
                        StreamProblem.Code.SLOT_IN_USE,
                        "slot %s is read by process %d".formatted(name, slot.activePid()),
                        "Stop consumer and slot reader first");
            });
            onSource.find(name).ifPresent(onSource::requireOurs);
        }
    }

    /** Whether some run of this job keeps its snapshot on the source. */
    private static boolean isHeld(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(HOLDERS)) {
            statement.setString(1, HeldSnapshot.HOLDER);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1) > 0;
            }
        }
    }

    private boolean isTyped(List<String> slots, BufferedReader in) {
        System.err.printf(
                "This empties every target table of the contract and drops the slots %s. Type %s to go on: ",
                slots, properties.migrationId());
        try {
            String typed = in.readLine();
            return typed != null && typed.strip().equals(properties.migrationId());
        } catch (IOException e) {
            return false;
        }
    }
}
