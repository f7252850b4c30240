package io.shadowwrite.testsupport;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

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
    private boolean blackHole;
    private boolean refusing;
    private long delayMillis;

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
        change(() -> blackHole = true);
    }

    /** Waits this long before forwarding each piece of data, until {@link #heal()}. */
    public void delay(Duration delay) {
        change(() -> delayMillis = delay.toMillis());
    }

    /** Forwards again; what a black hole held back is delivered. */
    public void heal() {
        change(() -> {
            blackHole = false;
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
            Thread.ofVirtual().start(() -> copy(client, server));
            Thread.ofVirtual().start(() -> copy(server, client));
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

    private void copy(Socket from, Socket to) {
        byte[] buffer = new byte[8192];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                awaitPassage(from);
                out.write(buffer, 0, length);
            }
        } catch (IOException | InterruptedException ended) {
            // One side is gone: the other must notice too.
        } finally {
            close(from);
            close(to);
        }
    }

    private void awaitPassage(Socket from) throws InterruptedException {
        Thread.sleep(delayWhenOpen(from));
    }

    private long delayWhenOpen(Socket from) throws InterruptedException {
        lock.lock();
        try {
            while (blackHole && !from.isClosed()) {
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
