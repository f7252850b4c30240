package io.shadowwrite.replication.source;

import io.shadowwrite.replication.NotYet;
import io.shadowwrite.replication.StreamProblem;
import java.sql.Connection;
import java.time.Duration;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Writes a transactional message to the WAL of the source at an interval, from its own thread and connection: a reader
 * that applies it is alive end to end. An unreachable source is logged once and tried again at the next beat.
 */
public final class Heartbeat implements AutoCloseable {

    private Heartbeat() {}

    /** Starts beating; the first beat comes at once. */
    public static Heartbeat start(SourceConnection source, String applicationName, Duration interval) {
        return NotYet.written(source + applicationName + interval);
    }

    /**
     * Writes one transactional message in the connection's transaction and answers the end of its record.
     *
     * @throws StreamProblem when the source refuses
     */
    public static LogSequenceNumber emit(Connection connection, String prefix, String content) {
        return NotYet.written(connection + prefix + content);
    }

    /** Beats written so far. */
    public long beats() {
        return 0;
    }

    /** Stops within two seconds. */
    @Override
    public void close() {}
}
