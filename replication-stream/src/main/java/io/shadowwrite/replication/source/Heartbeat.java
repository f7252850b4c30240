package io.shadowwrite.replication.source;

import io.shadowwrite.replication.LogicalMessage;
import io.shadowwrite.replication.Lsn;
import io.shadowwrite.replication.StreamProblem;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a transactional message to the WAL of the source at an interval, from its own thread and connection: a reader
 * that applies it is alive end to end. An unreachable source is logged once and tried again at the next beat.
 */
public final class Heartbeat implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);
    private static final Duration ANSWER_BOUND = Duration.ofSeconds(10);
    private static final Duration STOP_BOUND = Duration.ofSeconds(2);
    private static final String EMIT = "SELECT pg_catalog.pg_logical_emit_message(true, ?, ?)::text";

    private final SourceConnection source;
    private final String applicationName;
    private final Duration interval;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final AtomicLong beats = new AtomicLong();
    private final Thread thread;

    // Written by the beating thread; read by the closing one, which aborts a connection that hangs.
    private volatile @Nullable Connection connection;
    // Touched by the beating thread only.
    private boolean failing;

    private Heartbeat(SourceConnection source, String applicationName, Duration interval) {
        this.source = source;
        this.applicationName = applicationName;
        this.interval = interval;
        this.thread = Thread.ofPlatform().daemon().name("heartbeat").unstarted(this::run);
    }

    /** Starts beating; the first beat comes at once. */
    public static Heartbeat start(SourceConnection source, String applicationName, Duration interval) {
        Heartbeat heartbeat = new Heartbeat(source, applicationName, interval);
        heartbeat.thread.start();
        return heartbeat;
    }

    /**
     * Writes one transactional message in the connection's transaction and answers the end of its record.
     *
     * @throws StreamProblem when the source refuses
     */
    public static LogSequenceNumber emit(Connection connection, String prefix, String content) {
        try (PreparedStatement statement = connection.prepareStatement(EMIT)) {
            statement.setString(1, prefix);
            statement.setString(2, content);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return Lsn.parse(rows.getString(1));
            }
        } catch (SQLException e) {
            throw StreamProblem.of("writing a logical message", e);
        }
    }

    private void run() {
        try {
            do {
                beat();
            } while (!stop.await(interval.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            drop();
        }
    }

    private void beat() {
        try {
            Connection open = connection;
            if (open == null) {
                open = source.openBounded(applicationName, ANSWER_BOUND);
                connection = open;
            }
            emit(open, LogicalMessage.HEARTBEAT, applicationName);
            beats.incrementAndGet();
            if (failing) {
                LOG.info("Heartbeat to the source works again");
            }
            failing = false;
        } catch (StreamProblem e) {
            drop();
            if (!failing && stop.getCount() > 0) {
                LOG.warn("No heartbeat to the source, will retry every {}: {}", interval, e.getMessage());
            }
            failing = true;
        }
    }

    private void drop() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                SourceConnection.abandon(open);
            }
        }
    }

    /** Beats written so far. */
    public long beats() {
        return beats.get();
    }

    /** Stops within two seconds. */
    @Override
    public void close() {
        stop.countDown();
        try {
            if (!thread.join(STOP_BOUND)) {
                Connection open = connection;
                if (open != null) {
                    SourceConnection.abandon(open);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
