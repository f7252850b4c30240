package io.shadowwrite.backfill.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shadowwrite.replication.slot.ReplicationSlots;
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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One snapshot through the deaths of those who hold it. */
@PostgresTest
@Timeout(120)
class HeldSnapshotTest {

    private static final Duration WAIT = Duration.ofSeconds(30);
    private static final String SLOT = "backfill_test";

    private final Database database;
    private final SourceConnection source;
    private HeldSnapshot snapshot;

    HeldSnapshotTest(@Source Database database) {
        this.database = database;
        this.source = new SourceConnection(database.jdbcUrl(), database.user(), database.password());
        database.execute("CREATE TABLE item (id int PRIMARY KEY)", "INSERT INTO item VALUES (1), (2)");
        this.snapshot = take();
    }

    private HeldSnapshot take() {
        return HeldSnapshot.take(source, SLOT, List.of("public.item"), WAIT, 1);
    }

    @BeforeEach
    void goOn() {
        database.execute("INSERT INTO item VALUES (3)", "DELETE FROM item WHERE id = 1");
    }

    @AfterEach
    void endSnapshot() throws SQLException {
        snapshot.close();
        try (Connection connection = database.connect()) {
            new ReplicationSlots(connection).drop(SLOT);
        }
    }

    private static Set<Integer> seen(SnapshotSession session) throws SQLException {
        try (Statement statement = session.connection().createStatement();
                ResultSet rows = statement.executeQuery("SELECT id FROM public.item")) {
            Set<Integer> ids = new HashSet<>();
            while (rows.next()) {
                ids.add(rows.getInt(1));
            }
            return ids;
        }
    }

    private void terminate(Set<Integer> pids) {
        for (int pid : pids) {
            database.execute("SELECT pg_terminate_backend(" + pid + ", 5000)");
        }
    }

    private void terminateHolder() {
        database.execute("""
                SELECT pg_terminate_backend(pid, 5000)
                  FROM pg_stat_activity
                 WHERE application_name = 'shadow-backfill-holder'
                """);
    }

    private void terminateMembers() {
        database.execute("""
                SELECT pg_terminate_backend(pid, 5000)
                  FROM pg_stat_activity
                 WHERE application_name LIKE 'shadow-backfill%'
                   AND datname = current_database()
                """);
    }

    @Test
    void showsWhatTheSlotBeginsWithToWhoeverJoins() throws SQLException {
        SnapshotSession early = snapshot.join();
        database.execute("INSERT INTO item VALUES (4)");
        SnapshotSession late = snapshot.join();

        assertThat(seen(early)).containsExactlyInAnyOrder(1, 2);
        assertThat(seen(late)).containsExactlyInAnyOrder(1, 2);
    }

    @Test
    void outlivesItsHolder() throws SQLException {
        terminateHolder();

        assertThat(seen(snapshot.join())).containsExactlyInAnyOrder(1, 2);
    }

    @Test
    void outlivesHolderAndSparesWhileAReaderLives() throws SQLException {
        SnapshotSession reader = snapshot.join();
        terminate(snapshot.idlePids());

        assertThat(seen(snapshot.join())).containsExactlyInAnyOrder(1, 2);
        assertThat(seen(reader)).containsExactlyInAnyOrder(1, 2);
    }

    @Test
    void isLostWithTheLastSessionThatHeldIt() {
        snapshot.join();
        terminateMembers();

        assertThatThrownBy(() -> snapshot.join())
                .isInstanceOf(SnapshotLost.class)
                .hasMessageContaining("./shadow backfill cleanup");
    }

    @Test
    void replacesSparesThatDied() throws SQLException {
        // From a reader that lives the snapshot is had again.
        SnapshotSession reader = snapshot.join();
        Set<Integer> before = snapshot.idlePids();
        try (SnapshotWatch _ = SnapshotWatch.start(snapshot, source, Duration.ofMillis(50), 1)) {
            terminate(before);
            Await.until("another spare holds it alone", WAIT, () -> {
                Set<Integer> now = snapshot.idlePids();
                return now.size() == 1 && !before.containsAll(now);
            });
        }
        snapshot.leave(reader);
        assertThat(seen(snapshot.join())).containsExactlyInAnyOrder(1, 2);
    }

    @Test
    void failsWhereAPolicyWouldHideRows() throws SQLException {
        String slot = SLOT + "_2";
        database.execute(
                "CREATE TABLE hidden (id int PRIMARY KEY)",
                "ALTER TABLE hidden ENABLE ROW LEVEL SECURITY",
                "CREATE ROLE half_blind LOGIN REPLICATION",
                "GRANT SELECT ON hidden TO half_blind");
        SourceConnection blind = new SourceConnection(database.jdbcUrl(), "half_blind", "");
        try (HeldSnapshot held = HeldSnapshot.take(blind, slot, List.of("public.hidden"), WAIT, 1);
                Statement statement = held.join().connection().createStatement()) {
            assertThatThrownBy(() -> statement.executeQuery("SELECT FROM public.hidden"))
                    .hasMessageContaining("row-level security");
        } finally {
            try (Connection connection = database.connect()) {
                new ReplicationSlots(connection).drop(slot);
            }
            database.execute("DROP OWNED BY half_blind", "DROP ROLE half_blind");
        }
    }

    @Test
    void keepsTablesFromBeingRewritten() {
        assertThatThrownBy(() -> database.execute("SET lock_timeout = '200ms'; TRUNCATE item"))
                .hasMessageContaining("lock timeout");
    }
}
