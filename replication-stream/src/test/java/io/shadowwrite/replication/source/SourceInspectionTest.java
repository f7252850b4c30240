package io.shadowwrite.replication.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.StreamProblem.Code;
import io.shadowwrite.replication.TableName;
import io.shadowwrite.replication.wal2json.Wal2JsonOptions;
import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Source;
import io.shadowwrite.testsupport.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@PostgresTest
@Timeout(60)
class SourceInspectionTest {

    private static final String SCHEMA = """
            CREATE SCHEMA app;
            CREATE TABLE app.good (b int, a int, PRIMARY KEY (a, b));
            CREATE TABLE app.no_key (id int);
            CREATE TABLE app.nothing (id int PRIMARY KEY);
            ALTER TABLE app.nothing REPLICA IDENTITY NOTHING;
            CREATE TABLE app.deferred (id int PRIMARY KEY DEFERRABLE);
            CREATE TABLE app.full_row (id int);
            ALTER TABLE app.full_row REPLICA IDENTITY FULL;
            CREATE TABLE app.coded (id int PRIMARY KEY, code text NOT NULL);
            CREATE UNIQUE INDEX coded_code ON app.coded (code);
            ALTER TABLE app.coded REPLICA IDENTITY USING INDEX coded_code;
            CREATE TABLE app.lost_index (id int PRIMARY KEY, code text NOT NULL);
            CREATE UNIQUE INDEX lost_code ON app.lost_index (code);
            ALTER TABLE app.lost_index REPLICA IDENTITY USING INDEX lost_code;
            DROP INDEX app.lost_code;
            CREATE UNLOGGED TABLE app.unlogged (id int PRIMARY KEY);
            CREATE TABLE app.part (id int PRIMARY KEY) PARTITION BY RANGE (id);
            CREATE TABLE app.part_1 PARTITION OF app.part FOR VALUES FROM (0) TO (10);
            CREATE TABLE app.part_2 PARTITION OF app.part FOR VALUES FROM (10) TO (20);
            ALTER TABLE app.part_2 REPLICA IDENTITY NOTHING;
            CREATE TABLE app.no_part (id int PRIMARY KEY) PARTITION BY RANGE (id);
            CREATE TABLE app."Odd ""name" (id int);
            """;

    private static TableName app(String name) {
        return new TableName("app", name);
    }

    private static List<StreamProblem> problems(Connection connection, String... tables) {
        return new SourceInspection(connection)
                .tables(Stream.of(tables).map(SourceInspectionTest::app).toList());
    }

    @Test
    void findsEveryIdentityThatLosesChangesSilently(@Source Database source) throws SQLException {
        source.runScript(SCHEMA);
        try (Connection connection = source.connect()) {
            for (String broken :
                    List.of("no_key", "nothing", "deferred", "lost_index", "unlogged", "part", "Odd \"name")) {
                assertThat(problems(connection, broken)).as(broken).hasSize(1).allSatisfy(problem -> {
                    assertThat(problem.code()).isEqualTo(Code.REPLICA_IDENTITY);
                    assertThat(problem.fix()).contains("ALTER TABLE \"app\".");
                });
            }
            assertThat(problems(connection, "part").getFirst().fix()).contains("\"part_2\"");
            assertThat(problems(connection, "Odd \"name").getFirst().fix()).contains("\"Odd \"\"name\"");
            assertThat(problems(connection, "good", "full_row", "coded", "no_part"))
                    .isEmpty();
            assertThat(problems(connection, "absent"))
                    .extracting(StreamProblem::code)
                    .containsExactly(Code.TABLE_MISSING);
        }
    }

    @Test
    void keyColumnsComeInTheOrderOfTheIndex(@Source Database source) throws SQLException {
        source.runScript(SCHEMA);
        try (Connection connection = source.connect()) {
            List<ReplicaIdentity> identities =
                    new SourceInspection(connection).identities(List.of(app("good"), app("coded"), app("part")));

            assertThat(identities)
                    .extracting(ReplicaIdentity::leaf)
                    .containsExactly(app("coded"), app("good"), app("part_1"), app("part_2"));
            assertThat(identities.get(0).keyColumns()).containsExactly("code");
            assertThat(identities.get(0).kind()).isEqualTo(ReplicaIdentity.Kind.INDEX);
            assertThat(identities.get(1).keyColumns()).containsExactly("a", "b");
            assertThat(identities.get(2).usable()).isTrue();
            assertThat(identities.get(3).usable()).isFalse();
        }
    }

