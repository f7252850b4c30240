package io.shadowwrite.consumer.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Gauge;
import io.shadowwrite.protocol.ReaderState;
import io.shadowwrite.protocol.TransactionWrites;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.Source;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.replication.LogSequenceNumber;

/** The source becomes another while the consumer reads it, and often no change would ever tell. */
class DriftTest extends DeliveryScene {

    DriftTest(@Source Database database) {
        super(database);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ALTER TABLE app.partner ADD COLUMN surprise text                     | app.partner has a column surprise (text)
            ALTER TABLE app.partner DROP COLUMN name                             | app.partner has no column name
            ALTER TABLE app.partner RENAME COLUMN name TO label                  | app.partner has a column label (text)
            ALTER TABLE app.partner ALTER COLUMN name TYPE varchar(40)           | app.partner.name is of type character varying(40), the contract says text
            ALTER TABLE app.measure ALTER COLUMN exact TYPE numeric(12,4)        | app.measure.exact is of type numeric(12,4)
            ALTER TABLE app.measure ALTER COLUMN single TYPE float8              | app.measure.single is of type double precision
            ALTER TABLE app.measure ALTER COLUMN price TYPE numeric              | app.measure.price is of type numeric, the contract says "app"."price"
            ALTER TABLE app.partner REPLICA IDENTITY FULL, DROP CONSTRAINT partner_pkey | no unique index over exactly the contract's key [id]
            """)
    void whatTheContractDoesNotDescribeHaltsWithoutAnyChange(String ddl, String reason) {
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            source.insert(1);
            awaitApplied(1);
            source.database().execute(ddl);

            assertThat(consumer.awaitHalt()).contains("SCHEMA_DRIFT", reason);
            assertStandsStill();
        }
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            assertThat(consumer.awaitHalt()).contains("SCHEMA_DRIFT", reason);
        }
        assertThat(peer.applied()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ALTER TABLE app.partner REPLICA IDENTITY NOTHING                        | has REPLICA IDENTITY NOTHING
            ALTER TABLE app.partner DROP CONSTRAINT partner_pkey                    | has no primary key
            ALTER TABLE app.partner DROP CONSTRAINT partner_pkey, ADD PRIMARY KEY (id) DEFERRABLE | has a deferrable or invalid primary key
            ALTER TABLE app.partner SET UNLOGGED                                    | is unlogged
            CREATE UNIQUE INDEX u ON app.partner (kind); ALTER TABLE app.partner REPLICA IDENTITY USING INDEX u | the WAL carries [kind] of an old row
            CREATE UNIQUE INDEX u ON app.partner (id, kind); ALTER TABLE app.partner REPLICA IDENTITY USING INDEX u; DROP INDEX app.u | USING an index that was dropped
            """)
    void anIdentityThatLosesChangesHaltsWithTheStatementThatRepairsIt(String ddl, String reason) {
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            consumer.awaitState(ReaderState.STREAMING);
            source.database().execute(ddl);

            assertThat(consumer.awaitHalt()).contains("REPLICA_IDENTITY", reason, "ALTER TABLE \"app\".\"partner\"");
            assertStandsStill();
        }
    }

    @Test
    void aTableThatIsRenamedOrGoneHalts() {
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            consumer.awaitState(ReaderState.STREAMING);
            source.database().execute("ALTER TABLE app.rating RENAME TO score");

            assertThat(consumer.awaitHalt()).contains("TABLE_MISSING", "app.rating");
        }
    }

    @Test
    void changesThatStillComeBeforeTheLookAreApplied() {
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            source.insert(1);
            awaitApplied(1);
            assertThat(consumer.registry().get("shadow.source.fit.age").gauge().value())
                    .isBetween(0.0, 20.0);
            source.database()
                    .execute("COMMENT ON TABLE app.partner IS 'no drift'", "CREATE INDEX ON app.partner (name)");
            awaitTwoLooks(consumer);
            source.insert(2);
            awaitApplied(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ADD COLUMN surprise text DEFAULT 'x'", "RENAME COLUMN name TO label", "DROP COLUMN kind"})
    void definitionsThatChangeInTheMiddleOfATransactionLeaveNothingOfIt(String ddl) throws SQLException {
        try (RunningConsumer consumer = RunningConsumer.start(source, peer);
                Connection writer = source.database().connect();
                Statement statement = writer.createStatement()) {
            source.insert(1);
            awaitApplied(1);
            writer.setAutoCommit(false);
            statement.execute("INSERT INTO app.partner VALUES (2, 'before', 'A')");
            statement.execute("ALTER TABLE app.partner " + ddl);
            statement.execute("INSERT INTO app.partner (id) VALUES (3)");
            writer.commit();

            assertThat(consumer.awaitHalt()).contains("SCHEMA_DRIFT", "app.partner");
        }
        assertThat(peer.applied()).hasSize(1);
    }

    @Test
    void aColumnOfFixedWidthThatAnUpdateDoesNotBringHaltsAtOnce() throws SQLException {
        try (RunningConsumer consumer = RunningConsumer.start(source, peer);
                Connection writer = source.database().connect();
                Statement statement = writer.createStatement()) {
            source.database().execute("INSERT INTO app.measure (id, single) VALUES (1, 1)");
            awaitApplied(1);
            writer.setAutoCommit(false);
            statement.execute("ALTER TABLE app.measure DROP COLUMN single");
            statement.execute("UPDATE app.measure SET exact = 2");
            writer.commit();

            assertThat(consumer.awaitHalt()).contains("SCHEMA_DRIFT", "app.measure", "single");
        }
        assertThat(peer.applied()).hasSize(1);
    }

    @Test
    void aPartitionThatLosesChangesIsNamedByItself() {
        partition();
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            consumer.awaitState(ReaderState.STREAMING);
            source.database().execute("""
                    CREATE TABLE app.partner_more (LIKE app.partner INCLUDING ALL);
                    ALTER TABLE app.partner_more REPLICA IDENTITY NOTHING;
                    ALTER TABLE app.partner ATTACH PARTITION app.partner_more FOR VALUES FROM (1000) TO (2000)
                    """);

            assertThat(consumer.awaitHalt())
                    .contains("REPLICA_IDENTITY", "app.partner_more", "ALTER TABLE \"app\".\"partner_more\"");
        }
    }

    @Test
    void aPartitionThatIsAttachedIsReadUnderItsRootAndOneThatIsDetachedHaltsWithoutAnyChange() {
        partition();
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            source.insert(1);
            awaitApplied(1);
            source.database().execute("""
                    CREATE TABLE app.partner_more (LIKE app.partner INCLUDING ALL);
                    ALTER TABLE app.partner ATTACH PARTITION app.partner_more FOR VALUES FROM (1000) TO (2000)
                    """);
            source.insert(1500);
            awaitApplied(2);
            consumer.awaitState(ReaderState.STREAMING);
            source.database().execute("ALTER TABLE app.partner DETACH PARTITION app.partner_few");

            assertThat(consumer.awaitHalt())
                    .contains("SCHEMA_DRIFT", "app.partner_few is no partition of app.partner", "still in app.partner");
        }
        assertThat(peer.applied())
                .extracting(TransactionWrites::changes)
                .extracting(changes -> changes.getFirst().sourceTable())
                .containsOnly("app.partner");
    }

    @Test
    void aPartitionThatIsOnlyRenamedOrMovedIsReadOn() {
        partition();
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            source.insert(1);
            awaitApplied(1);
            source.database()
                    .execute(
                            "CREATE SCHEMA archive",
                            "ALTER TABLE app.partner_few RENAME TO partner_old",
                            "ALTER TABLE app.partner_old SET SCHEMA archive");
            awaitTwoLooks(consumer);
            source.insert(2);
            awaitApplied(2);
        }
        assertThat(peer.reports()).noneMatch(report -> report.state().equals("HALTED"));
    }

    @Test
    void aPartitionThatWasDetachedIsATableNobodyKnows() {
        partition();
        source.database()
                .execute(
                        "ALTER TABLE app.partner DETACH PARTITION app.partner_few",
                        "INSERT INTO app.partner_few VALUES (1, 'x', 'A')");
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            assertThat(consumer.awaitHalt()).contains("SCHEMA_DRIFT", "app.partner_few");
        }
    }

    @Test
    void aTruncatedRootHalts() {
        partition();
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            source.insert(1);
            awaitApplied(1);
            source.database().execute("TRUNCATE app.partner");

            assertThat(consumer.awaitHalt()).contains("TRUNCATE", "app.partner", "dead letter");
        }
    }

    /** Until the tables were found fit by two looks that began from now on. */
    private static void awaitTwoLooks(RunningConsumer consumer) {
        Gauge age = consumer.registry().get("shadow.source.fit.age").gauge();
        // The first may have begun before.
        for (int look = 0; look < 3; look++) {
            double[] before = {age.value()};
            await("another look finds the tables fit", () -> {
                double now = age.value();
                boolean fell = now < before[0];
                before[0] = now;
                return fell;
            });
        }
    }

    private void partition() {
        source.database().execute("""
                DROP TABLE app.partner;
                CREATE TABLE app.partner (id bigint PRIMARY KEY, name text, kind text NOT NULL DEFAULT 'A')
                    PARTITION BY RANGE (id);
                CREATE TABLE app.partner_few PARTITION OF app.partner FOR VALUES FROM (0) TO (1000)
                """);
    }

    private void assertStandsStill() {
        LogSequenceNumber stands = peer.position();
        source.database().execute("INSERT INTO app.note VALUES (1, 'later')");
        assertThat(peer.position()).isEqualTo(stands);
        assertThat(source.confirmed()).isLessThanOrEqualTo(stands);
        await(
                "the API knows",
                () -> peer.reports().stream().anyMatch(report -> report.state().equals("HALTED")));
    }
}
