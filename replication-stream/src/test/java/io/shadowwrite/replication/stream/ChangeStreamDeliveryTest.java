package io.shadowwrite.replication.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shadowwrite.replication.ColumnValue;
import io.shadowwrite.replication.RowChange;
import io.shadowwrite.replication.SourceTransaction;
import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.StreamProblem.Code;
import io.shadowwrite.replication.source.SourceConnection;
import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Source;
import io.shadowwrite.testsupport.TcpProxy;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.replication.LogSequenceNumber;

@PostgresTest
@Timeout(60)
class ChangeStreamDeliveryTest {

    private final Database source;
    private final OwnSlot slot;

    ChangeStreamDeliveryTest(@Source Database source) {
        this.source = source;
        source.execute("CREATE TABLE item (id int PRIMARY KEY, v text)");
        this.slot = new OwnSlot(source);
    }

    @AfterEach
    void close() {
        slot.close();
    }

    private void insert(int... ids) {
        for (int id : ids) {
            source.execute("INSERT INTO item VALUES (" + id + ")");
        }
    }

    private static List<String> ids(List<SourceTransaction> transactions) {
        return transactions.stream()
                .flatMap(each -> each.changes().stream())
                .map(change -> ((RowChange.Insert) change).after().get("id"))
                .map(value -> value instanceof ColumnValue.Text(String text) ? text : "no text")
                .toList();
    }

    @Test
    void everythingComesAgainWhenTheConnectionDiedBeforeItWasApplied() throws InterruptedException {
        ChangeStream stream = slot.open();
        insert(1, 2);
        List<SourceTransaction> first = OwnSlot.transactions(stream, 2);
        source.queryForList(
                "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = ?", slot.name());

        assertThatThrownBy(() -> OwnSlot.transaction(stream)).isInstanceOfSatisfying(StreamProblem.class, problem -> {
            assertThat(problem.code()).isEqualTo(Code.CONNECTION_LOST);
            assertThat(problem.retryable()).isTrue();
        });

        assertThat(OwnSlot.transactions(slot.open(), 2)).isEqualTo(first);
    }

    @Test
    void nothingComesAgainAfterItWasApplied() throws InterruptedException {
        ChangeStream stream = slot.open();
        insert(1, 2);
        LogSequenceNumber applied = OwnSlot.transactions(stream, 2).getLast().endLsn();
        stream.applied(applied);
        // For a moment a transaction may count as being assembled and as in flight.
        Await.until("nothing is in flight", OwnSlot.BOUND, () -> stream.inFlightChanges() == 0);
        slot.awaitConfirmed(applied);
        assertThat(stream.flushed()).isEqualTo(applied);
        stream.close();

        ChangeStream again = slot.open(applied);
        insert(3);

        SourceTransaction next = OwnSlot.transaction(again);
        assertThat(next.commitLsn()).isGreaterThanOrEqualTo(applied);
        assertThat(next.changes()).hasSize(1);
    }

    @Test
    void closingReportsWhatWasApplied() throws InterruptedException {
        ChangeStream stream = slot.open();
        insert(1);
        LogSequenceNumber applied = OwnSlot.transaction(stream).endLsn();
        stream.applied(applied);

        stream.close();
        slot.awaitFree();

        assertThat(slot.info().confirmedFlush()).isEqualTo(applied);
    }

    @Test
    void startInTheMiddleDeliversExactlyTheRest() throws InterruptedException {
        ChangeStream stream = slot.open();
        insert(1, 2, 3);
        List<SourceTransaction> all = OwnSlot.transactions(stream, 3);
        stream.close();

        ChangeStream rest = slot.open(all.getFirst().endLsn());

        assertThat(OwnSlot.transactions(rest, 2)).isEqualTo(all.subList(1, 3));
    }

    @Test
    void batchHoldsWholeTransactionsAndKnowsItsPosition() throws InterruptedException {
        ChangeStream stream = slot.open();
        source.execute("INSERT INTO item SELECT generate_series(1, 10)", "INSERT INTO item VALUES (11)");
        insert(12);
        Await.until("all has arrived", OwnSlot.BOUND, () -> stream.inFlightChanges() == 12);

        Batch large = OwnSlot.whole(stream.take(5, Duration.ofSeconds(5)));
        Batch small = OwnSlot.whole(stream.take(5, Duration.ofSeconds(5)));

        assertThat(large.changes()).isEqualTo(10);
        assertThat(large.completeBelow())
                .isEqualTo(large.transactions().getLast().endLsn());
        assertThat(small.changes()).isEqualTo(2);
        assertThat(small.completeBelow())
                .isEqualTo(small.transactions().getLast().endLsn());
    }

