package io.shadowwrite.consumer.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ReaderState;
import io.shadowwrite.protocol.TransactionWrites;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.Source;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.postgresql.replication.LogSequenceNumber;

class DeliveryTest extends DeliveryScene {

    DeliveryTest(@Source Database database) {
        super(database);
    }

    @Test
    void deliversInCommitOrderAndAcknowledgesOnlyWhatWasAnswered() {
        peer.keepAnswers();
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            consumer.awaitState(ReaderState.STREAMING);
            List.of(1, 2, 3).forEach(source::insert);
            await("a transaction is applied", () -> !peer.applied().isEmpty());

            assertThat(source.confirmed())
                    .isLessThanOrEqualTo(peer.applied().getFirst().commitLsn());

            peer.letAnswersGo();
            awaitApplied(3);
            LogSequenceNumber position = peer.applied().getLast().endLsn();
            await("the slot heard of it", () -> source.confirmed().compareTo(position) >= 0);
            assertThat(source.confirmed()).isLessThanOrEqualTo(peer.position());
        }

        assertThat(keys()).containsExactly("{\"id\":1}", "{\"id\":2}", "{\"id\":3}");
        assertThat(peer.applied()).extracting(TransactionWrites::commitLsn).isSorted();
    }

    @Test
    void countsEventsByOperationAndOutcome() {
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            source.database()
                    .execute(
                            "INSERT INTO app.partner VALUES (1, 'in scope', 'A')",
                            "INSERT INTO app.partner VALUES (2, 'filtered away', 'B')",
                            "INSERT INTO app.note VALUES (1, 'unmapped')");
            awaitApplied(3);
            await(
                    "all are counted",
                    () -> consumer.registry()
                                    .get("shadow.apply.latency")
                                    .timer()
                                    .count()
                            == 3);

            assertThat(events(consumer, "applied")).isEqualTo(1);
            assertThat(events(consumer, "filtered")).isEqualTo(1);
            assertThat(consumer.registry().get("shadow.applied.lsn").gauge().value())
                    .isPositive();
        }
        assertThat(peer.applied())
                .allSatisfy(transaction ->
                        assertThat(transaction.changes().getFirst().digest()).matches("[0-9a-f]{32}"));
    }

    @Test
    void asksAgainWhileTheApiIsAwayAndAcknowledgesNothingMeanwhile() {
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            consumer.awaitState(ReaderState.STREAMING);
            peer.refuseWrites(ProblemType.TARGET_UNAVAILABLE, 4);
            source.insert(1);
            await("three refusals", () -> peer.writeRequests() >= 3);

            assertThat(peer.applied()).isEmpty();
            assertThat(source.confirmed()).isLessThanOrEqualTo(peer.position());

            awaitApplied(1);
            assertThat(consumer.progress().situation().state()).isEqualTo(ReaderState.STREAMING);
        }
    }

    @Test
    void sendsABatchAgainWhoseAnswerWasLost() {
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            consumer.awaitState(ReaderState.STREAMING);
            peer.cutNextAnswer();
            source.insert(1);
            source.insert(2);
            awaitApplied(2);
        }

        assertThat(keys()).containsExactly("{\"id\":1}", "{\"id\":2}");
    }

    @Test
    void resumesAtTheStoredPositionWhenTheConnectionBreaks() {
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            source.insert(1);
            awaitApplied(1);
            source.database()
                    .execute("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = '"
                            + source.slotName() + "'");
            source.insert(2);
            awaitApplied(2);
            consumer.awaitState(ReaderState.STREAMING);
        }

        assertThat(keys()).containsExactly("{\"id\":1}", "{\"id\":2}");
        assertThat(peer.sessions()).hasSize(2);
    }

    @Test
    void finishesTheCallInFlightAndConfirmsItBeforeItStops() throws InterruptedException {
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            consumer.awaitState(ReaderState.STREAMING);
            peer.keepAnswers();
            source.insert(1);
            awaitApplied(1);
            Thread stopping = Thread.ofPlatform().start(consumer::stop);
            await("the stop waits for the answer", () -> stopping.getState() == Thread.State.TIMED_WAITING);
            peer.letAnswersGo();
            assertThat(stopping.join(RunningConsumer.PATIENCE)).isTrue();

            assertThat(consumer.progress().situation().state()).isEqualTo(ReaderState.STOPPING);
        }

        assertThat(source.confirmed())
                .isGreaterThanOrEqualTo(peer.applied().getLast().endLsn());
    }

    @Test
    void tellsTheApiHowItIsDoing() {
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            consumer.awaitState(ReaderState.STREAMING);
            await("two reports", () -> peer.reports().size() >= 2);
        }

        assertThat(peer.reports().getLast().state()).isEqualTo("STREAMING");
        assertThat(peer.reports().getLast().received()).isGreaterThan(LogSequenceNumber.valueOf(0));
    }

    private static double events(RunningConsumer consumer, String outcome) {
        return consumer.registry()
                .get("shadow.events")
                .tags("operation", "insert", "outcome", outcome)
                .counter()
                .count();
    }
}
