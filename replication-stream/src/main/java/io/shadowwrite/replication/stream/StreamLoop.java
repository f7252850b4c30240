package io.shadowwrite.replication.stream;

import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.StreamProblem.Code;
import io.shadowwrite.replication.TableName;
import io.shadowwrite.replication.source.SourceConnection;
import io.shadowwrite.replication.wal2json.Wal2JsonReader;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the thread that owns the stream does: read, put together, report. It never blocks for long and never waits for us. */
final class StreamLoop implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(StreamLoop.class);

    private static final long LONGEST_REPORT_PAUSE = TimeUnit.SECONDS.toNanos(1);
    private static final long SHORTEST_REPORT_PAUSE = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long FULL_PAUSE = TimeUnit.MILLISECONDS.toNanos(1);

    private final SlotSettings settings;
    private final Pace pace;
    private final OpenSlot slot;
    private final PGReplicationStream stream;
    private final InFlightWindow window;
    private final Wal2JsonReader reader;
    private final SideConnection side;
    private final TransactionAssembler assembler;

    private volatile boolean stopping;
    private volatile long lastTurn;
    private volatile LogSequenceNumber flushed;
    private volatile LogSequenceNumber received;
    private volatile int openChanges;
    private volatile long openBytes;

    // Touched by the stream thread only.
    private long lastReport;
    private long lastMessage;
    private long lastProof;

    StreamLoop(SlotSettings settings, OpenSlot slot, InFlightWindow window, LogSequenceNumber start) {
        this(
                settings,
                slot,
                window,
                start,
                new SideConnection(settings.connection(), settings.applicationName()),
                side -> new PartitionRoots(side)::rootOf,
                Pace.OF_THE_MACHINE);
    }

    StreamLoop(
            SlotSettings settings,
            OpenSlot slot,
            InFlightWindow window,
            LogSequenceNumber start,
            SideConnection side,
            Function<SideConnection, UnaryOperator<TableName>> roots,
            Pace pace) {
        this.settings = settings;
        this.pace = pace;
        this.lastTurn = pace.nanoTime();
        this.lastReport = lastTurn;
        this.lastMessage = lastTurn;
        this.lastProof = lastTurn;
        this.slot = slot;
        this.stream = slot.stream();
        this.window = window;
        this.reader = new Wal2JsonReader(settings.maxMessageBytes());
        this.side = side;
        this.assembler = new TransactionAssembler(
                new FullXid(slot.referenceXid()), roots.apply(side), settings.partChanges(), settings.partBytes());
        this.flushed = start;
        this.received = start;
    }

    @Override
    public void run() {
        try {
            report();
            while (!stopping) {
                lastTurn = pace.nanoTime();
                reportWhenDue();
                turn();
            }
            report();
        } catch (SQLException e) {
            fail(StreamProblem.of("streaming slot " + settings.slotName(), e));
        } catch (StreamProblem e) {
            fail(e);
        } catch (OutOfMemoryError e) {
            fail(new StreamProblem(
                    Code.MESSAGE_TOO_LARGE,
                    "the heap is too small for what slot " + settings.slotName() + " sends",
                    "Raise the heap to five times the largest transaction, then restart",
                    e));
        } catch (RuntimeException | Error e) {
            // Whatever it is: a thread that ended without a word would look like an idle source.
            fail(new StreamProblem(
                    Code.SOURCE_ERROR, "the stream thread failed: " + e, "Restart; if it stays, report it", e));
        } finally {
            // Without a farewell: the driver would first read the rest of the transaction that is being sent.
            SourceConnection.abandon((Connection) slot.connection());
            side.close();
        }
    }

    private void fail(StreamProblem problem) {
        if (!stopping) {
            LOG.warn("Slot {} is no longer read: {}", settings.slotName(), problem.getMessage());
        }
        window.fail(problem);
    }

    private void turn() throws SQLException {
        if (full()) {
            pace.pause(FULL_PAUSE);
            return;
        }
        ByteBuffer message = stream.readPending();
        received = stream.getLastReceiveLSN();
        if (message != null) {
            accept(message);
        } else if (stream.isClosed()) {
            throw new StreamProblem(
                    Code.CONNECTION_LOST, "the source ended the stream", "Check that the source is up, then retry");
        } else {
            rest();
        }
    }

    /** Whoever applies is behind. What alone is larger than the window is read on, or nothing would ever move. */
    private boolean full() {
        return window.anythingToWorkOn()
                && (window.changes() + assembler.openChanges() >= settings.maxInFlightChanges()
                        || window.bytes() + assembler.openBytes() >= settings.maxInFlightBytes());
    }

    private void accept(ByteBuffer message) {
        int size = message.remaining();
        Received complete = assembler.accept(reader.read(message), size);
        lastMessage = pace.nanoTime();
        // First into the window: in between it may be counted twice, but never not at all.
        if (complete != null) {
            window.add(complete);
        }
        openChanges = assembler.openChanges();
        openBytes = assembler.openBytes();
    }

    /** Nothing came. Between transactions everything up to the received position was delivered to us. */
    private void rest() {
        if (assembler.betweenTransactions()) {
            window.receivedBelow(received);
        }
        long now = pace.nanoTime();
        if (now - Math.max(lastMessage, lastProof) > settings.stallAfter().toNanos()) {
            requireStillReading();
            lastProof = pace.nanoTime();
        }
        // Reading waits up to a millisecond itself; a busy stream gets no pause on top, an idle one costs no processor.
        long quietMillis = TimeUnit.NANOSECONDS.toMillis(now - lastMessage);
        if (quietMillis > 100) {
            pace.pause(TimeUnit.MILLISECONDS.toNanos(quietMillis > 10_000 ? 5 : 1));
        }
    }

    /** A connection that a dead network holds open looks like an idle source; the server itself knows better. */
    private void requireStillReading() {
        int pid = side.ask("asking who reads slot " + settings.slotName(), this::activePid);
        if (pid != slot.connection().getBackendPID()) {
            throw new StreamProblem(
                    Code.CONNECTION_LOST,
                    "the source no longer knows us as the reader of slot " + settings.slotName(),
                    "Check the network between, then retry");
        }
    }

    private int activePid(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT active_pid FROM pg_catalog.pg_replication_slots WHERE slot_name = ?")) {
            statement.setString(1, settings.slotName());
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? rows.getInt(1) : 0;
            }
        }
    }

    private void reportWhenDue() throws SQLException {
        long pause = pace.nanoTime() - lastReport;
        boolean news = !window.applied().equals(flushed);
        if (pause >= Math.min(slot.statusInterval().toNanos(), LONGEST_REPORT_PAUSE)
                || (news && pause >= SHORTEST_REPORT_PAUSE)) {
            report();
        }
    }

    /** Asks for an answer, so that the position of an idle source comes to us. */
    private void report() throws SQLException {
        LogSequenceNumber applied = window.applied();
        stream.setFlushedLSN(applied);
        stream.setAppliedLSN(applied);
        stream.forceUpdateStatus();
        flushed = applied;
        lastReport = pace.nanoTime();
    }

    /** Asks the thread to report once more and end. */
    void stop() {
        stopping = true;
    }

    /** Takes the connection away from a thread that does not end by itself. */
    void abandon() {
        SourceConnection.abandon((Connection) slot.connection());
    }

    /** Nanoseconds since the thread last began a turn. */
    long sinceLastTurn() {
        return pace.nanoTime() - lastTurn;
    }

    LogSequenceNumber flushed() {
        return flushed;
    }

    LogSequenceNumber received() {
        return received;
    }

    int openChanges() {
        return openChanges;
    }

    long openBytes() {
        return openBytes;
    }
}
