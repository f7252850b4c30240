package io.shadowwrite.testsupport;

import io.shadowwrite.testsupport.BytePoint.Way;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a client and a loopback port and breaks the connection in ways a network does.
 *
 * <p>Two virtual threads copy each connection. Methods may be called from any thread and act on open connections too.
 */
public final class TcpProxy implements AutoCloseable {

    private final int targetPort;
    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<Way> stopped = EnumSet.noneOf(Way.class);
    private volatile @Nullable Armed armed;
    private boolean refusing;
    private long delayMillis;

    /** What is to happen where. */
    private record Armed(BytePoint point, Deed deed, byte instead) {

        Armed(BytePoint point, Deed deed) {
            this(point, deed, (byte) 0);
        }
    }

    private enum Deed {
        STOP,
        CUT,
        SPOIL,
        NOTHING
    }

    private TcpProxy(int targetPort, ServerSocket listener) {
        this.targetPort = targetPort;
        this.listener = listener;
    }

    /** Listens on a free loopback port and forwards to {@code targetPort}. */
    public static TcpProxy to(int targetPort) {
        try {
            ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            TcpProxy proxy = new TcpProxy(targetPort, listener);
            Thread.ofVirtual().name("tcp-proxy-" + targetPort).start(proxy::accept);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The port clients connect to. */
    public int port() {
        return listener.getLocalPort();
    }

    /** Closes every open connection; new ones are accepted. */
    public void cut() {
        change(() -> open.forEach(TcpProxy::closeQuietly));
    }

    /** Closes every open connection and every new one at once, until {@link #heal()}. */
    public void refuse() {
        change(() -> refusing = true);
        cut();
    }

    /** Keeps connections open but forwards nothing in either direction until {@link #heal()}. */
    public void blackHole() {
        change(() -> stopped.addAll(EnumSet.allOf(Way.class)));
    }

    /** Keeps connections open but forwards nothing that way until {@link #heal()}. */
    public void stop(Way way) {
        change(() -> stopped.add(way));
    }

    /** Once the bytes have come to the point, nothing more is forwarded that way on any connection until {@link #heal()}. */
    public BytePoint stopAt(BytePoint point) {
        armed = new Armed(point, Deed.STOP);
        return point;
    }

    /** Tells when the bytes have come to the point, and does nothing about it. */
    public BytePoint watch(BytePoint point) {
        armed = new Armed(point, Deed.NOTHING);
        return point;
    }

    /** Once the bytes have come to the point, their connection is closed, and no other. */
    public BytePoint cutAt(BytePoint point) {
        armed = new Armed(point, Deed.CUT);
        return point;
    }

    /** The byte with which the point is reached arrives as this one; everything else as it is. */
    public BytePoint spoilAt(BytePoint point, int instead) {
        armed = new Armed(point, Deed.SPOIL, (byte) instead);
        return point;
    }

    /** Waits this long before forwarding each piece of data, until {@link #heal()}. */
    public void delay(Duration delay) {
        change(() -> delayMillis = delay.toMillis());
    }

    /** Forwards again; what was held back is delivered. A point that was not reached yet is still waited for. */
    public void heal() {
        change(() -> {
            stopped.clear();
            refusing = false;
            delayMillis = 0;
        });
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                connect(listener.accept());
            } catch (IOException listenerClosed) {
                closeQuietly(listener);
            }
        }
    }

    private void connect(Socket client) {
        open.add(client);
        try {
            if (isRefusing()) {
                throw new IOException("refused on purpose");
            }
            Socket server = new Socket(InetAddress.getLoopbackAddress(), targetPort);
            open.add(server);
            Thread.ofVirtual().start(() -> copy(client, server, Way.TO_SERVER));
            Thread.ofVirtual().start(() -> copy(server, client, Way.TO_CLIENT));
        } catch (IOException unreachable) {
            close(client);
        }
    }

    private boolean isRefusing() {
        lock.lock();
        try {
            return refusing;
        } finally {
            lock.unlock();
        }
    }

    private void copy(Socket from, Socket to, Way way) {
        byte[] buffer = new byte[8192];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            BytePoint.@Nullable Search search = null;
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                awaitPassage(from, way);
                search = search(search, way);
                int before = search == null ? -1 : search.before(buffer, length);
                if (before < 0) {
                    out.write(buffer, 0, length);
                } else {
                    spoil(buffer, before - 1);
                    out.write(buffer, 0, before);
                    cutOrStop(from, way);
                    out.write(buffer, before, length - before);
                }
            }
            // That one side closes is not heard of through a black hole either.
            awaitPassage(to, way);
        } catch (IOException | InterruptedException ended) {
            // One side is gone: the other must notice too.
        } finally {
            close(from);
            close(to);
        }
    }

    /** The one before, if it is for what is armed now. */
    private BytePoint.@Nullable Search search(BytePoint.@Nullable Search before, Way way) {
        Armed now = armed;
        if (now == null) {
            return null;
        }
        return before != null && before.point() == now.point() ? before : now.point().new Search(way);
    }

    private void spoil(byte[] buffer, int last) {
        Armed now = armed;
        if (now != null && now.deed() == Deed.SPOIL) {
            buffer[last] = now.instead();
        }
    }

    private void cutOrStop(Socket from, Way way) throws IOException, InterruptedException {
        Armed now = armed;
        switch (now == null ? Deed.NOTHING : now.deed()) {
            case CUT -> throw new IOException("cut on purpose");
            case STOP -> {
                stop(way);
                awaitPassage(from, way);
            }
            case SPOIL, NOTHING -> {}
        }
    }

    private void awaitPassage(Socket from, Way way) throws InterruptedException {
        Thread.sleep(delayWhenOpen(from, way));
    }

    private long delayWhenOpen(Socket from, Way way) throws InterruptedException {
        lock.lock();
        try {
            while (stopped.contains(way) && !from.isClosed()) {
                changed.await();
            }
            return delayMillis;
        } finally {
            lock.unlock();
        }
    }

    private void close(Socket socket) {
        open.remove(socket);
        closeQuietly(socket);
    }

    private static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception alreadyBroken) {
            // Closing is all that was wanted.
        }
    }

    @Override
    public void close() {
        closeQuietly(listener);
        cut();
        heal();
    }
}
