package io.shadowwrite.testsupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shadowwrite.testsupport.BytePoint.Way;
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
    private final Database direct;
    private final Database database;

    TcpProxyTest(@Target Database target) {
        direct = target;
        proxy = TcpProxy.to(target.port());
        database = target.through(proxy);
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

    @Test
    void cutsAConnectionExactlyAtAPointAndNoOther() throws SQLException {
        try (Connection other = database.connect();
                Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            BytePoint point = proxy.cutAt(BytePoint.behind(Way.TO_CLIENT, "needle", 2, 3));

            assertThat(text(statement, "SELECT 'a needle' || ' and a nee'")).isEqualTo("a needle and a nee");
            assertThat(point.isReached()).isFalse();
            assertThatThrownBy(() -> text(statement, "SELECT repeat('x', 9000) || 'a needle, no more'"))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(point.isReached()).isTrue();
            assertThat(text(other.createStatement(), "SELECT 'needle'")).isEqualTo("needle");
        }
    }

    @Test
    void stopsOneWayAtAPointAndDeliversTheRestOnceItIsHealed() throws Exception {
        database.execute("CREATE TABLE heard (text text)");
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            BytePoint point = proxy.stopAt(BytePoint.behind(Way.TO_CLIENT, "INSERT 0 1"));
            CompletableFuture<Boolean> answer = CompletableFuture.supplyAsync(() -> insert(statement));
            point.await(Duration.ofSeconds(10));

            assertThat(direct.queryForLong("SELECT count(*) FROM heard")).isEqualTo(1);
            assertThat(answer).isNotDone();

            proxy.heal();
            assertThat(answer.get(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void spoilsOneByteAndNoOther() throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            BytePoint point = proxy.spoilAt(BytePoint.behind(Way.TO_CLIENT, "needle"), 'X');

            assertThat(text(statement, "SELECT 'a needle' || ' and more'")).isEqualTo("a needlX and more");
            assertThat(point.isReached()).isTrue();
            assertThat(text(statement, "SELECT 'a needle'")).isEqualTo("a needle");
        }
    }

    @Test
    void holdsBackOneWayOnly() throws Exception {
        database.execute("CREATE TABLE heard (text text)");
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            proxy.stop(Way.TO_CLIENT);
            CompletableFuture<Boolean> answer = CompletableFuture.supplyAsync(() -> insert(statement));

            Await.until(
                    "the server has it",
                    Duration.ofSeconds(10),
                    () -> direct.queryForLong("SELECT count(*) FROM heard") == 1);
            assertThat(answer).isNotDone();

            proxy.heal();
            assertThat(answer.get(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static boolean insert(Statement statement) {
        try {
            return statement.executeUpdate("INSERT INTO heard VALUES ('x')") == 1;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String text(Statement statement, String sql) {
        try (ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
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
