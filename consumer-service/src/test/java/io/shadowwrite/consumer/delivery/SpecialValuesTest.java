package io.shadowwrite.consumer.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.LetterClass;
import io.shadowwrite.protocol.ParkRequest;
import io.shadowwrite.protocol.ReaderState;
import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.Source;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** NaN and the infinities are spelled like NULL in the log, and are still told from it. */
class SpecialValuesTest extends DeliveryScene {

    SpecialValuesTest(@Source Database database) {
        super(database);
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "Infinity", "-Infinity"})
    void aSpecialValueIsParkedByNameAndAPlainNullBesideItIsApplied(String value) {
        // A numeric with a precision holds NaN, but no infinity.
        String exact = value.equals("NaN") ? "'NaN'" : "NULL";
        String third = value.equals("NaN") ? "parked" : "applied";
        try (RunningConsumer _ = RunningConsumer.start(source, peer)) {
            source.database().execute("""
                    INSERT INTO app.measure (id, single, exact, whole) VALUES
                      (1, NULL, NULL, 1), (2, '%1$s', NULL, 2), (3, NULL, %2$s, 3), (4, 1.5, 2.5, '%1$s'), (5, 1, 2, 3)
                    """.formatted(value, exact));
            awaitOutcome(
                    "{\"id\":1} applied",
                    "{\"id\":2} parked",
                    "{\"id\":3} " + third,
                    "{\"id\":4} parked",
                    "{\"id\":5} applied");
        }
        assertThat(peer.letters().letters()).allSatisfy(letter -> {
            assertThat(letter.problem()).isEqualTo("UNREPRESENTABLE_VALUE");
            assertThat(letter.letterClass()).isEqualTo(LetterClass.REJECTED);
            assertThat(letter.writes()).isNull();
        });
        assertThat(letterOf("{\"id\":2}").detail()).contains("app.measure", "column single");
        assertThat(letterOf("{\"id\":4}").detail()).contains("column whole");
        if (third.equals("parked")) {
            assertThat(letterOf("{\"id\":3}").detail()).contains("column exact");
        }
        assertThat(valuesOf("{\"id\":1}")).containsEntry("single", null).containsEntry("exact", null);
    }

    @Test
    void anUpdateToASpecialValueIsParkedAndLaterChangesOfItsRowWaitBehindIt() {
        try (RunningConsumer _ = RunningConsumer.start(source, peer)) {
            source.database()
                    .execute(
                            "INSERT INTO app.measure (id, single) VALUES (1, 1), (2, 2)",
                            "UPDATE app.measure SET single = 'NaN' WHERE id = 1",
                            "UPDATE app.measure SET exact = 7 WHERE id = 1",
                            "UPDATE app.measure SET single = NULL WHERE id = 2");
            awaitOutcome(
                    "{\"id\":1} applied",
                    "{\"id\":2} applied",
                    "{\"id\":1} parked",
                    "{\"id\":1} parked",
                    "{\"id\":2} applied");
        }
    }

    @Test
    void aSpecialValueThatWasReplacedBeforeAnybodyAskedLeavesTheValueThatReplacedIt() {
        source.database()
                .execute(
                        "INSERT INTO app.measure (id, single) VALUES (1, 'NaN')",
                        "UPDATE app.measure SET single = 3 WHERE id = 1");
        try (RunningConsumer _ = RunningConsumer.start(source, peer)) {
            awaitOutcome("{\"id\":1} applied", "{\"id\":1} applied");
        }
        assertThat(valuesOf("{\"id\":1}")).containsEntry("single", "3");
    }

    @Test
    void aColumnThatCannotBeNullNeedsNoQuestion() {
        source.database()
                .execute(
                        "INSERT INTO app.measure (id, whole) VALUES (1, 'NaN')",
                        "UPDATE app.measure SET whole = 3 WHERE id = 1",
                        "DELETE FROM app.measure");
        try (RunningConsumer _ = RunningConsumer.start(source, peer)) {
            awaitOutcome("{\"id\":1} parked", "{\"id\":1} parked", "{\"id\":1} parked");
        }
    }

    @Test
    void aColumnThatMayBeNullFromNowOnIsAskedForFromNowOn() {
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            consumer.awaitState(ReaderState.STREAMING);
            source.database()
                    .execute(
                            "ALTER TABLE app.measure ALTER COLUMN whole DROP NOT NULL",
                            "INSERT INTO app.measure (id, whole) VALUES (1, NULL), (2, 'NaN')");
            awaitOutcome("{\"id\":1} applied", "{\"id\":2} parked");
        }
    }

    @Test
    void aRowThatTookAnotherKeyIsFoundUnderIt() {
        source.database()
                .execute(
                        "INSERT INTO app.measure (id, single) VALUES (1, 'NaN')",
                        "UPDATE app.measure SET id = 2 WHERE id = 1");
        try (RunningConsumer _ = RunningConsumer.start(source, peer)) {
            awaitOutcome("{\"id\":1} applied", "{\"id\":2} parked");
        }
        assertThat(letterOf("{\"id\":2}").formerKey()).isEqualTo("{\"id\":1}");
    }

    @Test
    void aRowIsFoundByBytesPaddedTextAndTime() {
        source.database()
                .execute(
                        "SET timezone TO 'Asia/Kolkata'",
                        "INSERT INTO app.sample VALUES ('\\xdeadbeef', 'ab', '2026-03-01 12:00:00.5', 'NaN')",
                        "INSERT INTO app.sample VALUES ('\\x', '', 'infinity', 'NaN')",
                        "INSERT INTO app.sample VALUES ('\\xdeadbeef', 'ac', '2026-03-01 12:00:00.5', NULL)");
        try (RunningConsumer _ = RunningConsumer.start(source, peer)) {
            await("all three are told", () -> peer.letters().outcome().size() == 3);
        }
        assertThat(peer.letters().outcome().stream().map(outcome -> outcome.substring(outcome.lastIndexOf(' '))))
                .containsExactly(" parked", " parked", " applied");
    }

    @Test
    void arraysDomainsAndColumnsThatNobodyUsesAreNoneOfIt() {
        try (RunningConsumer _ = RunningConsumer.start(source, peer)) {
            source.database()
                    .execute("INSERT INTO app.measure (id, single, exact, many, price, unused)"
                            + " VALUES (1, 1, 1, '{NaN,1,Infinity}', 'NaN', 'Infinity')");
            awaitOutcome("{\"id\":1} applied");
        }
        assertThat(valuesOf("{\"id\":1}"))
                .containsEntry("many", "{NaN,1,Infinity}")
                .containsEntry("price", "NaN");
    }

    @Test
    void aKeyThatIsSpecialHaltsByNameAlsoWhenItsRowGoes() {
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            source.database().execute("INSERT INTO app.visit VALUES ('NaN', 'somebody')");
            assertThat(consumer.awaitHalt()).contains("UNREPRESENTABLE_VALUE", "app.visit", "column number");
        }
        peer.letters().resolve(onlyLetter());
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            source.database().execute("DELETE FROM app.visit");
            assertThat(consumer.awaitHalt()).contains("UNREPRESENTABLE_VALUE", "app.visit", "column number");
        }
    }

    @Test
    void everySpecialValueOfALargeTransactionIsParkedInOneReading() {
        try (RunningConsumer consumer = new RunningConsumer(source, peer, 100)) {
            consumer.awaitState(ReaderState.STREAMING);
            source.database().execute("""
                    INSERT INTO app.measure (id, single, exact, whole)
                    SELECT n,
                           CASE WHEN n % 500 = 0 THEN 'NaN'::real WHEN n % 2 = 0 THEN NULL ELSE n END,
                           CASE WHEN n % 777 = 0 THEN 'NaN'::numeric END,
                           CASE WHEN n = 1999 THEN 'Infinity'::float8 ELSE n END
                      FROM generate_series(1, 2000) n
                    """);
            awaitApplied(1);
        }
        assertThat(peer.letters().letters())
                .extracting(ParkRequest::sourceKey)
                .containsExactly(
                        "{\"id\":500}",
                        "{\"id\":777}",
                        "{\"id\":1000}",
                        "{\"id\":1500}",
                        "{\"id\":1554}",
                        "{\"id\":1999}",
                        "{\"id\":2000}");
        assertThat(peer.sessions()).as("broken off, read, sent").hasSize(3);
    }

    @Test
    void aRowThatIsLockedIsAskedForAllTheSame() throws SQLException {
        source.database().execute("INSERT INTO app.measure (id, single) VALUES (1, 'NaN')");
        try (Connection writer = source.database().connect();
                Statement statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            statement.execute("UPDATE app.measure SET single = 3 WHERE id = 1");
            try (RunningConsumer _ = RunningConsumer.start(source, peer)) {
                awaitOutcome("{\"id\":1} parked");
            }
            writer.rollback();
        }
    }

    @Test
    void aSourceThatDoesNotAnswerIsAskedAgainAndNothingIsGuessed() throws SQLException, InterruptedException {
        try (RunningConsumer consumer = RunningConsumer.start(source, peer);
                Connection writing = source.database().connect();
                Connection locking = source.database().connect()) {
            consumer.awaitState(ReaderState.STREAMING);
            writing.setAutoCommit(false);
            locking.setAutoCommit(false);
            execute(writing, "INSERT INTO app.measure (id, single) VALUES (1, 'NaN')");
            Thread lock = Thread.ofVirtual().start(() -> execute(locking, "LOCK TABLE app.measure"));
            await(
                    "the lock waits for the writer",
                    () -> source.database().queryForLong("SELECT count(*) FROM pg_locks WHERE NOT granted") == 1);
            writing.commit();
            lock.join();
            consumer.awaitState(ReaderState.STARTING);
            assertThat(peer.letters().outcome()).isEmpty();

            locking.rollback();
            awaitOutcome("{\"id\":1} parked");
        }
    }

    private static void execute(Connection connection, String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aTableThatIsLockedKeepsNobodyFromReadingTheOthers() throws SQLException {
        try (Connection locking = source.database().connect()) {
            locking.setAutoCommit(false);
            execute(locking, "LOCK TABLE app.measure");
            try (RunningConsumer _ = RunningConsumer.start(source, peer)) {
                source.insert(1);
                awaitApplied(1);
            }
            locking.rollback();
        }
    }

    @Test
    void aConnectionThatBrokeBetweenTwoQuestionsCostsNoSession() {
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            consumer.awaitState(ReaderState.STREAMING);
            source.database().execute("INSERT INTO app.measure (id, single) VALUES (1, NULL)");
            awaitOutcome("{\"id\":1} applied");
            assertThat(source.database().queryForLong("""
                            SELECT count(pg_terminate_backend(pid, 5000))
                              FROM pg_stat_activity
                             WHERE datname = current_database() AND query LIKE '%asked.place%' AND pid <> pg_backend_pid()
                            """)).isEqualTo(1);
            source.database().execute("INSERT INTO app.measure (id, single) VALUES (2, 'NaN')");
            awaitOutcome("{\"id\":1} applied", "{\"id\":2} parked");
        }
        assertThat(peer.sessions()).hasSize(1);
    }

    @Test
    void aRoleThatMayNotReadTheTableIsRefusedWithTheStatementThatHelps() {
        source.database().execute("CREATE ROLE shadow_blind LOGIN REPLICATION PASSWORD 'blind'");
        try (RunningConsumer consumer = RunningConsumer.as("shadow_blind", "blind", source, peer)) {
            assertThat(consumer.awaitHalt())
                    .contains("PRIVILEGE", "app.measure", "GRANT SELECT ON \"app\".\"measure\" TO \"shadow_blind\";");
        } finally {
            source.database().execute("DROP ROLE shadow_blind");
        }
        assertThat(peer.applied()).isEmpty();
    }

    @Test
    void rowsThatAPolicyHidesAreNoAnswer() {
        source.database().execute("""
                CREATE ROLE shadow_limited LOGIN REPLICATION PASSWORD 'limited';
                GRANT USAGE ON SCHEMA app TO shadow_limited;
                GRANT SELECT ON ALL TABLES IN SCHEMA app TO shadow_limited;
                ALTER TABLE app.measure ENABLE ROW LEVEL SECURITY
                """);
        try (RunningConsumer consumer = RunningConsumer.as("shadow_limited", "limited", source, peer)) {
            assertThat(consumer.awaitHalt()).contains("PRIVILEGE", "app.measure", "BYPASSRLS");
        } finally {
            source.database().execute("DROP OWNED BY shadow_limited; DROP ROLE shadow_limited");
        }
    }

    private Map<String, @Nullable String> valuesOf(String key) {
        ChangeWrites last = peer.applied().stream()
                .flatMap(transaction -> transaction.changes().stream())
                .filter(change -> change.sourceKey().equals(key))
                .reduce((_, later) -> later)
                .orElseThrow();
        return last.writes().getFirst().values();
    }

    private ParkRequest letterOf(String key) {
        return peer.letters().letters().stream()
                .filter(letter -> letter.sourceKey().equals(key))
                .findFirst()
                .orElseThrow();
    }

    private ParkRequest onlyLetter() {
        assertThat(peer.letters().letters()).hasSize(1);
        return peer.letters().letters().getFirst();
    }

    private void awaitOutcome(String... expected) {
        Await.untilValue(
                "changes are " + String.join(", ", expected),
                RunningConsumer.PATIENCE,
                () -> peer.letters().outcome(),
                outcome -> outcome.equals(List.of(expected)));
    }
}
