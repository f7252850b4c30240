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

    /** The same without waiting; whoever connects too early is refused. */
    void begin();

    /** Fast shutdown; an {@link IllegalStateException} when the server is still there after {@code bound}. */
    void stopFast(Duration bound);

    /** Immediate shutdown: the next start recovers from the log, as after a crash. */
    void crash();

    /** SIGKILL for all processes of the server at once, whatever they are doing; returns when they are gone. */
    void kill();

    /** Stops and removes everything that was created for this server. */
    void close();
}
