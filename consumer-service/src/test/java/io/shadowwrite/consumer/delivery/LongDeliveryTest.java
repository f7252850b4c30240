package io.shadowwrite.consumer.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ReaderState;
import io.shadowwrite.protocol.TransactionWrites;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.Source;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A transaction that is much larger than what is held of it. */
class LongDeliveryTest extends DeliveryScene {

    private static final int PART = 100;
    private static final int CHANGES = 25_050;

    LongDeliveryTest(@Source Database database) {
        super(database);
    }

    @Test
    void comesOnceAndWholeBetweenItsNeighbours() {
        try (RunningConsumer consumer = new RunningConsumer(source, peer, PART)) {
            source.insert(1);
            insertMany();
            source.insert(2);
            awaitApplied(3);
            await("all are counted", () -> events(consumer) == CHANGES + 2.0);
        }
        TransactionWrites large = peer.applied().get(1);
        assertThat(large.changes())
                .extracting(ChangeWrites::changeIndex)
                .containsExactlyElementsOf(IntStream.range(0, CHANGES).boxed().toList());
        assertThat(peer.applied()).extracting(TransactionWrites::commitLsn).isSorted();
        assertThat(peer.longLines()).isEqualTo(251);
        assertThat(peer.replays()).isZero();
        assertThat(source.confirmed()).isLessThanOrEqualTo(peer.position());
    }

    @Test
    void comesAgainWhenTheApiDidNotTakeItOrNobodyHeardThatItDid() {
        try (RunningConsumer consumer = new RunningConsumer(source, peer, PART)) {
            consumer.awaitState(ReaderState.STREAMING);
            peer.refuseLong(ProblemType.TARGET_UNAVAILABLE);
            insertMany();
            awaitApplied(1);
            peer.cutNextAnswer();
            source.database().execute("UPDATE app.partner SET name = 'y'");
            awaitApplied(2);
            source.insert(1);
            awaitApplied(3);
        }
        assertThat(peer.applied()).extracting(each -> each.changes().size()).containsExactly(CHANGES, CHANGES, 1);
    }

    @Test
    void parksWhatIsRefusedOfItAndComesAgain() {
        peer.letters().refuse("bad");
        try (RunningConsumer consumer = new RunningConsumer(source, peer, PART)) {
            consumer.awaitState(ReaderState.STREAMING);
            source.database().execute("""
                    INSERT INTO app.partner (id, name)
                    SELECT n, CASE n WHEN 777 THEN 'bad' ELSE 'good' END FROM generate_series(1, 3000) n
                    """);
            source.insert(5_000);
            awaitApplied(2);
            await("all are counted", () -> events(consumer) == 3_001.0);
            assertThat(events(consumer, "parked")).isEqualTo(1);
        }
        assertThat(peer.applied()).extracting(each -> each.changes().size()).containsExactly(3_000, 1);
        assertThat(peer.letters().letters()).singleElement().satisfies(letter -> {
            assertThat(letter.changeIndex()).isEqualTo(776);
            assertThat(letter.commitLsn()).isEqualTo(peer.applied().getFirst().commitLsn());
            assertThat(letter.payload()).contains("bad");
            assertThat(letter.writes()).hasSize(1);
        });
        assertThat(peer.letters().parkRequests()).isEqualTo(1);
        assertThat(source.confirmed()).isLessThanOrEqualTo(peer.position());
    }

    @Test
    void parksAllThatCannotBeExpressedOfItInOneReading() {
        try (RunningConsumer consumer = new RunningConsumer(source, peer, PART)) {
            consumer.awaitState(ReaderState.STREAMING);
            source.database().execute("""
                    INSERT INTO app.rating
                    SELECT n, CASE WHEN n % 100 = 0 THEN 'unheard of' ELSE 'A' END FROM generate_series(1, 2000) n
                    """);
            awaitApplied(1);
            await("all are counted", () -> events(consumer) == 2_000.0);
            assertThat(events(consumer, "parked")).isEqualTo(20);
        }
        assertThat(peer.letters().letters())
                .hasSize(20)
                .allSatisfy(letter -> assertThat(letter.problem()).isEqualTo("UNMAPPED_VALUE"));
        assertThat(peer.sessions()).as("broken off, read, sent").hasSize(3);
    }

    @Test
    void haltsWhenItsRefusalNamesNoChange() {
        try (RunningConsumer consumer = new RunningConsumer(source, peer, PART)) {
            consumer.awaitState(ReaderState.STREAMING);
            peer.refuseLong(ProblemType.WRITE_REJECTED);
            insertMany();

            assertThat(consumer.awaitHalt()).contains("WRITE_REJECTED", "change_index=0");
        }
        assertThat(peer.applied()).isEmpty();
        assertThat(source.confirmed()).isLessThanOrEqualTo(peer.position());
    }

    @Test
    void doesNotSetOutAfterABatchThatIsRefused() {
        try (RunningConsumer consumer = new RunningConsumer(source, peer, PART)) {
            consumer.awaitState(ReaderState.STREAMING);
            peer.stallNextWrite();
            source.insert(1);
            await("the batch before has arrived", () -> peer.stalled() == 1);
            insertMany();
            await("what goes ahead has arrived", () -> peer.outOfTurn() >= 1);
            peer.refuseWrites(ProblemType.WRITE_REJECTED, 2);
            peer.goOn();

            assertThat(consumer.awaitHalt()).contains("WRITE_REJECTED");
        }
        assertThat(peer.longLines()).isZero();
        assertThat(peer.applied()).isEmpty();
    }

    @Test
    void waitsBeforeAHold() {
        try (RunningConsumer consumer = new RunningConsumer(source, peer, PART)) {
            consumer.awaitState(ReaderState.STREAMING);
            peer.holdAt(null);
            insertMany();
            consumer.awaitState(ReaderState.HOLDING);
            assertThat(peer.longLines()).isZero();

            peer.releaseHold();
            awaitApplied(1);
        }
    }

    private void insertMany() {
        source.database()
                .execute("INSERT INTO app.partner (id, name) SELECT n, 'x' FROM generate_series(1001, %d) n"
                        .formatted(1000 + CHANGES));
    }

    private static double events(RunningConsumer consumer, String outcome) {
        return consumer.registry().get("shadow.events").tag("outcome", outcome).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    private static double events(RunningConsumer consumer) {
        return consumer.registry().get("shadow.events").counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }
}
