package io.shadowwrite.replication.stream;

import io.shadowwrite.replication.NotYet;
import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.source.SourceIdentity;
import java.time.Duration;
import org.postgresql.replication.LogSequenceNumber;

/**
 * A slot as a stream of whole source transactions. One platform thread owns the connection, reads, and reports what was
 * applied; {@link #take} and {@link #applied} never touch the connection. One thread takes; any thread may report.
 *
 * <p>Nothing is confirmed to the source that was not passed to {@link #applied}. When too much is in flight reading
 * pauses, reporting does not.
 */
public final class ChangeStream implements AutoCloseable {

    private ChangeStream() {}

    /**
     * Opens the slot at a position and starts reading. Delivers exactly the transactions with a commit LSN at or above.
     *
     * @param start what the caller stored last: the {@code completeBelow} of its last batch, or the slot's consistent point
     * @throws StreamProblem SLOT_IN_USE, SLOT_MISSING, SLOT_OTHER_PLUGIN, SLOT_OTHER_DATABASE, SLOT_AHEAD, SLOT_LOST,
     *     SYSTEM_CHANGED, SESSION_SETTING, SERVER_ENCODING, PLUGIN_MISSING, PRIVILEGE, CONNECTION_REFUSED and others
     */
    public static ChangeStream open(SlotSettings settings, LogSequenceNumber start) {
        return NotYet.written(settings + start.toString());
    }

    /**
     * Waits for transactions, or for the position to move, and hands out what is there: whole transactions in commit
     * order until {@code maxChanges} row changes are reached, at least one transaction however large it is. When nothing
     * came within {@code wait} the batch is empty and its position is that of the batch before.
     *
     * @throws StreamProblem what the stream thread died of; transactions received before are not handed out any more
     */
    public Batch take(int maxChanges, Duration wait) throws InterruptedException {
        return NotYet.written(maxChanges + wait.toString());
    }

    /**
     * Says that everything with a commit LSN below is durable in the target and that this position is stored there. The
     * source may forget it. A position lower than one reported before changes nothing.
     *
     * @throws IllegalArgumentException when the position was never handed out
     */
    public void applied(LogSequenceNumber completeBelow) {
        NotYet.written(completeBelow.toString());
    }

    /** The position the stream was opened at. */
    public LogSequenceNumber start() {
        return NotYet.written();
    }

    /** The server that is read. */
    public SourceIdentity identity() {
        return NotYet.written();
    }

    /** How far the source has sent; may go back a little inside a transaction. */
    public LogSequenceNumber received() {
        return NotYet.written();
    }

    /** What was last reported to the source as applied. */
    public LogSequenceNumber flushed() {
        return NotYet.written();
    }

    /** Row changes received but not applied. */
    public int inFlightChanges() {
        return NotYet.written();
    }

    /** Bytes on the wire of what is received but not applied. */
    public long inFlightBytes() {
        return NotYet.written();
    }

    /** Reports what was applied and drops the connection, within about two seconds, without draining. */
    @Override
    public void close() {
        NotYet.written();
    }
}
