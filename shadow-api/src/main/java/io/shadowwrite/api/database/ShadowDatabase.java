package io.shadowwrite.api.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import io.shadowwrite.api.start.StartRefused;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.RowMapperResultSetExtractor;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Our own pool of connections to the target. Not a bean of type {@link DataSource} on purpose: a host's data source,
 * transaction manager and persistence unit are found by type, and must not find ours. Thread-safe.
 */
public final class ShadowDatabase implements AutoCloseable {

    /**
     * Whatever the role or the database prescribes, every session reads and writes one spelling of a value. Plans are
     * generic because the arrays of a batch are always parameters, and planning each batch anew costs more than it gains.
     * Whoever waits for a lock gives up long before a statement does, so that a statement that is cancelled was too long itself.
     */
    private static final String SESSION = """
            set timezone = 'UTC';
            set datestyle = 'ISO, MDY';
            set intervalstyle = 'postgres';
            set search_path = '';
            set bytea_output = 'hex';
            set extra_float_digits = 1;
            set standard_conforming_strings = on;
            set default_transaction_isolation = 'read committed';
            set synchronous_commit = on;
            set plan_cache_mode = force_generic_plan;
            set jit = off;
            set idle_in_transaction_session_timeout = '60s';
            set statement_timeout = '60s';
            set lock_timeout = '10s';
            """;

    /** Arrays of timestamptz, uuid and pg_lsn, which the driver would send as text that the server has to read. */
    private static final String SENT_AS_THEY_ARE = "1185,2951,3221";

    private static final String URL_PREFIX = "jdbc:postgresql://";

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /** A statement that is cancelled says so; a connection that says nothing for longer died. */
    private static final Duration BEYOND_STATEMENT = Duration.ofSeconds(30);

    private final HikariDataSource pool;
    private final JdbcTemplate template;
    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;

    /**
     * Where the target is.
     *
     * @param poolSize most connections at a time
     */
    public record Settings(String url, String user, String password, int poolSize) {

        @Override
        public String toString() {
            return "Settings[url=%s, user=%s]".formatted(url, user);
        }
    }

    /**
     * Connects.
     *
     * @throws StartRefused when the target cannot be reached
     */
    public ShadowDatabase(Settings settings) {
        pool = open(settings);
        template = new JdbcTemplate(pool);
        jdbc = JdbcClient.create(template);
        // This one translates what a commit refuses, too: a deferred constraint is due there.
        transactions = new TransactionTemplate(new JdbcTransactionManager(pool));
        transactions.setIsolationLevel(TransactionDefinition.ISOLATION_DEFAULT);
    }

    private static HikariDataSource open(Settings settings) {
        if (!settings.url().startsWith(URL_PREFIX)) {
            throw StartRefused.invalid(
                    "shadow.target.url",
                    List.of("shadow.target.url is %shost:port/database, not %s".formatted(URL_PREFIX, settings.url())));
        }
        HikariConfig config = new HikariConfig();
        config.setPoolName("shadow-api");
        config.setJdbcUrl(settings.url());
        config.setUsername(settings.user());
        config.setPassword(settings.password());
        config.setMaximumPoolSize(settings.poolSize());
        config.setConnectionTimeout(CONNECT_TIMEOUT.toMillis());
        config.setConnectionInitSql(SESSION);
        config.addDataSourceProperty("ApplicationName", "shadow-api");
        config.addDataSourceProperty("connectTimeout", String.valueOf(CONNECT_TIMEOUT.toSeconds()));
        // Longer than any statement may run: only a connection that died silently gets here.
        config.addDataSourceProperty("socketTimeout", "90");
        config.addDataSourceProperty("tcpKeepAlive", "true");
        config.addDataSourceProperty("binaryTransferEnable", SENT_AS_THEY_ARE);
        try {
            return new HikariDataSource(config);
        } catch (PoolInitializationException e) {
            throw StartRefused.unreachable(
                    "the target %s cannot be reached as %s (%s); check shadow.target.url, .user and SHADOW_TARGET_PASSWORD"
                            .formatted(settings.url(), settings.user(), e.getMessage()),
                    e);
        }
    }

    /** Statements on a connection of the transaction that is open in this thread, else each on its own. */
    public JdbcClient jdbc() {
        return jdbc;
    }

    /**
     * Statements without parameters that need not wait for each other's answers: they travel together, and each has a
     * snapshot of its own.
     *
     * @return the rows of the last one
     */
    public <T> List<T> inOneTrip(List<String> statements, RowMapper<T> rows) {
        RowMapperResultSetExtractor<T> extractor = new RowMapperResultSetExtractor<>(rows);
        List<T> result = template.execute(String.join(";\n", statements), (PreparedStatement statement) -> {
            statement.execute();
            for (int i = 1; i < statements.size(); i++) {
                statement.getMoreResults();
            }
            try (ResultSet last = statement.getResultSet()) {
                return extractor.extractData(last);
            }
        });
        return Objects.requireNonNull(result);
    }

    /** Runs the work in one transaction; an exception rolls it back. Joins no other: never nest. */
    public <T> T inTransaction(Supplier<T> work) {
        T result = transactions.execute(status -> work.get());
        if (result == null) {
            throw new IllegalStateException("a transaction returns something");
        }
        return result;
    }

    /** Lets each statement of the caller's transaction, which is open, run for so long instead of as long as usual. */
    public void allowStatements(Duration most) {
        jdbc.sql("select set_config('statement_timeout', ?, true)")
                .param(String.valueOf(most.toMillis()))
                .query(_ -> {});
        Duration untilAnswer = most.plus(BEYOND_STATEMENT);
        // The pool takes it back.
        onConnection(connection -> {
            connection.setNetworkTimeout(Runnable::run, Math.toIntExact(untilAnswer.toMillis()));
            return connection;
        });
    }

    /** Asks several questions on one connection, which is taken back; what the driver throws is translated. */
    public <T> T onConnection(ConnectionCallback<T> questions) {
        return Objects.requireNonNull(template.execute(questions));
    }

    DataSource dataSource() {
        return pool;
    }

    @Override
    public void close() {
        pool.close();
    }
}