    @Test
    void columnsComeWithTheirTypesAndTheOperatorThatFindsThem(@Source Database source) throws SQLException {
        source.runScript("""
                CREATE SCHEMA app;
                CREATE EXTENSION citext SCHEMA public;
                CREATE TYPE app.mood AS ENUM ('good');
                CREATE DOMAIN app.label AS citext;
                CREATE TABLE app.typed (
                    id bigint PRIMARY KEY, name public.citext NOT NULL, label app.label, mood app.mood, short varchar(7),
                    gone text, exact numeric(9,2)[]);
                ALTER TABLE app.typed DROP COLUMN gone;
                """);
        try (Connection connection =
                new SourceConnection(source.jdbcUrl(), source.user(), source.password()).open("test")) {
            assertThat(new SourceInspection(connection).columns(List.of(app("typed"), app("absent"))))
                    .extracting(SourceColumn::name, SourceColumn::type, SourceColumn::notNull, SourceColumn::equality)
                    .containsExactly(
                            tuple("id", "bigint", true, "OPERATOR(pg_catalog.=)"),
                            tuple("name", "public.citext", true, "OPERATOR(public.=)"),
                            tuple("label", "app.label", false, "OPERATOR(public.=)"),
                            tuple("mood", "app.mood", false, "OPERATOR(pg_catalog.=)"),
                            tuple("short", "character varying(7)", false, "OPERATOR(pg_catalog.=)"),
                            tuple("exact", "numeric(9,2)[]", false, "OPERATOR(pg_catalog.=)"));
            assertThat(new SourceInspection(connection).uniqueKeys(List.of(app("typed"))))
                    .containsExactly(new UniqueKey(app("typed"), Set.of("id")));
        }
    }

    @Test
    void aLookWaitsForNoLockAndARowThatIsAskedForNotForLong(@Source Database source) throws SQLException {
        source.runScript(SCHEMA);
        SourceConnection bounded = new SourceConnection(source.jdbcUrl(), source.user(), source.password());
        try (Connection rewriting = source.connect();
                Statement statement = rewriting.createStatement();
                Connection connection = bounded.openBounded("test", Duration.ofSeconds(30));
                Statement question = connection.createStatement()) {
            rewriting.setAutoCommit(false);
            statement.execute("LOCK TABLE app.part IN ACCESS EXCLUSIVE MODE");

            assertThat(problems(connection, "part")).isNotEmpty();

            SQLException waited =
                    catchThrowableOfType(SQLException.class, () -> question.execute("SELECT count(*) FROM app.part"));
            StreamProblem problem = StreamProblem.ofQuestion("asking", waited);
            assertThat(waited.getSQLState())
                    .as("ended by the lock, not by the statement")
                    .isEqualTo("55P03");
            assertThat(problem.code()).isEqualTo(Code.STALLED);
            assertThat(problem.retryable()).isTrue();
            rewriting.rollback();
        }
    }

    @Test
    void statementsOfTheFixRepairTheTable(@Source Database source) throws SQLException {
        source.runScript(SCHEMA);
        try (Connection connection = source.connect();
                Statement statement = connection.createStatement()) {
            String[] repairable = {"nothing", "deferred", "lost_index", "unlogged", "part"};
            for (StreamProblem problem : problems(connection, repairable)) {
                statement.execute(problem.fix().replace("Run on the source: ", ""));
            }

            assertThat(problems(connection, repairable)).isEmpty();
        }
    }

    @Test
    void fitServerHasNoProblem(@Source Database source) throws SQLException {
        try (Connection connection = source.connect()) {
            assertThat(new SourceInspection(connection).server()).isEmpty();
        }
    }

    @Test
    void missingPluginIsNamed(@Source Database source) throws SQLException {
        try (Connection connection = source.connect()) {
            assertThat(new SourceInspection(connection).server("no_such_plugin", Wal2JsonOptions.frozen()))
                    .extracting(StreamProblem::code)
                    .containsExactly(Code.PLUGIN_MISSING);
        }
    }

