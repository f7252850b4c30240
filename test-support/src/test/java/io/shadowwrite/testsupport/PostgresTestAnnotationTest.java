package io.shadowwrite.testsupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

class PostgresTestAnnotationTest {

    private static final Set<Database> SEEN = new HashSet<>();

    private static Events run(Class<?> tests) {
        SEEN.clear();
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(tests))
                .configurationParameter(PostgresExtension.LEAK_GRACE, "PT0.1S")
                .execute()
                .testEvents();
    }

    @Test
    void givesEveryTestAFreshDatabaseOnEachSide() {
        run(Clean.class).assertStatistics(stats -> stats.succeeded(3));

        assertThat(SEEN).hasSize(6);
    }

    @Test
    void failsATestThatLeavesASlotBehind() {
        run(LeaksSlot.class)
                .assertThatEvents()
                .haveExactly(1, event(finishedWithFailure(message(m -> m.contains("replication slot: forgotten")))));
    }

    @Test
    void failsATestThatLeavesATransactionOpen() {
        run(LeaksTransaction.class)
                .assertThatEvents()
                .haveExactly(
                        1,
                        event(finishedWithFailure(message(m -> m.contains("open transaction: pid")
                                && m.contains("application_name \"test\"")
                                && m.contains("query: SELECT 42")))));
    }

    @Test
    void removesTheDatabaseOfALeakingTest() {
        run(LeaksOnce.class).assertStatistics(stats -> stats.failed(1).succeeded(1));
    }

    @PostgresTest
    static class Clean {

        private final Database source;

        Clean(@Source Database source) {
            this.source = source;
        }

        @BeforeEach
        void createTable(@Source Database same) {
            assertThat(same).isEqualTo(source);
            same.execute("CREATE TABLE t (n int)");
        }

        @RepeatedTest(3)
        void startsEmpty(@Source Database same, @Target Database target) {
            assertThat(same).isEqualTo(source);
            assertThat(target.port()).isNotEqualTo(source.port());
            assertThat(source.queryForLong("SELECT count(*) FROM t")).isZero();
            source.execute("INSERT INTO t VALUES (1)");
            SEEN.add(source);
            SEEN.add(target);
        }
    }

    @PostgresTest
    static class LeaksSlot {

        @Test
        void forgetsASlot(@Source Database source) {
            source.execute("SELECT pg_create_logical_replication_slot('forgotten', 'wal2json')");
        }
    }

    @PostgresTest
    static class LeaksTransaction {

        @Test
        void forgetsAConnection(@Target Database target) throws SQLException {
            Connection connection = target.connect();
            connection.setAutoCommit(false);
            Statement statement = connection.createStatement();
            statement.execute("SELECT 42");
        }
    }

    @PostgresTest
    static class LeaksOnce {

        @RepeatedTest(2)
        void forgetsASlotOnce(@Source Database source) {
            assertThat(source.queryForLong("SELECT count(*) FROM pg_replication_slots"))
                    .isZero();
            if (SEEN.isEmpty()) {
                SEEN.add(source);
                source.execute("SELECT pg_create_logical_replication_slot('forgotten', 'wal2json')");
            }
        }
    }
}
