package io.shadowwrite.replication.slot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.StreamProblem.Code;
import io.shadowwrite.replication.source.SourceConnection;
import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A commit that waits for a standby is in the WAL, and in a slot's snapshot, while its transaction still runs. */
@Timeout(120)
class SnapshotSettlingTest {

    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final String APPLICATION = "settling-test";
    private static final String SLOT_WAITS_FOR = """
            SELECT count(*)
              FROM pg_locks l
              JOIN pg_stat_activity a USING (pid)
             WHERE a.backend_type = 'walsender' AND l.locktype = 'transactionid' AND NOT l.granted
               AND l.transactionid::text = ?
            """;

    private static PostgresServer server;

    @BeforeAll
    static void start() {
        server = PostgresServer.start(
                PostgresServer.Role.SOURCE,
                PostgresServer.Settings.defaults()
                        .with("synchronous_standby_names", "nobody")
                        .with("synchronous_commit", "local"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** Writes a row in a transaction that stays open; answers its id. */
    private static String write(Connection connection) throws Exception {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "INSERT INTO item DEFAULT VALUES RETURNING pg_current_xact_id()::text")) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static void awaitSlotWaitsFor(Database database, String xid) {
        Await.until("the slot waits", WAIT, () -> database.queryForLong(SLOT_WAITS_FOR, xid) == 1);
    }

    private static <T> Future<T> inBackground(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread.ofVirtual().start(task);
        return task;
    }

    private static StreamProblem problemOfSettling(Connection reader, Connection fresh) {
        StreamProblem problem = catchThrowableOfType(
                StreamProblem.class, () -> ExportedSnapshot.awaitSettled(reader, fresh, Duration.ofMillis(200)));
        assertThat(problem).as("it settled too early").isNotNull();
        return problem;
    }

    private static int items(Connection reader) throws SQLException {
        try (Statement statement = reader.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*) FROM public.item")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    @Test
    void newestTransactionThatIsVisibleButStillRunsIsWaitedFor() throws Exception {
        Database database = server.createDatabase("settling");
        database.execute("CREATE TABLE item (id serial PRIMARY KEY)");
        SourceConnection source = new SourceConnection(database.jdbcUrl(), database.user(), database.password());
        try (Connection first = database.connect();
                Connection second = database.connect();
                Connection reader = source.open(APPLICATION);
                Connection fresh = source.open(APPLICATION)) {
            String oldest = write(first);
            Future<ExportedSnapshot> creation =
                    inBackground(() -> ExportedSnapshot.temporary(source, APPLICATION, WAIT));
            awaitSlotWaitsFor(database, oldest);
            String next = write(second);
            first.commit();
            awaitSlotWaitsFor(database, next);
            Future<Boolean> newest = inBackground(() -> {
                database.execute("SET synchronous_commit TO on", "INSERT INTO item DEFAULT VALUES");
                return true;
            });
            Await.until(
                    "the newest waits for its standby",
                    WAIT,
                    () -> database.queryForLong("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
                            == 1);
            second.commit();

            try (ExportedSnapshot snapshot = creation.get(WAIT.toSeconds(), TimeUnit.SECONDS)) {
                ExportedSnapshot.importInto(reader, snapshot.name());
                assertThat(problemOfSettling(reader, fresh).code()).isEqualTo(Code.SLOT_WAIT);

                database.queryForList(
                        "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
                newest.get(WAIT.toSeconds(), TimeUnit.SECONDS);
                ExportedSnapshot.awaitSettled(reader, fresh, WAIT);
                assertThat(items(reader)).isEqualTo(3);
                reader.rollback();
            }
        }
    }

    @Test
    void readsASnapshotWhoseBoundsAreReversed() {
        assertThat(SnapshotSettling.readable("1211:1209:")).isEqualTo("1211:1211:");
        assertThat(SnapshotSettling.readable("1209:1211:1209,1210")).isEqualTo("1209:1211:1209,1210");
        assertThat(SnapshotSettling.readable("1211:1211:")).isEqualTo("1211:1211:");
    }
}
