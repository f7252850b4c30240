package io.shadowwrite.replication.stream;

import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.StreamProblem.Code;
import io.shadowwrite.replication.source.SourceIdentity;
import java.time.Duration;
import org.postgresql.replication.LogSequenceNumber;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A slot as a stream of source transactions, whole but for those too large to be held. One platform thread owns the
 * connection, reads, and reports what was applied; {@link #take} and {@link #applied} never touch the connection. One thread
 * takes; any thread may report.
 *
 * <p>Nothing is confirmed to the source that was not passed to {@link #applied}. When too much is in flight reading
 * pauses, reporting does not.
 */
public final class ChangeStream implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ChangeStream.class);
    private static final Duration STOP_BOUND = Duration.ofMillis(1500);
    private static final Duration ABANDON_BOUND = Duration.ofMillis(500);

    private final SlotSettings settings;
    private final LogSequenceNumber start;
    private final SourceIdentity identity;
    private final InFlightWindow window;
    private final StreamLoop loop;
    private final Thread thread;

    /** @param thread which runs the loop */
    ChangeStream(
            SlotSettings settings,
            LogSequenceNumber start,
            SourceIdentity identity,
            InFlightWindow window,
            StreamLoop loop,
            Thread thread) {
        this.settings = settings;
        this.start = start;
        this.identity = identity;
        this.window = window;
        this.loop = loop;
        this.thread = thread;
    }

    /**
     * Opens the slot at a position and starts reading. Delivers exactly the transactions with a commit LSN at or above.
     *
     * @param start what the caller stored last: the {@code completeBelow} of its last batch, or the slot's consistent point
     * @throws StreamProblem SLOT_IN_USE, SLOT_MISSING, SLOT_OTHER_PLUGIN, SLOT_OTHER_DATABASE, SLOT_AHEAD, SLOT_LOST,
     *     SYSTEM_CHANGED, SESSION_SETTING, SERVER_ENCODING, PLUGIN_MISSING, PRIVILEGE, CONNECTION_REFUSED and others
     */
    public static ChangeStream open(SlotSettings settings, LogSequenceNumber start) {
        if (start.equals(LogSequenceNumber.INVALID_LSN)) {
            throw new IllegalArgumentException("a stream needs a position to start at");
        }
        OpenSlot slot = OpenSlot.at(settings, start);
        InFlightWindow window = new InFlightWindow(start);
        StreamLoop loop = new StreamLoop(settings, slot, window, start);
        Thread thread = Thread.ofPlatform()
                .daemon()
                .name("stream-" + settings.slotName())
                .unstarted(loop);
        ChangeStream stream = new ChangeStream(settings, start, slot.identity(), window, loop, thread);
        thread.start();
        LOG.info("Reading slot {} from {}", settings.slotName(), start);
        return stream;
    }

    /**
     * Waits for transactions, or for the position to move, and hands out what is there: whole transactions in commit
     * order until {@code maxChanges} row changes or 4 MiB are reached, at least one transaction; or the next part of a
     * transaction above the size of the settings, however large it is. When nothing came within {@code wait} the batch is empty and
     * its position is that of the one before. What was handed out as a part is forgotten with the next call.
     *
     * @throws StreamProblem what the stream thread died of; transactions received before are not handed out any more
     */
    public Handout take(int maxChanges, Duration wait) throws InterruptedException {
        if (thread.isAlive() && loop.sinceLastTurn() > settings.stallAfter().toNanos()) {
            window.fail(new StreamProblem(
                    Code.STALLED,
                    "slot " + settings.slotName() + " stopped inside a message",
                    "Check the network to the source, then retry"));
            loop.abandon();
        }
        return window.take(maxChanges, wait.toNanos());
    }

    /**
     * Says that everything with a commit LSN below is durable in the target and that this position is stored there. The
     * source may forget it. A position lower than one reported before changes nothing.
     *
     * @throws IllegalArgumentException when the position was never handed out
     */
    public void applied(LogSequenceNumber completeBelow) {
        window.applied(completeBelow);
    }

    /** The position the stream was opened at. */
    public LogSequenceNumber start() {
        return start;
    }

    /** The server that is read. */
    public SourceIdentity identity() {
        return identity;
    }

    /** How far the source has sent; may go back a little inside a transaction. */
    public LogSequenceNumber received() {
        return loop.received();
    }

    /** What was last reported to the source as applied. */
    public LogSequenceNumber flushed() {
        return loop.flushed();
    }

    /** Row changes received but not applied. */
    public int inFlightChanges() {
        return window.changes() + loop.openChanges();
    }

    /** Bytes on the wire of what is received but not applied. */
    public long inFlightBytes() {
        return window.bytes() + loop.openBytes();
    }

    /** Reports what was applied and drops the connection, within about two seconds, without draining. */
    @Override
    public void close() {
        loop.stop();
        window.fail(new StreamProblem(Code.CONNECTION_LOST, "the stream was closed", "Open it again"));
        try {
            if (!thread.join(STOP_BOUND)) {
                loop.abandon();
                if (!thread.join(ABANDON_BOUND)) {
                    LOG.warn("The thread of slot {} did not end in time", settings.slotName());
                }
            }
        } catch (InterruptedException e) {
            loop.abandon();
            Thread.currentThread().interrupt();
        }
    }
}
