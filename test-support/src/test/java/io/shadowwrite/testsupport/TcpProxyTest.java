package io.shadowwrite.testsupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@PostgresTest
class TcpProxyTest {

    private final TcpProxy proxy;
    private final Database database;

    TcpProxyTest(@Target Database target) {
        proxy = TcpProxy.to(target.port());
        database = new Database(target.host(), proxy.port(), target.name(), target.user(), target.password());
    }

    @AfterEach
    void close() {
        proxy.close();
    }

    @Test
    void cutsOpenConnectionsAndAcceptsNewOnes() throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            proxy.cut();

            assertThatThrownBy(() -> statement.execute("SELECT 1")).isInstanceOf(SQLException.class);
        }
        assertThat(database.queryForLong("SELECT 1")).isEqualTo(1);
    }

    @Test
    void refusesUntilHealed() {
        proxy.refuse();
        assertThatThrownBy(() -> database.queryForLong("SELECT 1")).isInstanceOf(DatabaseFailure.class);

        proxy.heal();
        assertThat(database.queryForLong("SELECT 1")).isEqualTo(1);
    }

    @Test
    void holdsEverythingBackInABlackHole() throws Exception {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            proxy.blackHole();
            CompletableFuture<Long> answer = CompletableFuture.supplyAsync(() -> one(statement));
            assertThatThrownBy(() -> answer.get(200, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);

            proxy.heal();
            assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo(1);
        }
    }

    @Test
    void delaysWhatItForwards() throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            proxy.delay(Duration.ofMillis(100));
            long start = System.nanoTime();

            assertThat(one(statement)).isEqualTo(1);

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
        }
    }

    private static long one(Statement statement) {
        try (ResultSet rows = statement.executeQuery("SELECT 1")) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
