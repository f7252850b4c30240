package io.shadowwrite.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.ImageFromDockerfile;
import org.testcontainers.images.builder.Transferable;

/** A server in a container of the Docker engine of this machine, on a fixed loopback port so that it survives restarts. */
final class ContainerServer implements ServerProcess {

    private static final String IMAGE = "shadow-write/postgres-wal2json:15";

    private static final String DOCKERFILE = """
            FROM postgres:15-bookworm
            RUN apt-get update \\
             && apt-get install -y --no-install-recommends postgresql-15-wal2json \\
             && rm -rf /var/lib/apt/lists/* \\
             && echo "include_if_exists = '/etc/shadow-test.conf'" >> /usr/share/postgresql/postgresql.conf.sample
            """;

    /** Runs once, while the data directory is new: only there is it known whether the server has the setting. */
    private static final String ALLOW_WAL2JSON = """
            if psql --username postgres --no-align --tuples-only \\
                    --command "SELECT current_setting('%1$s', true) IS NOT NULL" | grep -q t; then
                echo "%1$s = '%2$s'" >> "$PGDATA/postgresql.conf"
            fi
            """.formatted(PostgresProvider.ALLOW_LIST, PostgresProvider.ALLOWED);

    private static final Duration START_BOUND = Duration.ofMinutes(2);
    private static final Duration STOP_BOUND = Duration.ofSeconds(30);

    private final int port;
    private final Path log;
    private final GenericContainer<?> container;

    ContainerServer(PostgresServer.Role role, PostgresServer.Settings settings) {
        if (settings.directory() != null) {
            throw new IllegalStateException("A server in a directory of its own needs PostgreSQL on this machine: "
                    + PostgresProvider.PACKAGES);
        }
        this.port = settings.port() != 0 ? settings.port() : LoopbackPort.free();
        this.log = newLogFile();
        this.container = container(PostgresProvider.asConfiguration(PostgresProvider.parameters(role, settings)));
        if (role == PostgresServer.Role.SOURCE) {
            container.withCopyToContainer(
                    Transferable.of(ALLOW_WAL2JSON), "/docker-entrypoint-initdb.d/allow-wal2json.sh");
        }
        container.setPortBindings(List.of("127.0.0.1:" + port + ":5432"));
    }

    private static GenericContainer<?> container(String configuration) {
        return new GenericContainer<>(
                        new ImageFromDockerfile(IMAGE, false).withFileFromString("Dockerfile", DOCKERFILE))
                .withExposedPorts(5432)
                .withEnv("POSTGRES_HOST_AUTH_METHOD", "trust")
                .withEnv("POSTGRES_INITDB_ARGS", "--no-sync --encoding=UTF8 --locale=C.UTF-8")
                .withCopyToContainer(Transferable.of(configuration), "/etc/shadow-test.conf")
                // Once for the server that initialises the data directory, once for the real one.
                .waitingFor(
                        Wait.forLogMessage(".*ready to accept connections.*", 2).withStartupTimeout(START_BOUND));
    }

    private static Path newLogFile() {
        try {
            return Files.createTempFile("shadow-pg-", ".log");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public Path log() {
        try {
            return Files.writeString(log, container.getLogs());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean isRunning() {
        return container.isRunning();
    }

    @Override
    public void start() {
        if (container.getContainerId() == null) {
            container.start();
        } else {
            begin();
        }
        Database admin = new Database("127.0.0.1", port, "postgres", Database.USER, Database.PASSWORD);
        Await.until(
                "PostgreSQL in a container accepts connections on port " + port,
                START_BOUND,
                () -> admin.queryForLong("SELECT 1") == 1);
    }

    @Override
    public void begin() {
        container
                .getDockerClient()
                .startContainerCmd(container.getContainerId())
                .exec();
    }

    @Override
    public void stopFast(Duration bound) {
        stop("INT", bound);
    }

    @Override
    public void crash() {
        stop("QUIT", STOP_BOUND);
    }

    /** What kills the first process of a container kills all of it. */
    @Override
    public void kill() {
        stop("KILL", STOP_BOUND);
    }

    private void stop(String signal, Duration bound) {
        if (!isRunning()) {
            return;
        }
        container
                .getDockerClient()
                .killContainerCmd(container.getContainerId())
                .withSignal(signal)
                .exec();
        try {
            Await.until("the container stopped", bound, () -> !isRunning());
        } catch (AssertionError e) {
            throw new IllegalStateException("PostgreSQL on port " + port + " is still there after " + bound, e);
        }
    }

    @Override
    public void close() {
        container.stop();
        try {
            Files.deleteIfExists(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
