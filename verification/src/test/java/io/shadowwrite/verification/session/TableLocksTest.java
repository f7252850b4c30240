package io.shadowwrite.verification.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Source;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the snapshot found is what every session reads, whatever is done to the tables meanwhile. */
@PostgresTest
class TableLocksTest {

    private static final List<String> TABLES = List.of("public.t", "public.p", "public.v");

    private final Database source;

    TableLocksTest(@Source Database source) {
        this.source = source;
    }

    @BeforeEach
    void tables() {
        source.execute(
                "create table public.t (id int)",
                "create table public.p (id int) partition by range (id)",
                "create table public.p1 partition of public.p for values from (0) to (10)",
                "create view public.v as select id from public.t",
                "insert into public.t values (1)",
                "insert into public.p values (1)");
    }

    @Test
    void everySessionHasItsLocksBeforeADefinitionCanChange() throws SQLException {
        try (Sessions sessions = new Sessions(List.of(snapshot(), snapshot()), Duration.ofSeconds(30))) {
            TableLocks.take(sessions, TABLES);

            assertThat(source.queryForLong("select count(*) from pg_locks where relation = 'public.t'::regclass"
                            + " and mode = 'AccessShareLock' and granted"))
                    .isEqualTo(2);
            assertThat(source.queryForLong("select count(*) from pg_locks where relation = 'public.p1'::regclass"
                            + " and mode = 'AccessShareLock' and granted"))
                    .isEqualTo(2);
        }
    }

    @Test
    void waitsForWhoeverHasATableLockedAndKeepsItsSnapshot() throws SQLException {
        try (Connection other = source.connect();
                Sessions sessions = new Sessions(List.of(snapshot()), Duration.ofSeconds(30))) {
            other.setAutoCommit(false);
            try (Statement statement = other.createStatement()) {
                statement.execute("lock table public.p1 in access exclusive mode");
                statement.execute("insert into public.p values (2)");
            }
            CompletableFuture<Void> taking = CompletableFuture.runAsync(() -> TableLocks.take(sessions, TABLES));
            Await.until(
                    "it waits for the lock",
                    Duration.ofSeconds(30),
                    () -> source.queryForLong("select count(*) from pg_locks where relation = 'public.p1'::regclass"
                                    + " and not granted")
                            > 0);
            other.commit();
            taking.join();

            assertThat(sessions.<Integer>read("rows", TableLocksTest::rowsOfP)).isOne();
        }
    }

    @Test
    void refusesATableThatWasTruncatedBehindItsSnapshot() throws SQLException {
        try (Sessions sessions = new Sessions(List.of(snapshot()), Duration.ofSeconds(30))) {
            source.execute("truncate public.p1");

            assertThatExceptionOfType(VerificationProblem.class)
                    .isThrownBy(() -> TableLocks.take(sessions, TABLES))
                    .withMessageContaining("p1 was truncated or rewritten");
        }
    }

    private Connection snapshot() throws SQLException {
        Connection connection = source.connect();
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("set transaction isolation level repeatable read, read only");
            statement.execute("select 1");
        }
        return connection;
    }

    private static int rowsOfP(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                java.sql.ResultSet rows = statement.executeQuery("select count(*) from public.p")) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
