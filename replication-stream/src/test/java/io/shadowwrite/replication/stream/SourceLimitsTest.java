package io.shadowwrite.replication.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.shadowwrite.replication.ColumnValue;
import io.shadowwrite.replication.RowChange;
import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.StreamProblem.Code;
import io.shadowwrite.replication.source.SourceIdentity;
import io.shadowwrite.replication.source.SourceInspection;
import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresServer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a source cannot be read any more, or not at all, on a server of its own because it suffers. */
@Timeout(240)
class SourceLimitsTest {

    private static PostgresServer server;

    @BeforeAll
    static void start() {
        server = PostgresServer.start(PostgresServer.Role.SOURCE);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"LATIN1", "SQL_ASCII"})
    void aDatabaseInAnotherEncodingIsRefusedByName(String encoding) {
        String name = "in_" + encoding.toLowerCase(Locale.ROOT);
        server.admin()
                .execute("CREATE DATABASE %s TEMPLATE template0 ENCODING '%s' LC_COLLATE 'C' LC_CTYPE 'C'"
                        .formatted(name, encoding));
        Database database = server.database(name);

        List<StreamProblem> problems =
                OwnSlot.onSource(database, connection -> new SourceInspection(connection).server());

        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo(Code.SERVER_ENCODING);
            assertThat(problem).hasMessageContaining(encoding);
        });
        assertThat(catchThrowableOfType(
                                StreamProblem.class, () -> SourceIdentity.read(OwnSlot.source(database), "test"))
                        .code())
                .isEqualTo(Code.SERVER_ENCODING);
    }

    @Test
    void aSlotWhoseLogWasRemovedIsLost() {
        Database database = server.createDatabase("kept_little");
        OwnSlot slot = new OwnSlot(database);
        server.admin().execute("ALTER SYSTEM SET max_slot_wal_keep_size = '16MB'", "SELECT pg_reload_conf()");
        try {
            Await.until("the log is removed", OwnSlot.BOUND, () -> {
                database.execute(
                        "SELECT pg_logical_emit_message(false, 'noise', repeat('x', 100000))",
                        "SELECT pg_switch_wal()",
                        "CHECKPOINT");
                return "lost"
                        .equals(database.queryForString(
                                "SELECT wal_status FROM pg_replication_slots WHERE slot_name = ?", slot.name()));
            });

            StreamProblem problem = catchThrowableOfType(StreamProblem.class, slot::open);

            assertThat(problem.code()).isEqualTo(Code.SLOT_LOST);
            assertThat(problem.retryable()).isFalse();
        } finally {
            server.admin().execute("ALTER SYSTEM RESET max_slot_wal_keep_size", "SELECT pg_reload_conf()");
            slot.close();
        }
    }

    @Test
    void aRowBeyondTheLimitOfThePluginIsNamedAndPassedOnlyByMovingTheSlot() throws InterruptedException {
        Database database = server.createDatabase("large");
        database.execute("CREATE TABLE item (id int PRIMARY KEY, a text, b text, c text)");
        try (OwnSlot slot = new OwnSlot(database)) {
            // JSON spells a line feed in two characters.
            database.execute("""
                    INSERT INTO item
                    SELECT 1, v, v, v FROM (SELECT repeat(chr(10), 180000000) AS v OFFSET 0) AS large
                    """);
            String behind = String.valueOf(database.queryForString("SELECT pg_current_wal_insert_lsn()::text"));

            StreamProblem problem = catchThrowableOfType(StreamProblem.class, () -> readToTheEnd(slot.open()));

            assertThat(problem.code()).isEqualTo(Code.MESSAGE_TOO_LARGE);
            assertThat(problem.retryable()).isFalse();
            slot.awaitFree();
            database.queryForList("SELECT pg_replication_slot_advance(?, ?::pg_lsn)", slot.name(), behind);
            database.execute("INSERT INTO item VALUES (2, 'small')");
            ChangeStream passed = slot.open(Objects.requireNonNull(slot.info().confirmedFlush()));
            RowChange.Insert insert = (RowChange.Insert) OwnSlot.change(passed);
            assertThat(insert.after().get("id")).isEqualTo(new ColumnValue.Text("2"));
        }
    }

    /** Spelling a gigabyte takes its time. */
    private static void readToTheEnd(ChangeStream stream) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofMinutes(3).toNanos();
        while (System.nanoTime() < deadline) {
            stream.take(1_000, OwnSlot.BOUND);
        }
    }
}
