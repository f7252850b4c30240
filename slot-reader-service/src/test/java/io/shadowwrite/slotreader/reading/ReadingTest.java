package io.shadowwrite.slotreader.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.shadowwrite.delivery.testing.SourceFixture;
import io.shadowwrite.protocol.Operation;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ReaderState;
import io.shadowwrite.protocol.Receipt;
import io.shadowwrite.protocol.ReceiptBatch;
import io.shadowwrite.protocol.Side;
import io.shadowwrite.protocol.Window;
import io.shadowwrite.replication.EventDigest;
import io.shadowwrite.replication.stream.Batch;
import io.shadowwrite.replication.stream.ChangeStream;
import io.shadowwrite.replication.stream.SlotSettings;
import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.replication.LogSequenceNumber;

@PostgresTest
@Timeout(60)
class ReadingTest {

    private final SourceFixture source;
    private LedgerPeer peer;

    ReadingTest(@Source Database database) {
        source = SourceFixture.in(database, Side.VERIFIER);
        peer = new LedgerPeer(source.window());
    }

    @AfterEach
    void drop() {
        peer.close();
        source.close();
    }

    @Test
    void attestsEveryChangeOfEveryTableAsAReaderOfTheOtherSlotSeesIt() throws InterruptedException {
        try (RunningReader _ = RunningReader.start(source, peer)) {
            source.database()
                    .execute(
                            "INSERT INTO app.partner VALUES (1, 'in scope', 'A'), (2, 'filtered away', 'B')",
                            "UPDATE app.partner SET name = 'new' WHERE id = 1",
                            "INSERT INTO app.note VALUES (7, 'unmapped')",
                            "CREATE TABLE app.unheard (id bigint PRIMARY KEY)",
                            "INSERT INTO app.unheard VALUES (8)",
                            "DELETE FROM app.partner WHERE id = 2",
                            "TRUNCATE app.partner");
            awaitReceipts(7);
        }

        assertThat(peer.receipts())
                .extracting(Receipt::operation, Receipt::sourceTable, Receipt::sourceKey)
                .containsExactly(
                        tuple(Operation.INSERT, "app.partner", "{\"id\":1}"),
                        tuple(Operation.INSERT, "app.partner", "{\"id\":2}"),
                        tuple(Operation.UPDATE, "app.partner", "{\"id\":1}"),
                        tuple(Operation.INSERT, "app.note", ""),
                        tuple(Operation.INSERT, "app.unheard", ""),
                        tuple(Operation.DELETE, "app.partner", "{\"id\":2}"),
                        tuple(Operation.TRUNCATE, "app.partner", ""));
        assertThat(peer.receipts()).extracting(Receipt::digest).containsExactlyElementsOf(digestsOfSlotOne(7));
    }

    @Test
    void cutsALargeTransactionAndPromisesItOnlyWithTheLastPart() {
        try (RunningReader _ = RunningReader.start(source, peer)) {
            source.database().execute("INSERT INTO app.note SELECT n, 'x' FROM generate_series(1, 250) n");
            awaitReceipts(250);
        }

        List<ReceiptBatch> parts = peer.batchesWithReceipts();
        assertThat(parts).extracting(part -> part.receipts().size()).containsExactly(100, 20, 100, 20, 10);
        assertThat(parts.subList(0, 4))
                .extracting(ReceiptBatch::completeBelow)
                .containsOnly(parts.getFirst().receipts().getFirst().commitLsn());
        assertThat(peer.receipts())
                .extracting(Receipt::changeIndex)
                .containsExactlyElementsOf(IntStream.range(0, 250).boxed().toList());
        assertThat(parts.getLast().completeBelow())
                .isGreaterThan(parts.getFirst().completeBelow());
        assertEachContinuesTheOneBefore(peer.batches());
    }

    @Test
    void anEmptyLastPartRepeatsTheReceiptBeforeIt() {
        try (RunningReader _ = RunningReader.start(source, peer)) {
            source.database().execute("""
                    DO $$
                    BEGIN
                        INSERT INTO app.note SELECT n, 'x' FROM generate_series(1, 240) n;
                        PERFORM pg_logical_emit_message(true, 'shadow.heartbeat', 'makes a part full and the last one empty');
                    END $$
                    """);
            awaitReceipts(241);
        }

        List<ReceiptBatch> parts = peer.batchesWithReceipts();
        assertThat(parts).extracting(part -> part.receipts().size()).containsExactly(100, 20, 100, 20, 1);
        assertThat(parts.getLast().receipts())
                .containsExactly(parts.get(3).receipts().getLast());
        assertThat(parts.getLast().completeBelow()).isGreaterThan(parts.get(3).completeBelow());
        assertEachContinuesTheOneBefore(peer.batches());
    }

    @Test
    void aTargetThatWentBackHaltsTheReader() {
        try (RunningReader reader = RunningReader.start(source, peer)) {
            reader.awaitState(ReaderState.STREAMING);
            LogSequenceNumber before = peer.position();
            source.database().execute("INSERT INTO app.note VALUES (1, 'x')");
            awaitReceipts(1);
            Await.until(
                    "it is confirmed",
                    SourceFixture.PATIENCE,
                    () -> source.confirmed().compareTo(before) > 0);
            peer.goBackTo(before);
            source.database().execute("INSERT INTO app.note VALUES (2, 'x')");

            assertThat(reader.awaitHalt()).contains("SLOT_AHEAD");
        }
        assertThat(peer.receipts()).hasSize(1);
    }

