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

/** Two batches on the way at once, and what comes between them. */
class FlightsTest extends DeliveryScene {

    FlightsTest(@Source Database database) {
        super(database);
    }

    @Test
    void aSecondBatchIsSentBeforeTheFirstIsAnsweredAndNeitherIsAcknowledgedBefore() {
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            consumer.awaitState(ReaderState.STREAMING);
            peer.keepAnswers();
            source.insert(1);
            awaitApplied(1);
            source.insert(2);
            awaitApplied(2);
            int reports = peer.reports().size();
            await("two more reports", () -> peer.reports().size() >= reports + 2);

            LogSequenceNumber first = peer.applied().getFirst().commitLsn();
            assertThat(consumer.progress().applied()).isLessThanOrEqualTo(first);
            assertThat(source.confirmed()).isLessThanOrEqualTo(first);

            peer.letAnswersGo();
            await(
                    "both are confirmed",
                    () -> source.confirmed().compareTo(peer.applied().getLast().endLsn()) >= 0);
        }
    }

    @Test
    void aSecondBatchWaitsWhileTheFirstIsRepeated() {
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            sendFirstStalledThenSecond(consumer);
            peer.refuseWrites(ProblemType.TARGET_UNAVAILABLE, 3);
            peer.goOn();
            awaitApplied(2);
        }

        assertInOrderAndOnce();
    }

    @Test
    void whatComesAfterARefusedBatchIsNeverApplied() {
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            sendFirstStalledThenSecond(consumer);
            LogSequenceNumber before = peer.position();
            peer.refuseWrites(ProblemType.WRITE_REJECTED, 2);
            peer.goOn();

            assertThat(consumer.awaitHalt()).contains("WRITE_REJECTED");
            assertThat(peer.applied()).isEmpty();
            assertThat(consumer.progress().applied()).isEqualTo(before);
        }
        assertThat(source.confirmed()).isLessThanOrEqualTo(peer.position());
    }

    @Test
    void aHoldBetweenThemKeepsBothAndTheirOrder() {
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            sendFirstStalledThenSecond(consumer);
            peer.holdAt(null);
            peer.goOn();
            consumer.awaitState(ReaderState.HOLDING);
            assertThat(peer.applied()).isEmpty();

            peer.releaseHold();
            awaitApplied(2);
            consumer.awaitState(ReaderState.STREAMING);
        }
        assertInOrderAndOnce();
    }

    @Test
    void aFenceBetweenThemStopsBothUntilANewSessionSendsThemAgain() {
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            sendFirstStalledThenSecond(consumer);
            peer.fence();
            peer.goOn();
            awaitApplied(2);
            consumer.awaitState(ReaderState.STREAMING);
        }
        assertInOrderAndOnce();
        assertThat(peer.sessions()).hasSize(2);
    }

    @Test
    void aConsumerThatLosesItsSlotBetweenThemLeavesNothingThatCouldStillBeApplied() {
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            sendFirstStalledThenSecond(consumer);
            source.database()
                    .execute("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = '"
                            + source.slotName() + "'");
            awaitApplied(2);
            peer.goOn();
            consumer.awaitState(ReaderState.STREAMING);
        }
        assertInOrderAndOnce();
        assertThat(peer.sessions()).hasSize(2);
    }

    @Test
    void aTargetThatWentBackHaltsTheConsumer() {
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            consumer.awaitState(ReaderState.STREAMING);
            LogSequenceNumber before = peer.position();
            source.insert(1);
            awaitApplied(1);
            await("it is confirmed", () -> source.confirmed().compareTo(before) > 0);
            peer.goBackTo(before);
            source.insert(2);

            assertThat(consumer.awaitHalt()).contains("SLOT_AHEAD");
        }
        assertThat(peer.applied()).hasSize(1);
    }

    /** The first batch has arrived and is not looked at yet, the second has been turned away at least once. */
    private void sendFirstStalledThenSecond(RunningConsumer consumer) {
        consumer.awaitState(ReaderState.STREAMING);
        peer.stallNextWrite();
        source.insert(1);
        await("the first has arrived", () -> peer.stalled() == 1);
        source.insert(2);
        await("the second has arrived", () -> peer.outOfTurn() >= 1);
    }

    private void assertInOrderAndOnce() {
        assertThat(peer.applied())
                .extracting(transaction -> transaction.changes().getFirst().sourceKey())
                .containsExactlyElementsOf(List.of("{\"id\":1}", "{\"id\":2}"));
        assertThat(peer.applied()).extracting(TransactionWrites::commitLsn).isSorted();
        assertThat(source.confirmed()).isLessThanOrEqualTo(peer.position());
    }
}
