package io.shadowwrite.api.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.shadowwrite.api.problem.SqlProblem;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Connections to the target that can only read, apart from the writer's, so that no number and no length of reads takes a
 * connection from it. Opened when first needed. Thread-safe.
 */
public final class ReadDatabase implements AutoCloseable {

    /**
     * One spelling of every value, as for the writer; and one snapshot for a whole transaction, so that rows and position
     * belong together. Plans are made for the values at hand: how much of the ledger a read covers is one of them.
     */
    private static final String SESSION = """
            set timezone = 'UTC';
            set datestyle = 'ISO, MDY';
            set intervalstyle = 'postgres';
            set search_path = '';
            set bytea_output = 'hex';
            set extra_float_digits = 1;
            set standard_conforming_strings = on;
            set row_security = off;
            set default_transaction_isolation = 'repeatable read';
            set default_transaction_read_only = on;
            set plan_cache_mode = force_custom_plan;
            set jit = off;
            set idle_in_transaction_session_timeout = '60s';
            """;

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);
    private static final Duration IDLE = Duration.ofMinutes(1);
    private static final String CANCELED = "57014";

    private final HikariDataSource pool;
    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;
    private final Semaphore free;
    private final Limits limits;

    /**
     * How much reading there may be.
     *
     * @param poolSize most reads at a time
     * @param statementTimeout bound on a statement that looks up keys or reads a page
     * @param scanTimeout bound on a statement that scans a model, and on a stream as a whole
     */
    public record Limits(int poolSize, Duration statementTimeout, Duration scanTimeout) {}

    public ReadDatabase(ShadowDatabase.Settings settings, Limits limits) {
        this.limits = limits;
        this.pool = new HikariDataSource(config(settings, limits));
        this.jdbc = JdbcClient.create(pool);
        this.transactions = new TransactionTemplate(new JdbcTransactionManager(pool));
        this.free = new Semaphore(limits.poolSize(), true);
    }

    private static HikariConfig config(ShadowDatabase.Settings settings, Limits limits) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("shadow-api-read");
        config.setJdbcUrl(settings.url());
        config.setUsername(settings.user());
        config.setPassword(settings.password());
        config.setMaximumPoolSize(limits.poolSize());
        config.setMinimumIdle(0);
        config.setIdleTimeout(IDLE.toMillis());
        config.setInitializationFailTimeout(-1);
        config.setConnectionTimeout(CONNECT_TIMEOUT.toMillis());
        config.setConnectionInitSql(SESSION);
        config.addDataSourceProperty("ApplicationName", "shadow-api-read");
        config.addDataSourceProperty("connectTimeout", String.valueOf(CONNECT_TIMEOUT.toSeconds()));
        // Longer than any statement may run: only a connection that died silently gets here.
        config.addDataSourceProperty(
                "socketTimeout", String.valueOf(30 + longest(limits).toSeconds()));
        config.addDataSourceProperty("tcpKeepAlive", "true");
        return config;
    }

    private static Duration longest(Limits limits) {
        return limits.scanTimeout().compareTo(limits.statementTimeout()) > 0
                ? limits.scanTimeout()
                : limits.statementTimeout();
    }

    public Limits limits() {
        return limits;
    }

    /** Statements on the connection of the snapshot that is open in this thread. */
    public JdbcClient jdbc() {
        return jdbc;
    }

    /**
     * Runs the work in one snapshot that sees no change of others and can make none. Never nest.
     *
     * @param statementTimeout bound on each statement
     * @throws ShadowProblem READERS_BUSY, READ_TOO_LONG, VALUE_UNREADABLE
     */
    public <T> T inSnapshot(Duration statementTimeout, Supplier<T> work) {
        acquire();
        try {
            T result = transactions.execute(status -> {
                jdbc.sql("select set_config('statement_timeout', ?, true)")
                        .param(String.valueOf(statementTimeout.toMillis()))
                        .query(row -> {});
                return work.get();
            });
            if (result == null) {
                throw new IllegalStateException("a read returns something");
            }
            return result;
        } catch (DataAccessException | TransactionException e) {
            RuntimeException failure = first(e);
            throw translated(failure, statementTimeout);
        } finally {
            free.release();
        }
    }

    /** Asks several questions on the connection of the snapshot that is open in this thread. */
    public <T> T onConnection(ConnectionCallback<T> questions) {
        return Objects.requireNonNull(new JdbcTemplate(pool).execute(questions));
    }

    private void acquire() {
        try {
            if (free.tryAcquire(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new ShadowProblem(
                ProblemType.READERS_BUSY,
                "all %d reads that shadow.read.pool-size allows are under way; ask again later"
                        .formatted(limits.poolSize()));
    }

    /** A connection that broke cannot even roll back; what broke it was before. */
    private static RuntimeException first(RuntimeException failure) {
        return failure instanceof TransactionSystemException rollback
                        && rollback.getOriginalException() instanceof RuntimeException cause
                ? cause
                : failure;
    }

    private static RuntimeException translated(RuntimeException failure, Duration statementTimeout) {
        SqlProblem sql = SqlProblem.of(failure);
        if (sql != null && sql.sqlState().equals(CANCELED)) {
            return new ShadowProblem(
                    ProblemType.READ_TOO_LONG,
                    "a statement was ended after %d ms; ask for less, or raise shadow.read.statement-timeout or .scan-timeout"
                            .formatted(statementTimeout.toMillis()),
                    failure);
        }
        if (sql != null && sql.refusesData()) {
            return new ShadowProblem(
                    ProblemType.VALUE_UNREADABLE,
                    "a value of the target has no canonical text (%s)".formatted(sql.describe()),
                    failure);
        }
        return failure;
    }

    @Override
    public void close() {
        pool.close();
    }
}
