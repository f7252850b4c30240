package io.shadowwrite.backfill.snapshot;

import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.source.SourceConnection;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks from a connection of its own whether the sessions that hold a snapshot still live, because they themselves must not
 * be asked; replaces spares that do not. Runs until it is closed.
 */
public final class SnapshotWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotWatch.class);
    private static final String APPLICATION = "shadow-backfill-watch";
    private static final Duration BOUND = Duration.ofSeconds(10);

    private static final String LIVING = """
            SELECT pid
              FROM pg_catalog.pg_stat_activity
             WHERE pid = ANY (?)
            """;

    private final HeldSnapshot snapshot;
    private final SourceConnection source;
    private final Duration interval;
    private final int spares;
    private final Thread thread;

    private SnapshotWatch(HeldSnapshot snapshot, SourceConnection source, Duration interval, int spares) {
        this.snapshot = snapshot;
        this.source = source;
        this.interval = interval;
        this.spares = spares;
        this.thread = Thread.ofVirtual().name("snapshot-watch").unstarted(this::watch);
    }

    /** Begins to look. */
    public static SnapshotWatch start(HeldSnapshot snapshot, SourceConnection source, Duration interval, int spares) {
        SnapshotWatch watch = new SnapshotWatch(snapshot, source, interval, spares);
        watch.thread.start();
        return watch;
    }

    private void watch() {
        try {
            while (true) {
                Thread.sleep(interval);
                look();
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        } catch (SnapshotLost lost) {
            // Whoever needs the snapshot next hears the same; readers that still have it go on.
            LOG.warn("Nobody can join the snapshot any more");
        }
    }

    private void look() {
        Set<Integer> expected = snapshot.idlePids();
        try (Connection connection = source.openBounded(APPLICATION, BOUND);
                PreparedStatement statement = connection.prepareStatement(LIVING)) {
            statement.setArray(1, connection.createArrayOf("int4", expected.toArray()));
            Set<Integer> dead = new HashSet<>(expected);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    dead.remove(rows.getInt(1));
                }
            }
            snapshot.lost(dead);
            snapshot.refillSpares(spares);
        } catch (SQLException | StreamProblem notNow) {
            LOG.debug("The source did not tell who holds the snapshot; it is asked again", notNow);
        }
    }

    /** Waits for a look that is under way, so that nobody joins the snapshot afterwards. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(BOUND.multipliedBy(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
