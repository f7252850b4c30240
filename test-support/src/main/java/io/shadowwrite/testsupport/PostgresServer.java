package io.shadowwrite.testsupport;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server that is thrown away when closed (or when the JVM ends), for tests and for demonstrations.
 *
 * <p>It listens on 127.0.0.1 only, superuser {@link Database#USER}. By default it does not sync to disk: its data survive
 * {@link #crash()} but not a power cut. Methods may be called from any thread.
 */
public final class PostgresServer implements AutoCloseable {

    /** How long {@link #stopFast()} and {@link #restart()} wait for the server to go. */
    public static final Duration STOP_BOUND = Duration.ofSeconds(30);

    private final Role role;
    private final ServerProcess process;

    /** Which side of the migration a server stands for. */
    public enum Role {
        /** Logical decoding is on and wal2json allowed. */
        SOURCE,
        /** As PostgreSQL comes. */
        TARGET
    }

    /**
     * What differs from the default.
     *
     * @param parameters server settings that win over ours
     * @param durable whether the server syncs to disk
     * @param port loopback port, 0 for any free one
     * @param directory where data and log live and stay after closing (an existing cluster in it is used again); null for
     *     a temporary one
     */
    public record Settings(
            Map<String, String> parameters,
            boolean durable,
            int port,
            @Nullable Path directory) {

        public Settings {
            parameters = Map.copyOf(parameters);
        }

        /** Fast, any port, temporary directory. */
        public static Settings defaults() {
            return new Settings(Map.of(), false, 0, null);
        }

        /** The same with one server setting more. */
        public Settings with(String parameter, String value) {
            Map<String, String> more = new LinkedHashMap<>(parameters);
            more.put(parameter, value);
            return new Settings(more, durable, port, directory);
        }

        /** The same, syncing to disk. */
        public Settings syncing() {
            return new Settings(parameters, true, port, directory);
        }

        /** The same on a fixed loopback port. */
        public Settings onPort(int fixed) {
            return new Settings(parameters, durable, fixed, directory);
        }

        /** The same in a directory that stays. */
        public Settings in(Path kept) {
            return new Settings(parameters, durable, port, kept);
        }
    }

    private PostgresServer(Role role, ServerProcess process) {
        this.role = role;
        this.process = process;
    }

    /** Starts a server with default settings. */
    public static PostgresServer start(Role role) {
        return start(role, Settings.defaults());
    }

    /** Starts a server and returns when it accepts connections; {@link PostgresMissing} when there is none to start. */
    public static PostgresServer start(Role role, Settings settings) {
        ServerProcess process = PostgresProvider.choose().prepare(role, settings);
        try {
            process.start();
        } catch (RuntimeException | AssertionError e) {
            process.close();
            throw e;
        }
        return new PostgresServer(role, process);
    }

    /** Which side it stands for. */
    public Role role() {
        return role;
    }

    /** The address it listens on. */
    public String host() {
        return "127.0.0.1";
    }

    /** The port it listens on, before and after every restart. */
    public int port() {
        return process.port();
    }

    /** The server's log; kept across restarts. */
    public Path log() {
        return process.log();
    }

    /** The maintenance database {@code postgres}. */
    public Database admin() {
        return database("postgres");
    }

    /** The database of that name, which is not checked to exist. */
    public Database database(String name) {
        return new Database(host(), port(), name, Database.USER, Database.PASSWORD);
    }

    /** Creates an empty database. */
    public Database createDatabase(String name) {
        admin().execute("CREATE DATABASE " + quoted(name));
        return database(name);
    }

    /** Drops a database if it exists, disconnecting everyone in it. */
    public void dropDatabase(String name) {
        admin().execute("DROP DATABASE IF EXISTS " + quoted(name) + " WITH (FORCE)");
    }

    private static String quoted(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    /** Starts again on the same data and port; a running server is first shut down fast. */
    public void restart() {
        synchronized (process) {
            process.stopFast(STOP_BOUND);
            process.start();
        }
    }

    /** Fast shutdown within {@link #STOP_BOUND}. Start again with {@link #restart()}. */
    public void stopFast() {
        stopFast(STOP_BOUND);
    }

    /** Fast shutdown; an {@link IllegalStateException} when the server is still there after {@code bound}. */
    public void stopFast(Duration bound) {
        synchronized (process) {
            process.stopFast(bound);
        }
    }

    /** Stops without a checkpoint, so that {@link #restart()} recovers as after a crash. */
    public void crash() {
        synchronized (process) {
            process.crash();
        }
    }

    /**
     * Kills every process of the server at once, as the kernel does when memory is short, also while it starts or recovers.
     * What it has written but not synced survives, because the machine goes on. Start again with {@link #restart()} or
     * {@link #begin()}.
     */
    public void kill() {
        synchronized (process) {
            process.kill();
        }
    }

    /** Starts again on the same data and port, and returns while the server still recovers. */
    public void begin() {
        synchronized (process) {
            process.begin();
        }
    }

    /** Whether the server process is there. */
    public boolean isRunning() {
        return process.isRunning();
    }

    @Override
    public void close() {
        synchronized (process) {
            process.close();
        }
    }
}