    @Test
    void pluginThatDoesNotKnowAnOptionIsNamed(@Source Database source) throws SQLException {
        try (Connection connection = source.connect()) {
            assertThat(new SourceInspection(connection)
                            .server("wal2json", new Wal2JsonOptions(Map.of("no-such-option", "1"))))
                    .singleElement()
                    .satisfies(problem -> {
                        assertThat(problem.code()).isEqualTo(Code.PLUGIN_OPTIONS);
                        assertThat(problem.what()).contains("no-such-option");
                    });
        }
        assertThat(source.queryForLong("SELECT count(*) FROM pg_replication_slots WHERE slot_name ~ 'probe'"))
                .isZero();
    }

    @Test
    void anOldTransactionLeavesTheOptionsUntriedHoweverShortLocksAreWaitedFor(@Source Database source)
            throws SQLException {
        SourceConnection bounded = new SourceConnection(source.jdbcUrl(), source.user(), source.password());
        source.execute("CREATE TABLE item (id int)");
        try (Connection writing = source.connect();
                Statement statement = writing.createStatement();
                Connection connection = bounded.openBounded("test", Duration.ofSeconds(30))) {
            writing.setAutoCommit(false);
            statement.execute("INSERT INTO item VALUES (1)");
            AtomicBoolean untried = new AtomicBoolean();

            assertThat(new SourceInspection(connection).server(() -> untried.set(true)))
                    .isEmpty();
            assertThat(untried).isTrue();
            assertThat(SessionSettings.show(connection, "lock_timeout")).isEqualTo("1s");
        }
    }

    @Test
    void serverWithoutLogicalWalIsNamed(@Target Database target) throws SQLException {
        try (Connection connection = target.connect()) {
            List<StreamProblem> problems = new SourceInspection(connection).server();

            assertThat(problems).extracting(StreamProblem::code).containsExactly(Code.WAL_LEVEL);
            assertThat(problems.getFirst().fix()).contains("ALTER SYSTEM SET wal_level = logical");
        }
    }

    @Test
    void roleWithoutReplicationIsNamed(@Source Database source) throws SQLException {
        try (Connection connection = source.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE ROLE reader_of_nothing");
            statement.execute("SET ROLE reader_of_nothing");

            List<StreamProblem> problems = new SourceInspection(connection).server();

            statement.execute("RESET ROLE");
            statement.execute("DROP ROLE reader_of_nothing");
            assertThat(problems).extracting(StreamProblem::code).containsExactly(Code.PRIVILEGE);
            assertThat(problems.getFirst().fix()).contains("ALTER ROLE reader_of_nothing REPLICATION");
        }
    }

    @Test
    void oldTransactionsAreListedWithTheirAge(@Source Database source) throws SQLException {
        source.execute("CREATE TABLE item (id int)");
        try (Connection writing = source.connect();
                Connection connection = source.connect();
                Statement statement = writing.createStatement()) {
            writing.setAutoCommit(false);
            statement.execute("INSERT INTO item VALUES (1)");
            SourceInspection inspection = new SourceInspection(connection);

            List<OldTransaction> old = Await.untilValue(
                    "the transaction is old",
                    Duration.ofSeconds(10),
                    () -> inspection.transactionsOlderThan(Duration.ofMillis(100)),
                    list -> !list.isEmpty());

            assertThat(old.getFirst().description()).contains("test");
            assertThat(old.getFirst().age()).isGreaterThanOrEqualTo(Duration.ofMillis(100));
            assertThat(inspection.transactionsOlderThan(Duration.ofHours(1))).isEmpty();
            writing.rollback();
        }
    }

    @Test
    void heartbeatBeatsAndComesBackAfterItsConnectionDied(@Source Database source) {
        SourceConnection connection = new SourceConnection(source.jdbcUrl(), source.user(), source.password());
        try (Heartbeat heartbeat = Heartbeat.start(connection, "beating", Duration.ofMillis(20))) {
            Await.until("it beats", Duration.ofSeconds(10), () -> heartbeat.beats() >= 3);
            source.queryForList(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'beating'");
            long before = heartbeat.beats();

            Await.until("it beats again", Duration.ofSeconds(10), () -> heartbeat.beats() >= before + 3);
        }
        assertThat(source.queryForLong("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'beating'"))
                .isZero();
    }

    @Test
    void serverThatDoesNotAllowThePluginIsNamedBySqlState() {
        StreamProblem problem = StreamProblem.of(
                "creating a slot",
                new SQLException("ERROR: library \"wal2json\" may not be used as an output plugin", "42501"));

        assertThat(problem.code()).isEqualTo(Code.PLUGIN_NOT_ALLOWED);
        assertThat(problem.fix()).contains("output_plugin_libraries");
    }
}
