package io.shadowwrite.delivery;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.shadowwrite.delivery.testing.SourceFixture;
import io.shadowwrite.protocol.Side;
import io.shadowwrite.replication.source.SourceConnection;
import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Source;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a look finds ends the reading; one that fails does not. */
@PostgresTest
@Timeout(60)
class SourceWatchTest {

    private final SourceFixture source;

    SourceWatchTest(@Source Database database) {
        source = SourceFixture.in(database, Side.VERIFIER);
    }

    @AfterEach
    void drop() {
        source.close();
    }

    @Test
    void aRoleThatIsNotLetInForAWhileHaltsNobodyAndDriftBehindItIsFound() {
        Database database = source.database();
        database.execute("CREATE ROLE watching LOGIN PASSWORD 'watching'");
        try {
            SourceChecks checks = new SourceChecks(
                    SourceFixture.contract(),
                    new SourceConnection(database.jdbcUrl(), "watching", "watching"),
                    "watch",
                    IdentityDemand.NONE);
            SimpleMeterRegistry registry = new SimpleMeterRegistry();
            checks.register(registry, Tags.empty());
            Gauge age = registry.get("shadow.source.fit.age").gauge();
            checks.tables();
            try (SourceWatch watch = SourceWatch.start(checks, Duration.ofMillis(20))) {
                database.execute("ALTER ROLE watching NOLOGIN");
                await("looks fail", () -> age.value() > 2);
                assertThatCode(watch::requireFit).doesNotThrowAnyException();

                database.execute("ALTER ROLE watching LOGIN");
                await("they succeed again", () -> age.value() < 2);
                assertThatCode(watch::requireFit).doesNotThrowAnyException();

                database.execute("ALTER TABLE app.partner DROP COLUMN name");
                await("the drift is found", () -> isHalted(watch));
                assertThatThrownBy(watch::requireFit).hasMessageContaining("SCHEMA_DRIFT");
            }
        } finally {
            database.execute("DROP ROLE watching");
        }
    }

    @Test
    void aPartitionThatLeavesBetweenTwoRoundsIsNoticedByTheNext() {
        Database database = source.database();
        database.runScript("""
                DROP TABLE app.partner;
                CREATE TABLE app.partner (id bigint PRIMARY KEY, name text, kind text NOT NULL) PARTITION BY RANGE (id);
                CREATE TABLE app.partner_few PARTITION OF app.partner FOR VALUES FROM (0) TO (1000);
                CREATE TABLE app.partner_more PARTITION OF app.partner FOR VALUES FROM (1000) TO (2000)
                """);
        SourceChecks checks = new SourceChecks(
                SourceFixture.contract(), SourceFixture.connection(database), "watch", IdentityDemand.NONE);
        checks.tables();
        database.execute("ALTER TABLE app.partner DETACH PARTITION app.partner_few");

        assertThatThrownBy(checks::tables)
                .isInstanceOf(Halt.class)
                .hasMessageContainingAll("SCHEMA_DRIFT", "app.partner_few", "still in app.partner");
    }

    private static boolean isHalted(SourceWatch watch) {
        try {
            watch.requireFit();
            return false;
        } catch (Halt found) {
            return true;
        }
    }

    private static void await(String what, BooleanSupplier condition) {
        Await.until(what, SourceFixture.PATIENCE, condition);
    }
}
