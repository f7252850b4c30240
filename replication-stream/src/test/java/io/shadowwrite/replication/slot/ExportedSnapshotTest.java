package io.shadowwrite.replication.slot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.StreamProblem.Code;
import io.shadowwrite.replication.source.SourceConnection;
import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Source;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@PostgresTest
@Timeout(60)
class ExportedSnapshotTest {

    private static final Duration WAIT = Duration.ofSeconds(10);
    private static final String APPLICATION = "snapshot-test";

    private final Database database;
    private final SourceConnection source;

    ExportedSnapshotTest(@Source Database database) {
        this.database = database;
        this.source = new SourceConnection(database.jdbcUrl(), database.user(), database.password());
        database.execute("CREATE TABLE item (id bigserial PRIMARY KEY)");
    }

    private static Set<Long> ids(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT id FROM public.item")) {
            Set<Long> ids = new TreeSet<>();
            while (rows.next()) {
                ids.add(rows.getLong(1));
            }
            return ids;
        }
    }

    /** What the slot says was committed below the point, by the test's own reading of the decoder's text. */
    private Set<Long> committedBelow(String slot, String point) {
        Set<Long> ids = new TreeSet<>();
        database.queryForList("""
                        WITH m AS (
                          SELECT data::json AS d, row_number() OVER () AS n
                            FROM pg_logical_slot_peek_changes(?, NULL, NULL, 'format-version', '2', 'include-lsn', 'true',
                                                              'include-types', 'false')
                        ), t AS (
                          SELECT d, max((d->>'lsn')::pg_lsn) FILTER (WHERE d->>'action' = 'B')
                                      OVER (ORDER BY n ROWS UNBOUNDED PRECEDING) AS commit_lsn
                            FROM m
                        )
                        SELECT d->'columns'->0->>'value' FROM t WHERE d->>'action' = 'I' AND commit_lsn < ?::pg_lsn
                        """, slot, point).forEach(id -> ids.add(Long.valueOf(String.valueOf(id))));
        return ids;
    }

    @Test
    void showsExactlyWhatCommittedBelowItsPoint() throws Exception {
        String slot = "exact_" + database.name();
        try (Connection connection = database.connect()) {
            new ReplicationSlots(connection).create(slot, WAIT);
        }
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger written = new AtomicInteger();
        Thread[] writers = {writer(stop, written), writer(stop, written), writer(stop, written)};
        Await.until("writers write", WAIT, () -> written.get() > 100);

        for (int round = 0; round < 3; round++) {
            try (ExportedSnapshot snapshot = ExportedSnapshot.temporary(source, APPLICATION, WAIT);
                    Connection reader = source.open(APPLICATION);
                    Connection fresh = source.open(APPLICATION)) {
                ExportedSnapshot.importInto(reader, snapshot.name());
                ExportedSnapshot.awaitSettled(reader, fresh, WAIT);

                assertThat(ids(reader))
                        .isNotEmpty()
                        .isEqualTo(
                                committedBelow(slot, snapshot.consistentPoint().asString()));
                reader.rollback();
            }
        }

        stop.set(true);
        for (Thread writer : writers) {
            writer.join();
        }
        try (Connection connection = database.connect()) {
            new ReplicationSlots(connection).drop(slot);
        }
    }

    private Thread writer(AtomicBoolean stop, AtomicInteger written) {
        return Thread.ofPlatform().daemon().start(() -> {
            try (Connection connection = database.connect();
                    Statement statement = connection.createStatement()) {
                while (!stop.get()) {
                    statement.execute("INSERT INTO item DEFAULT VALUES");
                    written.incrementAndGet();
                }
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void importerKeepsAndExportsItAgainAfterTheHolderEnded() throws SQLException {
        database.execute("INSERT INTO item DEFAULT VALUES");
        ExportedSnapshot snapshot = ExportedSnapshot.temporary(source, APPLICATION, WAIT);
        try (Connection first = source.open(APPLICATION);
                Connection second = source.open(APPLICATION)) {
            ExportedSnapshot.importInto(first, snapshot.name());
            snapshot.close();
            database.execute("INSERT INTO item DEFAULT VALUES");

            ExportedSnapshot.importInto(second, ExportedSnapshot.exportAgain(first));

            assertThat(ids(first)).containsExactly(1L);
            assertThat(ids(second)).containsExactly(1L);
            second.rollback();
            first.rollback();
        }
    }

    @Test
    void holderOutlivesTheTimeoutOfIdleTransactions() throws SQLException {
        database.execute(
                "ALTER DATABASE \"%s\" SET idle_in_transaction_session_timeout = '10ms'".formatted(database.name()));
        try (ExportedSnapshot snapshot = ExportedSnapshot.temporary(source, APPLICATION, WAIT);
                Connection idle = database.connect();
                Connection late = source.open(APPLICATION)) {
            idle.setAutoCommit(false);
            try (Statement statement = idle.createStatement()) {
                statement.execute("SELECT 1");
            }
            // What the server has ended here, it would have ended there, too.
            Await.until(
                    "an idle transaction is ended",
                    WAIT,
                    () -> database.queryForLong(
                                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction' AND backend_type = 'client backend'")
                            == 0);
            try (Statement statement = late.createStatement()) {
                statement.execute("SET idle_in_transaction_session_timeout TO 0");
            }

            ExportedSnapshot.importInto(late, snapshot.name());

            assertThat(ids(late)).isEmpty();
            late.rollback();
        }
    }

    @Test
    void snapshotWithoutHolderIsGone() throws SQLException {
        ExportedSnapshot snapshot = ExportedSnapshot.temporary(source, APPLICATION, WAIT);
        snapshot.close();
        try (Connection late = source.open(APPLICATION)) {
            Await.until(
                    "the temporary slot goes with its holder",
                    WAIT,
                    () -> database.queryForLong(
                                    "SELECT count(*) FROM pg_replication_slots WHERE slot_name = ?",
                                    snapshot.slotName())
                            == 0);

            StreamProblem problem =
                    catchThrowableOfType(StreamProblem.class, () -> ExportedSnapshot.importInto(late, snapshot.name()));

            assertThat(problem.code()).isEqualTo(Code.SNAPSHOT_GONE);
            late.rollback();
        }
    }

    @Test
    void snapshotOfATransactionThatJustEndedIsGoneAndSaysNothingOfSlots() throws SQLException {
        String forged = "000000AB-00000001-1";
        try (Connection exporter = source.open(APPLICATION);
                Connection late = source.open(APPLICATION)) {
            exporter.setAutoCommit(false);
            String name = ExportedSnapshot.exportAgain(exporter);
            // A file that outlives its transaction is what an importer meets that loses the race against the end.
            database.execute("""
                    DO $$ BEGIN EXECUTE format(
                      'COPY (SELECT unnest(string_to_array(rtrim(pg_read_file(%%L), E''\n''), E''\n''))) TO %%L',
                      'pg_snapshots/%s', current_setting('data_directory') || '/pg_snapshots/%s'); END $$
                    """.formatted(name, forged));
            exporter.rollback();

            StreamProblem problem =
                    catchThrowableOfType(StreamProblem.class, () -> ExportedSnapshot.importInto(late, forged));

            assertThat(problem.code()).isEqualTo(Code.SNAPSHOT_GONE);
            assertThat(problem.fix()).doesNotContain("slot");
            late.rollback();
        } finally {
            database.execute("COPY (SELECT 1) TO PROGRAM 'cat > /dev/null; rm -f pg_snapshots/" + forged + "'");
        }
    }

    @Test
    void permanentSlotStaysAndStartsAtTheSnapshot() throws SQLException {
        String slot = "kept_" + database.name();
        ExportedSnapshot snapshot = ExportedSnapshot.withSlot(source, slot, APPLICATION, WAIT);
        snapshot.close();
        try (Connection connection = database.connect()) {
            ReplicationSlots slots = new ReplicationSlots(connection);

            assertThat(slots.find(slot).orElseThrow().confirmedFlush()).isEqualTo(snapshot.consistentPoint());
            assertThat(catchThrowableOfType(
                                    StreamProblem.class,
                                    () -> ExportedSnapshot.withSlot(source, slot, APPLICATION, WAIT))
                            .code())
                    .isEqualTo(Code.SLOT_EXISTS);
            slots.drop(slot);
        }
    }

    @Test
    void creationThatWaitsTooLongLeavesNothing() throws SQLException {
        String slot = "late_" + database.name();
        try (Connection writing = database.connect();
                Statement statement = writing.createStatement()) {
            writing.setAutoCommit(false);
            statement.execute("INSERT INTO item DEFAULT VALUES");

            StreamProblem problem = catchThrowableOfType(
                    StreamProblem.class,
                    () -> ExportedSnapshot.withSlot(source, slot, APPLICATION, Duration.ofMillis(300)));

            assertThat(problem.code()).isEqualTo(Code.SLOT_WAIT);
            writing.commit();
        }
        assertThat(database.queryForLong("SELECT count(*) FROM pg_replication_slots WHERE slot_name = ?", slot))
                .isZero();
        assertThat(database.queryForLong(
                        "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'walsender' AND datname = ?",
                        database.name()))
                .isZero();
    }
}
