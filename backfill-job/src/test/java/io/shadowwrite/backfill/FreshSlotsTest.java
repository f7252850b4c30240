package io.shadowwrite.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shadowwrite.protocol.GapPolicy;
import io.shadowwrite.protocol.TickClock;
import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Source;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.util.unit.DataSize;

/** Slots belong to a cluster, and a cluster may hold several migrations. */
@PostgresTest
@Timeout(120)
class FreshSlotsTest {

    private static final String ONE = "fresh_slots_one";
    private static final String TWO = "fresh_slots_two";

    private final Database database;

    FreshSlotsTest(@Source Database database) {
        this.database = database;
    }

    @AfterEach
    void dropSlots() {
        database.queryForList(
                "SELECT pg_drop_replication_slot(slot_name)::text FROM pg_replication_slots WHERE slot_name LIKE 'fresh_slots%'");
    }

    private static BackfillProperties properties(boolean replace) {
        return new BackfillProperties(
                "m",
                new BackfillProperties.ContractFile(Path.of("c.json")),
                new BackfillProperties.Api(URI.create("http://localhost:1"), Duration.ofSeconds(1), "t"),
                new BackfillProperties.Source("u", "u", ""),
                new BackfillProperties.Target("", ""),
                new BackfillProperties.Slots(ONE, TWO, replace, Duration.ofSeconds(30)),
                new BackfillProperties.Backfill(
                        1,
                        1,
                        1,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(5),
                        DataSize.ofGigabytes(1),
                        Duration.ofSeconds(5),
                        List.of(),
                        Duration.ofSeconds(5)),
                168,
                GapPolicy.RESET,
                TickClock.SOURCE);
    }

    private static void createSlot(Connection connection, String name) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_create_logical_replication_slot('%s', 'wal2json')".formatted(name));
        }
    }

    private List<String> slots() {
        return database.queryForList(
                "SELECT slot_name::text FROM pg_replication_slots WHERE slot_name LIKE 'fresh_slots%' ORDER BY 1");
    }

    private static void assertProblem(StreamProblem.Code code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StreamProblem.class,
                        problem -> assertThat(problem.code()).isEqualTo(code));
    }

    @Test
    void replacesWhatAnEarlierRunLeftOnlyWithLeave() throws SQLException {
        try (Connection connection = database.connect()) {
            createSlot(connection, ONE);

            assertProblem(
                    StreamProblem.Code.SLOT_EXISTS, () -> new FreshSlots(connection, properties(false)).makeRoom());
            assertThat(slots()).containsExactly(ONE);

            new FreshSlots(connection, properties(true)).makeRoom();
            assertThat(slots()).isEmpty();
        }
    }

    @Test
    void neverTouchesASlotOfAnotherDatabase() throws SQLException {
        String neighbour = database.jdbcUrl().replace("/" + database.name(), "/postgres");
        try (Connection connection = database.connect();
                Connection beside = DriverManager.getConnection(neighbour, database.user(), database.password())) {
            createSlot(connection, ONE);
            FreshSlots slots = new FreshSlots(beside, properties(true));

            assertProblem(StreamProblem.Code.SLOT_OTHER_DATABASE, slots::makeRoom);
            slots.takeBack(new IllegalStateException("a run that failed"));

            assertThat(slots()).containsExactly(ONE);
        }
    }

    @Test
    void takesBackWhatARunMade() throws SQLException {
        try (Connection connection = database.connect()) {
            FreshSlots slots = new FreshSlots(connection, properties(false));
            slots.makeRoom();
            createSlot(connection, ONE);
            createSlot(connection, TWO);

            slots.takeBack(new IllegalStateException("a run that failed"));

            assertThat(slots()).isEmpty();
        }
    }

    @Test
    void letsOneRunWorkAtATime() throws SQLException {
        try (Connection second = database.connect()) {
            try (Connection first = database.connect()) {
                OneRun.require(first);

                assertProblem(StreamProblem.Code.SLOT_IN_USE, () -> OneRun.require(second));
            }
            Await.until("the server has noticed", Duration.ofSeconds(30), () -> isAlone(second));
        }
    }

    private static boolean isAlone(Connection connection) {
        try {
            OneRun.require(connection);
            return true;
        } catch (StreamProblem notYet) {
            return false;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
