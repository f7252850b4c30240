package io.shadowwrite.replication.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.replication.ColumnValue;
import io.shadowwrite.replication.RowChange;
import io.shadowwrite.replication.SourceTransaction;
import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresServer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.replication.LogSequenceNumber;

/** What only shows on a server of its own: shutdowns, crashes, and neighbours that write. */
@Timeout(120)
class SourceServerTest {

    private static PostgresServer server;

    @BeforeAll
    static void start() {
        server = PostgresServer.start(
                PostgresServer.Role.SOURCE, PostgresServer.Settings.defaults().with("max_prepared_transactions", "10"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** Applies whatever comes, as a consumer does that stores each position. */
    private static Thread applying(ChangeStream stream, AtomicBoolean stop) {
        return Thread.ofPlatform().daemon().start(() -> {
            try {
                while (!stop.get()) {
                    stream.applied(stream.take(1_000, Duration.ofMillis(100)).completeBelow());
                }
            } catch (StreamProblem | InterruptedException e) {
                stop.set(true);
            }
        });
    }

    @Test
    void idleSlotAdvancesBesideANeighbourThatWrites() throws InterruptedException {
        Database quiet = server.createDatabase("quiet");
        Database noisy = server.createDatabase("noisy");
        noisy.execute("CREATE TABLE noise (v text)");
        AtomicBoolean stop = new AtomicBoolean();
        try (OwnSlot slot = new OwnSlot(quiet)) {
            Thread consumer = applying(slot.open(), stop);
            noisy.execute("INSERT INTO noise SELECT repeat('x', 1000) FROM generate_series(1, 5000)");
            LogSequenceNumber written = LogSequenceNumber.valueOf(
                    String.valueOf(noisy.queryForString("SELECT pg_current_wal_lsn()::text")));

            slot.awaitConfirmed(written);

            stop.set(true);
            consumer.join();
        }
    }

    @Test
    void emptyTransactionsMoveThePosition() throws InterruptedException {
        Database empty = server.createDatabase("empty");
        try (OwnSlot slot = new OwnSlot(empty)) {
            ChangeStream stream = slot.open();
            empty.execute("CREATE TABLE nothing_yet (id int)");
            LogSequenceNumber written = LogSequenceNumber.valueOf(
                    String.valueOf(empty.queryForString("SELECT pg_current_wal_lsn()::text")));

            Batch batch = Await.untilValue(
                    "the position moves",
                    OwnSlot.BOUND,
                    () -> take(stream),
                    each -> each.completeBelow().compareTo(written) >= 0);

            assertThat(batch.transactions()).isEmpty();
            assertThat(slot.info().confirmedFlush()).isLessThan(written);
        }
    }

    private static Batch take(ChangeStream stream) {
        try {
            return OwnSlot.whole(stream.take(10, Duration.ofSeconds(2)));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void fastShutdownDoesNotWaitForAnIdleReader() throws InterruptedException {
        Database database = server.createDatabase("shutdown");
        database.execute("CREATE TABLE item (id int PRIMARY KEY)");
        AtomicBoolean stop = new AtomicBoolean();
        OwnSlot slot = new OwnSlot(database);
        Thread consumer = applying(slot.open(), stop);
        database.execute("INSERT INTO item VALUES (1)");
        server.database("postgres").execute("CREATE TABLE elsewhere AS SELECT generate_series(1, 100000)");

        // A reader that withholds its confirmation holds the server for ever; any end within the bound shows that ours
        // does not.
        server.stopFast();

        consumer.join();
        server.restart();
        slot.close();
    }

    @Test
    void crashOfTheSourceRedeliversOnlyWhatTheStartAsksFor() throws InterruptedException {
        Database database = server.createDatabase("crash");
        database.execute("CREATE TABLE item (id int PRIMARY KEY)", "CHECKPOINT");
        try (OwnSlot slot = new OwnSlot(database)) {
            ChangeStream stream = slot.open();
            database.execute("INSERT INTO item VALUES (1)", "INSERT INTO item VALUES (2)");
            SourceTransaction last = OwnSlot.transactions(stream, 2).getLast();
            stream.applied(last.endLsn());
            slot.awaitConfirmed(last.endLsn());

            server.crash();
            server.restart();

            LogSequenceNumber confirmed = slot.info().confirmedFlush();
            assertThat(confirmed).as("forgotten by the crash").isLessThan(last.endLsn());
            ChangeStream again = slot.open(last.endLsn());
            database.execute("INSERT INTO item VALUES (3)");
            assertThat(OwnSlot.transaction(again).commitLsn()).isGreaterThanOrEqualTo(last.endLsn());
        }
    }

    @Test
    void preparedTransactionAppearsWhenItCommits() throws InterruptedException {
        Database database = server.createDatabase("prepared");
        database.execute("CREATE TABLE item (id int PRIMARY KEY)");
        try (OwnSlot slot = new OwnSlot(database)) {
            ChangeStream stream = slot.open();
            database.execute("BEGIN", "INSERT INTO item VALUES (1)", "PREPARE TRANSACTION 'two'");
            database.execute("INSERT INTO item VALUES (2)");
            database.execute("COMMIT PREPARED 'two'");

            assertThat(OwnSlot.transactions(stream, 2))
                    .extracting(each -> ((RowChange.Insert) each.changes().getFirst())
                            .after()
                            .get("id"))
                    .containsExactly(new ColumnValue.Text("2"), new ColumnValue.Text("1"));
        }
    }
}
