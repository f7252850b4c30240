package io.shadowwrite.replication.stream;

import io.shadowwrite.replication.slot.SlotInfo;
import io.shadowwrite.replication.source.SourceIdentity;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.time.Duration;
import java.util.function.Consumer;
import org.postgresql.PGConnection;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;

/** The product's own stream over what a simulated source says in place of the driver. */
public final class SimulatedStream {

    private static final Duration STATUS_INTERVAL = Duration.ofSeconds(1);
    private static final Thread ENDED = ended();

    private SimulatedStream() {}

    /**
     * What is checked before a slot is streamed.
     *
     * @throws io.shadowwrite.replication.StreamProblem SLOT_IN_USE, SLOT_AHEAD and others
     */
    public static void requireReadable(SlotInfo slot, LogSequenceNumber start) {
        OpenSlot.requireReadable(slot, slot.database(), start);
    }

    /**
     * Starts reading.
     *
     * @param abandon drops the connection
     * @param threads runs the loop of the stream's thread
     */
    public static ChangeStream open(
            SlotSettings settings,
            LogSequenceNumber start,
            SourceIdentity identity,
            PGReplicationStream stream,
            Runnable abandon,
            Pace pace,
            Consumer<Runnable> threads) {
        OpenSlot slot = new OpenSlot(connection(abandon), stream, identity, STATUS_INTERVAL, 1);
        InFlightWindow window = new InFlightWindow(start, pace);
        SideConnection side = new SideConnection(settings.connection(), settings.applicationName());
        StreamLoop loop = new StreamLoop(settings, slot, window, start, side, _ -> table -> table, pace);
        threads.accept(loop);
        return new ChangeStream(settings, start, identity, window, loop, ENDED);
    }

    /** Good for being dropped. */
    private static PGConnection connection(Runnable abandon) {
        return (PGConnection) Proxy.newProxyInstance(
                SimulatedStream.class.getClassLoader(),
                new Class<?>[] {PGConnection.class, Connection.class},
                (_, method, _) -> {
                    switch (method.getName()) {
                        case "abort", "close" -> abandon.run();
                        default -> throw new UnsupportedOperationException(method.getName());
                    }
                    return null;
                });
    }

    /** The loop has a thread of the machine; whoever closes the stream need not wait for it. */
    private static Thread ended() {
        try {
            Thread thread = new Thread();
            thread.start();
            thread.join();
            return thread;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
