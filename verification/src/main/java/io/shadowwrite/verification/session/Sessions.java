package io.shadowwrite.verification.session;

import io.shadowwrite.verification.session.VerificationProblem.Code;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * Connections that see one snapshot, lent to one piece of work at a time. Safe for any number of threads; those that find
 * none free wait. A thread that reads while it reads goes on with the connection it has, so none waits for itself.
 */
public final class Sessions implements AutoCloseable {

    /** Work on a lent connection, inside its open transaction. */
    @FunctionalInterface
    public interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    private final List<Connection> all;
    private final BlockingQueue<Connection> free;
    private final Duration maxWait;
    private final Map<Thread, Connection> lent = new ConcurrentHashMap<>();
    private final AtomicReference<@Nullable VerificationProblem> failed = new AtomicReference<>();

    /**
     * Takes over the connections.
     *
     * @param maxWait how long a thread may wait for a free one
     */
    public Sessions(List<Connection> connections, Duration maxWait) {
        this.all = List.copyOf(connections);
        this.free = new ArrayBlockingQueue<>(all.size(), true, all);
        this.maxWait = maxWait;
    }

    /**
     * Does the work on a free connection.
     *
     * @param what what is read, for the problem
     * @throws VerificationProblem READ_FAILED with the SQLSTATE; the server's message may hold values and stays out. Once
     *     a read has failed every later one fails with the same problem: the failed transaction has lost its snapshot
     */
    public <T> T read(String what, Work<T> work) {
        Connection held = lent.get(Thread.currentThread());
        if (held != null) {
            return read(what, work, held);
        }
        Connection connection = borrow(what);
        lent.put(Thread.currentThread(), connection);
        try {
            return read(what, work, connection);
        } finally {
            lent.remove(Thread.currentThread());
            free.add(connection);
        }
    }

    /** What every connection has to do before anybody reads. */
    @FunctionalInterface
    public interface Preparation {
        void on(Connection connection) throws SQLException;
    }

    /**
     * Prepares every connection, one after the other, while none is lent.
     *
     * @throws VerificationProblem as {@link #read}
     */
    public void each(String what, Preparation preparation) {
        for (Connection connection : all) {
            read(
                    what,
                    prepared -> {
                        preparation.on(prepared);
                        return prepared;
                    },
                    connection);
        }
    }

    /** How many can read at once. */
    public int size() {
        return all.size();
    }

    private <T> T read(String what, Work<T> work, Connection connection) {
        try {
            refuseAfterFailure();
            return work.on(connection);
        } catch (SQLException e) {
            VerificationProblem problem = new VerificationProblem(
                    Code.READ_FAILED,
                    "reading %s failed with SQLSTATE %s".formatted(what, e.getSQLState()),
                    "The server's log has the statement and the reason",
                    e);
            failed.compareAndSet(null, problem);
            throw problem;
        }
    }

    private void refuseAfterFailure() {
        VerificationProblem first = failed.get();
        if (first != null) {
            throw first;
        }
    }

    private Connection borrow(String what) {
        try {
            Connection connection = free.poll(maxWait.toMillis(), TimeUnit.MILLISECONDS);
            if (connection != null) {
                return connection;
            }
            throw tooSlow(what, null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw tooSlow(what, e);
        }
    }

    private static VerificationProblem tooSlow(String what, @Nullable Throwable cause) {
        return new VerificationProblem(
                Code.TOO_SLOW, "no reader became free for " + what, "Give the tick more readers or more time", cause);
    }

    /**
     * Makes the servers end what is being read, and everybody who reads from now on fail.
     *
     * @param reason what they fail with
     */
    public void breakOff(VerificationProblem reason) {
        failed.compareAndSet(null, reason);
        lent.values().forEach(Sessions::cancel);
    }

    private static void cancel(Connection connection) {
        try {
            connection.unwrap(PGConnection.class).cancelQuery();
        } catch (SQLException gone) {
            // The server ends by itself what nobody waits for, after its bound on a statement.
            return;
        }
    }

    /** Ends every transaction and connection. */
    @Override
    public void close() {
        all.forEach(Sessions::closeQuietly);
    }

    /** Closes without complaint: nothing was written, so nothing can be lost. */
    public static void closeQuietly(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            // The server ends the transaction of a broken connection by itself.
            return;
        }
    }
}