    @Test
    void acknowledgesNothingWhileTheApiIsAway() {
        try (RunningReader reader = RunningReader.start(source, peer)) {
            reader.awaitState(ReaderState.STREAMING);
            peer.refuse(ProblemType.TARGET_UNAVAILABLE);
            source.database().execute("INSERT INTO app.note VALUES (1, 'x')");
            Await.until("three refusals", SourceFixture.PATIENCE, () -> peer.refused() >= 3);

            assertThat(source.confirmed()).isLessThanOrEqualTo(peer.position());

            peer.refuse(null);
            awaitReceipts(1);
            Await.until(
                    "the slot heard of it",
                    SourceFixture.PATIENCE,
                    () -> source.confirmed()
                                    .compareTo(peer.receipts().getFirst().commitLsn())
                            > 0);
        }
        assertThat(source.confirmed()).isLessThanOrEqualTo(peer.position());
    }

    @Test
    void waitsForTheSlotAndTakesOver() {
        try (RunningReader first = RunningReader.start(source, peer)) {
            first.awaitState(ReaderState.STREAMING);
            try (RunningReader second = RunningReader.start(source, peer)) {
                second.awaitState(ReaderState.WAITING_FOR_SLOT);
                first.stop();
                source.database().execute("INSERT INTO app.note VALUES (1, 'x')");
                second.awaitState(ReaderState.STREAMING);
                awaitReceipts(1);
            }
        }
    }

    @Test
    void namesBothHashesOfAnotherContractAndReportsTheHalt() {
        Window window = source.window();
        openWindow(window.migrationId(), window.systemIdentifier(), window.optionsHash(), "0123abcd");
        try (RunningReader reader = RunningReader.start(source, peer)) {
            assertThat(reader.awaitHalt())
                    .contains(
                            "CONTRACT_MISMATCH",
                            "0123abcd",
                            SourceFixture.contract().sha256());
            Await.until(
                    "the API knows",
                    SourceFixture.PATIENCE,
                    () -> peer.reports().stream()
                            .anyMatch(report -> report.state().equals("HALTED")));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ALTER TABLE app.partner REPLICA IDENTITY NOTHING                                      | REPLICA_IDENTITY
            ALTER TABLE app.partner DROP CONSTRAINT partner_pkey, ADD PRIMARY KEY (id) DEFERRABLE | REPLICA_IDENTITY
            ALTER TABLE app.partner DROP COLUMN name                                              | SCHEMA_DRIFT
            """)
    void aSourceThatIsNoLongerWhatTheContractSaysHaltsWithoutAnyChange(String ddl, String reason) {
        try (RunningReader reader = RunningReader.start(source, peer)) {
            reader.awaitState(ReaderState.STREAMING);
            source.database().execute(ddl);

            assertThat(reader.awaitHalt()).contains(reason, "app.partner");
        }
    }

    @Test
    void anotherServerThanThatOfTheWindowHalts() {
        Window window = source.window();
        openWindow(window.migrationId(), "1", window.optionsHash(), window.contractHash());
        try (RunningReader reader = RunningReader.start(source, peer)) {
            assertThat(reader.awaitHalt()).contains("SYSTEM_CHANGED");
        }
    }

    private void assertEachContinuesTheOneBefore(List<ReceiptBatch> batches) {
        LogSequenceNumber promised = source.window().verifierBaseline();
        for (ReceiptBatch batch : batches) {
            assertThat(batch.continuesFrom()).isEqualTo(promised);
            promised = batch.completeBelow();
        }
    }

    private void openWindow(String migrationId, String systemIdentifier, String optionsHash, String contractHash) {
        Window window = source.window();
        peer.close();
        peer = new LedgerPeer(new Window(
                migrationId,
                window.consumerSlot(),
                window.consumerBaseline(),
                window.verifierSlot(),
                window.verifierBaseline(),
                systemIdentifier,
                window.timeline(),
                optionsHash,
                contractHash,
                window.requiredTicks(),
                window.gapPolicy(),
                window.tickClock()));
    }

    private void awaitReceipts(int count) {
        Await.until(
                count + " receipts",
                SourceFixture.PATIENCE,
                () -> peer.receipts().size() == count);
    }

    private List<String> digestsOfSlotOne(int count) throws InterruptedException {
        List<String> digests = new ArrayList<>();
        SlotSettings slot = SlotSettings.of(
                SourceFixture.connection(source.database()), source.window().consumerSlot(), "test");
        long deadline = System.nanoTime() + SourceFixture.PATIENCE.toNanos();
        try (ChangeStream stream = ChangeStream.open(slot, source.window().consumerBaseline())) {
            while (digests.size() < count && System.nanoTime() < deadline) {
                ((Batch) stream.take(100, Duration.ofMillis(250)))
                        .transactions()
                        .forEach(transaction -> transaction
                                .changes()
                                .forEach(change -> digests.add(hex(EventDigest.of(transaction.commitLsn(), change)))));
            }
        }
        return digests;
    }

    private static String hex(EventDigest digest) {
        return "%016x%016x".formatted(digest.h0(), digest.h1());
    }
}
