package io.shadowwrite.testsupport;

import java.nio.file.Path;
import java.time.Duration;

/** One PostgreSQL server, however it runs. Calls are made by one thread at a time. */
sealed interface ServerProcess permits LocalServer, ContainerServer {

    /** The loopback port; the same for the whole life of the server. */
    int port();

    /** The server's log, kept across restarts and gone after {@link #close()}. */
    Path log();

    boolean isRunning();

    /** Starts on the data of the last run and returns when connections are accepted. */
    void start();

    /** Fast shutdown; an {@link IllegalStateException} when the server is still there after {@code bound}. */
    void stopFast(Duration bound);

    /** Immediate shutdown: the next start recovers from the log, as after a crash. */
    void crash();

    /** Stops and removes everything that was created for this server. */
    void close();
}
