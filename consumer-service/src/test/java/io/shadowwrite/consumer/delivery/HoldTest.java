package io.shadowwrite.consumer.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.protocol.ReaderState;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.Source;
import org.junit.jupiter.api.Test;
import org.postgresql.replication.LogSequenceNumber;

class HoldTest extends DeliveryScene {

    HoldTest(@Source Database database) {
        super(database);
    }

    @Test
    void keepsWhatIsBeyondAHoldAndSendsItOnceTheHoldEnds() {
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            source.insert(1);
            awaitApplied(1);
            peer.holdAt(null);
            source.insert(2);
            source.insert(3);
            consumer.awaitState(ReaderState.HOLDING);

            assertThat(peer.applied()).hasSize(1);
            assertThat(consumer.progress().situation().reason()).contains("the-test");

            peer.releaseHold();
            awaitApplied(3);
            consumer.awaitState(ReaderState.STREAMING);
        }
        assertThat(peer.replays()).isZero();
    }

    @Test
    void stopsExactlyAtTheHoldWhenOnlyThePositionMoves() {
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            consumer.awaitState(ReaderState.STREAMING);
            LogSequenceNumber haltAt = LogSequenceNumber.valueOf(
                    String.valueOf(source.database().queryForString("SELECT pg_current_wal_insert_lsn()::text")));
            peer.holdAt(haltAt);
            source.insert(1);
            consumer.awaitState(ReaderState.HOLDING);

            await("the position is the hold", () -> peer.position().equals(haltAt));
            assertThat(peer.applied()).isEmpty();
            assertThat(source.confirmed()).isLessThanOrEqualTo(haltAt);
        }
    }

    @Test
    void goesOnAsFarAsAHoldThatMoves() {
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            consumer.awaitState(ReaderState.STREAMING);
            peer.holdAt(null);
            source.insert(1);
            consumer.awaitState(ReaderState.HOLDING);

            peer.holdAt(LogSequenceNumber.valueOf(
                    String.valueOf(source.database().queryForString("SELECT pg_current_wal_insert_lsn()::text"))));
            awaitApplied(1);
        }
    }

    @Test
    void doesNotPassOffWhatIsLeftAsAllThatIsMissingFromATargetThatWentBack() {
        source.insert(1);
        LogSequenceNumber haltAt = LogSequenceNumber.valueOf(
                String.valueOf(source.database().queryForString("SELECT pg_current_wal_insert_lsn()::text")));
        source.insert(2);
        LogSequenceNumber before = peer.position();
        peer.holdAt(haltAt);
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            consumer.awaitState(ReaderState.HOLDING);
            awaitApplied(1);
            await("it is confirmed", () -> source.confirmed().compareTo(before) > 0);

            peer.goBackTo(before);
            peer.releaseHold();

            assertThat(consumer.awaitHalt()).contains("SLOT_AHEAD");
        }
        assertThat(peer.outOfTurn()).isPositive();
        assertThat(peer.applied()).hasSize(1);
    }

    @Test
    void stopsWhileItHolds() {
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            consumer.awaitState(ReaderState.STREAMING);
            peer.holdAt(null);
            source.insert(1);
            consumer.awaitState(ReaderState.HOLDING);

            consumer.stop();

            assertThat(consumer.progress().situation().state()).isEqualTo(ReaderState.STOPPING);
        }
        assertThat(source.confirmed()).isLessThanOrEqualTo(peer.position());
    }
}
