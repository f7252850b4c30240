package io.shadowwrite.consumer.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.protocol.ReaderState;
import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.Source;
import org.junit.jupiter.api.Test;

class TakeOverTest extends DeliveryScene {

    TakeOverTest(@Source Database database) {
        super(database);
    }

    @Test
    void waitsForTheSlotWithoutFencingItsHolderAndThenTakesOver() {
        try (RunningConsumer first = RunningConsumer.start(source, peer)) {
            first.awaitState(ReaderState.STREAMING);
            try (RunningConsumer second = RunningConsumer.start(source, peer)) {
                second.awaitState(ReaderState.WAITING_FOR_SLOT);
                source.insert(1);
                awaitApplied(1);
                assertThat(peer.sessions()).hasSize(1);

                first.stop();
                source.insert(2);
                second.awaitState(ReaderState.STREAMING);
                awaitApplied(2);
            }
        }
        assertThat(peer.sessions()).hasSize(2);
    }

    @Test
    void aFencedConsumerComesBackWithASessionOfItsOwnOnceItHasTheSlot() {
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            consumer.awaitState(ReaderState.STREAMING);
            peer.fence();
            source.insert(1);
            awaitApplied(1);
            consumer.awaitState(ReaderState.STREAMING);
        }
        assertThat(peer.sessions()).hasSize(2);
    }

    @Test
    void waitsForTheWindowToOpen() {
        peer.windowIsOpen(false);
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            Await.untilValue(
                    "it says what it waits for",
                    RunningConsumer.PATIENCE,
                    () -> String.valueOf(consumer.progress().situation().reason()),
                    reason -> reason.contains("WINDOW_NOT_OPEN"));
            assertThat(consumer.progress().situation().state()).isEqualTo(ReaderState.STARTING);

            peer.windowIsOpen(true);
            consumer.awaitState(ReaderState.STREAMING);
        }
    }
}
