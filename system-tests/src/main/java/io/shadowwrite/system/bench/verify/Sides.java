package io.shadowwrite.system.bench.verify;

import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.ContractReader;
import io.shadowwrite.system.bench.BenchFailed;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresServer;
import io.shadowwrite.verification.session.PinnedSession;
import io.shadowwrite.verification.session.Sessions;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Two servers with equal rows under the worked contract; nothing writes to them while they are compared. */
public final class Sides implements AutoCloseable {

    private static final String CONTRACT = "contracts/src/main/resources/contracts/partners-to-unified";
    private static final long LARGE = 500_000;
    private static final Duration PATIENCE = Duration.ofHours(1);

    private final PostgresServer sourceServer;
    private final PostgresServer targetServer;
    private final Contract contract;
    private final Database source;
    private final Database target;

    private Sides(PostgresServer sourceServer, PostgresServer targetServer, Path home) {
        this.sourceServer = sourceServer;
        this.targetServer = targetServer;
        Path definitions = home.resolve(CONTRACT);
        this.contract = new ContractReader().read(definitions.resolve("contract.json"));
        this.source = sourceServer.createDatabase("partners");
        this.target = targetServer.createDatabase("unified");
        source.runScript(definitions.resolve("source.sql"));
        source.runScript(home.resolve("system-tests/src/main/resources/bench/verify/source.sql"));
        target.runScript(definitions.resolve("target.sql"));
        target.runScript(home.resolve("db/migration/V1__shadow_schema.sql"));
    }

    /**
     * Starts and fills both.
     *
     * @param rows in the source
     */
    public static Sides of(Path home, long rows) {
        PostgresServer source = PostgresServer.start(PostgresServer.Role.SOURCE, settings(rows));
        try {
            PostgresServer target = PostgresServer.start(PostgresServer.Role.TARGET, settings(rows));
            try {
                Sides sides = new Sides(source, target, home);
                sides.fill(rows);
                return sides;
            } catch (RuntimeException | Error e) {
                target.close();
                throw e;
            }
        } catch (RuntimeException | Error e) {
            source.close();
            throw e;
        }
    }

    private static PostgresServer.Settings settings(long rows) {
        PostgresServer.Settings settings = PostgresServer.Settings.defaults();
        return rows < LARGE ? settings : settings.with("shared_buffers", "1GB").with("max_wal_size", "8GB");
    }

    private void fill(long rows) {
        source.execute("call bench.fill(" + rows + ")");
        try (Connection connection = source.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("vacuum analyze");
        } catch (SQLException e) {
            throw new BenchFailed("the source could not be filled", e);
        }
        TwinTarget.fill(contract, source, target);
    }

    /** The worked contract. */
    public Contract contract() {
        return contract;
    }

    public Database source() {
        return source;
    }

    public Database target() {
        return target;
    }

    /** Connections that see the state of one moment, because nothing writes. */
    public static Sessions sessions(Database database, int readers) {
        List<Connection> connections = new ArrayList<>();
        try {
            for (int i = 0; i < readers; i++) {
                Connection connection = database.connect();
                connections.add(connection);
                PinnedSession.pin(connection, PATIENCE);
                connection.setAutoCommit(false);
                connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            }
            return new Sessions(connections, PATIENCE);
        } catch (SQLException e) {
            connections.forEach(Sessions::closeQuietly);
            throw new BenchFailed("cannot read " + database.name(), e);
        }
    }

    /** The release of PostgreSQL. */
    String version() {
        return String.valueOf(source.queryForString("show server_version"));
    }

    @Override
    public void close() {
        try {
            sourceServer.close();
        } finally {
            targetServer.close();
        }
    }
}