    @Test
    void positionThatWasNeverHandedOutCannotBeApplied() {
        ChangeStream stream = slot.open();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> stream.applied(LogSequenceNumber.valueOf(Long.MAX_VALUE)));
    }

    @Test
    void closedStreamEndsSoonEvenInsideALargeTransaction() throws InterruptedException {
        ChangeStream stream = slot.open(slot.settings(1_000, 1_000_000, 1 << 20), slot.consistentPoint());
        source.execute("INSERT INTO item SELECT n, repeat('x', 200) FROM generate_series(1, 100000) n");
        Await.until("the transaction is being sent", OwnSlot.BOUND, () -> stream.inFlightChanges() > 0);
        long started = System.nanoTime();

        stream.close();

        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(3));
    }

    @Test
    void transactionLargerThanTheWindowStillComesWhole() throws InterruptedException {
        ChangeStream stream = slot.open(slot.settings(10, 1_000_000, 1 << 20), slot.consistentPoint());
        source.execute("INSERT INTO item SELECT generate_series(1, 5000)");

        assertThat(OwnSlot.transaction(stream).changes()).hasSize(5_000);
    }

    @Test
    void transactionAboveTheSizeOfAPartComesInPartsBeforeItIsComplete() throws InterruptedException {
        ChangeStream stream = slot.open(slot.settings(250, 100, 1 << 20), slot.consistentPoint());
        source.execute("INSERT INTO item SELECT generate_series(1, 1050)");
        insert(2_000);

        List<Part> parts = parts(stream);

        assertThat(parts).extracting(Part::size).containsExactly(100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 50);
        assertThat(parts.stream().flatMap(part -> part.changes().stream()))
                .extracting(RowChange::changeIndex)
                .containsExactlyElementsOf(IntStream.range(0, 1050).boxed().toList());
        assertThat(parts.subList(0, 10)).allSatisfy(part -> {
            assertThat(part.completeBelow()).isEqualTo(part.commitLsn());
            assertThat(part.last()).isFalse();
        });
        assertThat(parts.getLast().completeBelow()).isEqualTo(parts.getLast().endLsn());
        assertThat(OwnSlot.transaction(stream).changes()).hasSize(1);
    }

    @Test
    void partsLargerThanTheWindowStillCome() throws InterruptedException {
        ChangeStream stream = slot.open(slot.settings(50, 100, 1 << 20), slot.consistentPoint());
        source.execute("INSERT INTO item SELECT generate_series(1, 350)");

        assertThat(parts(stream)).extracting(Part::size).containsExactly(100, 100, 100, 50);
    }

    @Test
    void transactionOfWhichNotAllPartsWereAppliedComesAgainFromItsBeginning() throws InterruptedException {
        SlotSettings settings = slot.settings(250, 100, 1 << 20);
        ChangeStream stream = slot.open(settings, slot.consistentPoint());
        source.execute("INSERT INTO item SELECT generate_series(1, 1050)");
        List<Part> first = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Part part = i == 0 ? OwnSlot.firstPart(stream) : (Part) stream.take(100, OwnSlot.BOUND);
            stream.applied(part.completeBelow());
            first.add(part);
        }
        stream.close();

        ChangeStream again = slot.open(settings, first.getLast().completeBelow());

        assertThat(parts(again)).hasSize(11).first().isEqualTo(first.getFirst());
    }

    @Test
    void nothingIsHeldOfPartsThatWereTakenNorIsAnythingOfferedBetweenThem() throws InterruptedException {
        ChangeStream stream = slot.open(slot.settings(250, 100, 1 << 20), slot.consistentPoint());
        source.execute("INSERT INTO item SELECT generate_series(1, 5000)");

        Part part = OwnSlot.firstPart(stream);
        int most = stream.inFlightChanges();
        while (!part.last()) {
            part = (Part) stream.take(100, OwnSlot.BOUND);
            most = Math.max(most, stream.inFlightChanges());
        }

        assertThat(most).isLessThanOrEqualTo(450);
        assertThat(OwnSlot.whole(stream.take(100, Duration.ofMillis(1_500))).completeBelow())
                .isEqualTo(part.endLsn());
    }

    private static List<Part> parts(ChangeStream stream) throws InterruptedException {
        List<Part> parts = new ArrayList<>(List.of(OwnSlot.firstPart(stream)));
        while (!parts.getLast().last()) {
            parts.add((Part) stream.take(1_000, OwnSlot.BOUND));
        }
        return parts;
    }

    @Test
    void messageBeyondItsLimitEndsTheStreamByName() {
        ChangeStream stream = slot.open(slot.settings(10, 100, 1_000), slot.consistentPoint());
        source.execute("INSERT INTO item VALUES (1, repeat('secret', 1000))");

        assertThatThrownBy(() -> OwnSlot.transaction(stream)).isInstanceOfSatisfying(StreamProblem.class, problem -> {
            assertThat(problem.code()).isEqualTo(Code.MESSAGE_TOO_LARGE);
            assertThat(problem.what()).contains("at most 1000");
            // There is no setting to raise.
            assertThat(problem.fix()).contains("new window").doesNotContain("Raise");
            assertThat(problem.getMessage()).doesNotContain("secret");
        });
    }

    @Test
    void fullWindowKeepsTheConnectionAliveBeyondTheTimeoutOfTheSource() throws InterruptedException {
        source.execute("ALTER DATABASE \"" + source.name() + "\" SET wal_sender_timeout = '1s'");
        ChangeStream stream = slot.open(slot.settings(2, 100, 1 << 20), slot.consistentPoint());
        insert(1, 2, 3, 4);
        Await.until("the window is full", OwnSlot.BOUND, () -> stream.inFlightChanges() == 2);
        int reader = Objects.requireNonNull(slot.info().activePid());
        String full = Objects.requireNonNull(source.queryForString("SELECT clock_timestamp()::text"));

        Await.until(
                "the reader reports after three time-outs without reading a message",
                OwnSlot.BOUND,
                () -> source.queryForLong("""
                        SELECT count(*) FROM pg_stat_replication
                         WHERE pid = ? AND reply_time > ?::timestamptz + interval '3 seconds'
                        """, reader, full) == 1);

        assertThat(stream.inFlightChanges()).isEqualTo(2);
        assertThat(slot.info().activePid()).isEqualTo(reader);
        List<SourceTransaction> all = new ArrayList<>();
        while (all.size() < 4) {
            Batch batch = OwnSlot.whole(stream.take(1, OwnSlot.BOUND));
            all.addAll(batch.transactions());
            stream.applied(batch.completeBelow());
        }
        assertThat(ids(all)).containsExactly("1", "2", "3", "4");
    }

    @Test
    void quietSourceHandsOutACommitWithoutWaitingForAnInterval() throws InterruptedException {
        ChangeStream stream = slot.open();
        insert(0);
        OwnSlot.transaction(stream);
        awaitQuiet();
        List<Long> micros = new ArrayList<>();
        OwnSlot.onSource(source, connection -> {
            try (var statement = connection.createStatement()) {
                for (int id = 1; id <= 60; id++) {
                    statement.execute("INSERT INTO item VALUES (" + id + ")");
                    long committed = System.nanoTime();
                    OwnSlot.transaction(stream);
                    micros.add((System.nanoTime() - committed) / 1_000);
                    awaitQuiet();
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return true;
        });

        Collections.sort(micros);
        // No measurement: below any interval of ours, on whatever machine. Usually it is less than 2 ms.
        assertThat(micros.get(micros.size() / 2)).as("all: %s", micros).isLessThan(500_000L);
    }

    /** Everything is sent, and the source waits for the next commit. */
    private void awaitQuiet() {
        Await.untilValue(
                "the source has nothing left to send",
                OwnSlot.BOUND,
                () -> source.queryForString("""
                        SELECT a.wait_event
                          FROM pg_stat_activity a
                          JOIN pg_replication_slots s ON s.active_pid = a.pid AND s.slot_name = ?
                        """, slot.name()),
                "WalSenderWaitForWAL"::equalsIgnoreCase);
    }

    @Test
    void quietStreamCostsLittleProcessorTime() throws InterruptedException {
        ChangeStream stream = slot.open();
        insert(0);
        OwnSlot.transaction(stream);
        long thread = Thread.getAllStackTraces().keySet().stream()
                .filter(each -> each.getName().equals("stream-" + slot.name()))
                .findFirst()
                .orElseThrow()
                .threadId();
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long before = threads.getThreadCpuTime(thread);

        stream.take(1, Duration.ofSeconds(1));
        stream.take(1, Duration.ofSeconds(1));

        // A thread that spins would have used both seconds.
        assertThat(Duration.ofNanos(threads.getThreadCpuTime(thread) - before)).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void networkThatFellSilentIsNoticed() {
        try (TcpProxy proxy = TcpProxy.to(source.port())) {
            ChangeStream stream = slot.open(soonStalled(proxy), slot.consistentPoint());
            proxy.blackHole();

            assertThatThrownBy(() -> OwnSlot.transaction(stream))
                    .isInstanceOfSatisfying(
                            StreamProblem.class,
                            problem -> assertThat(problem.retryable()).isTrue());
        }
    }

    @Test
    void slotBehindANetworkThatFellSilentIsHeldUntilTheSourceNoticesAndThenGivesTheRest() throws InterruptedException {
        source.execute("ALTER DATABASE \"" + source.name() + "\" SET wal_sender_timeout = '5s'");
        try (TcpProxy proxy = TcpProxy.to(source.port())) {
            ChangeStream stream = slot.open(soonStalled(proxy), slot.consistentPoint());
            insert(1);
            SourceTransaction first = OwnSlot.transaction(stream);
            stream.applied(first.endLsn());
            slot.awaitConfirmed(first.endLsn());
            proxy.blackHole();
            insert(2);

            assertThatThrownBy(() -> OwnSlot.transaction(stream)).isInstanceOf(StreamProblem.class);
            assertThatThrownBy(() -> ChangeStream.open(slot.settings(), first.endLsn()))
                    .isInstanceOfSatisfying(StreamProblem.class, problem -> {
                        assertThat(problem.code()).isEqualTo(Code.SLOT_IN_USE);
                        assertThat(problem.retryable()).isTrue();
                    });

            // Waits until the slot is free, for less than three times what the source waits.
            ChangeStream again = slot.open(first.endLsn());
            assertThat(ids(OwnSlot.transactions(again, 1))).containsExactly("2");
            assertThat(slot.info().confirmedFlush()).isEqualTo(first.endLsn());
        }
    }

    /** Through the proxy, and soon tired of silence. */
    private SlotSettings soonStalled(TcpProxy proxy) {
        SlotSettings base = slot.settings();
        return new SlotSettings(
                new SourceConnection(
                        "jdbc:postgresql://127.0.0.1:" + proxy.port() + "/" + source.name(),
                        source.user(),
                        source.password()),
                slot.name(),
                base.applicationName(),
                base.statusInterval(),
                base.maxInFlightChanges(),
                base.maxInFlightBytes(),
                base.partChanges(),
                base.partBytes(),
                base.maxMessageBytes(),
                Duration.ofMillis(500),
                null);
    }

    @Test
    void everyTransactionComesOnceHoweverOftenTheStreamIsOpened() throws InterruptedException {
        List<SourceTransaction> all = new ArrayList<>();
        LogSequenceNumber position = slot.consistentPoint();
        for (int round = 0; round < 5; round++) {
            ChangeStream stream = slot.open(position);
            insert(round * 3, round * 3 + 1, round * 3 + 2);
            Batch batch = OwnSlot.whole(stream.take(2, OwnSlot.BOUND));
            all.addAll(batch.transactions());
            position = batch.completeBelow();
            if (round % 2 == 0) {
                stream.applied(position);
            }
            stream.close();
        }
        ChangeStream rest = slot.open(position);
        all.addAll(OwnSlot.transactions(rest, 15 - all.size()));

        assertThat(ids(all)).hasSize(15).doesNotHaveDuplicates();
    }
}
