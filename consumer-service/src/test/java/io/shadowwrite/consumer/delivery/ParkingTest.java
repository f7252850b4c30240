package io.shadowwrite.consumer.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.shadowwrite.protocol.LetterClass;
import io.shadowwrite.protocol.ParkRequest;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ReaderState;
import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.Source;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Changes that cannot be applied wait aside, and all others go on. */
class ParkingTest extends DeliveryScene {

    ParkingTest(@Source Database database) {
        super(database);
    }

    @Test
    void aRefusedChangeIsParkedWithAllThatItTakesAndTheRestGoesOn() {
        peer.letters().refuse("bad");
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            source.database()
                    .execute("INSERT INTO app.partner VALUES (1, 'fine', 'A'), (2, 'bad', 'A'), (3, 'good', 'A')");
            awaitOutcome("fine applied", "bad parked", "good applied");
            source.insert(4);
            awaitOutcome("fine applied", "bad parked", "good applied", "partner applied");
            consumer.awaitState(ReaderState.STREAMING);
            await("all are counted", () -> count(consumer, "shadow.decoded") == 4);
            assertThat(count(consumer, "shadow.events")).isEqualTo(4);
            assertThat(consumer.registry()
                            .get("shadow.events")
                            .tags("operation", "insert", "outcome", "parked")
                            .counter()
                            .count())
                    .isEqualTo(1);
        }

        ParkRequest letter = onlyLetter();
        assertThat(letter.letterClass()).isEqualTo(LetterClass.REJECTED);
        assertThat(letter.problem()).isEqualTo("WRITE_REJECTED");
        assertThat(letter.detail()).isEqualTo("the target says no");
        assertThat(letter.changeIndex()).isEqualTo(1);
        assertThat(letter.sourceKey()).isEqualTo("{\"id\":2}");
        assertThat(letter.commitLsn()).isEqualTo(peer.applied().getFirst().commitLsn());
        assertThat(letter.payload())
                .isEqualTo(
                        "{\"table\":\"app.partner\",\"action\":\"insert\",\"columns\":{\"id\":\"2\",\"name\":\"bad\",\"kind\":\"A\"}}");
        assertThat(letter.writes())
                .singleElement()
                .satisfies(write -> assertThat(write.values()).containsEntry("name", "bad"));
    }

    @Test
    void thePositionMovesOverAParkedChangeAsOverAnyOther() {
        peer.letters().refuse("bad");
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            source.database().execute("INSERT INTO app.partner VALUES (1, 'bad', 'A')");
            awaitOutcome("bad parked");
            await(
                    "the slot heard of it",
                    () -> source.confirmed().compareTo(peer.applied().getFirst().endLsn()) >= 0);
            consumer.awaitState(ReaderState.STREAMING);
        }
        assertThat(source.confirmed()).isLessThanOrEqualTo(peer.position());
    }

    @Test
    void laterChangesOfTheRowComeInOrderAndWithTheirWrites() {
        peer.letters().refuse("bad");
        try (RunningConsumer _ = RunningConsumer.start(source, peer)) {
            source.database()
                    .execute(
                            "INSERT INTO app.partner VALUES (1, 'bad', 'A')",
                            "INSERT INTO app.partner VALUES (2, 'other', 'A')",
                            "UPDATE app.partner SET name = 'better' WHERE id = 1",
                            "UPDATE app.partner SET name = 'best' WHERE id = 1");
            awaitOutcome("bad parked", "other applied", "better parked", "best parked");
        }
        assertThat(peer.letters().letters()).hasSize(1);
    }

    @Test
    void manyRefusedChangesOfOneBatchAreAllParked() {
        peer.letters().refuse("bad");
        try (RunningConsumer _ = RunningConsumer.start(source, peer)) {
            source.database()
                    .execute("INSERT INTO app.partner SELECT n, CASE WHEN n % 2 = 0 THEN 'bad' ELSE 'good' END, 'A'"
                            + " FROM generate_series(1, 40) n");
            awaitOutcome(IntStream.rangeClosed(1, 40)
                    .mapToObj(n -> n % 2 == 0 ? "bad parked" : "good applied")
                    .toArray(String[]::new));
        }
        assertThat(peer.letters().letters())
                .extracting(ParkRequest::changeIndex)
                .containsExactlyElementsOf(
                        IntStream.range(0, 20).mapToObj(n -> 2 * n + 1).toList());
    }

    @Test
    void howeverManyChangesOfOneTransactionAreRefusedForCertainTheyAreParked() {
        peer.letters().refuse("bad");
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            source.database()
                    .execute("INSERT INTO app.partner SELECT n, 'bad', 'A' FROM generate_series(1, %d) n"
                            .formatted(WriteLink.MOST_GUESSED + 5));
            await("all are parked", () -> peer.letters().outcome().size() == WriteLink.MOST_GUESSED + 5);
            consumer.awaitState(ReaderState.STREAMING);
        }
    }

    @Test
    void moreGuessesInOneTransactionThanAllowedHalt() {
        peer.letters().refuseByGuess("bad");
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            source.insert(0);
            source.database()
                    .execute("INSERT INTO app.partner SELECT n, 'bad', 'A' FROM generate_series(1, %d) n"
                            .formatted(WriteLink.MOST_GUESSED + 1));

            assertThat(consumer.awaitHalt()).contains("WRITE_REJECTED", "100 changes", "Repair the target");
        }
        assertThat(peer.letters().letters()).hasSize(WriteLink.MOST_GUESSED);
        assertThat(peer.letters().outcome()).containsExactly("partner applied");
    }

    @Test
    void refusalsOfOtherTransactionsDoNotCount() {
        peer.letters().refuseByGuess("bad");
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            consumer.awaitState(ReaderState.STREAMING);
            for (int from = 0; from < 2; from++) {
                source.database()
                        .execute("INSERT INTO app.partner SELECT n, 'bad', 'A' FROM generate_series(%d, %d) n"
                                .formatted(from * 100, from * 100 + 59));
            }
            await("all are parked", () -> peer.letters().outcome().size() == 120);
            consumer.awaitState(ReaderState.STREAMING);
        }
    }

    @Test
    void aLetterThatIsNotNeededAnyMoreLetsTheBatchGoOn() {
        peer.letters().refuse("bad");
        peer.letters().nextIsDecidedMeanwhile();
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            source.database().execute("INSERT INTO app.partner VALUES (1, 'bad', 'A')");
            awaitOutcome("bad applied");
            consumer.awaitState(ReaderState.STREAMING);
        }
        assertThat(peer.letters().parkRequests()).isEqualTo(1);
        assertThat(peer.letters().letters()).isEmpty();
    }

    @Test
    void reportsWhileALetterCannotBeStored() {
        peer.letters().away(true);
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            consumer.awaitState(ReaderState.STREAMING);
            source.database().execute("INSERT INTO app.rating VALUES (2, 'unheard of')");
            await("it is tried", () -> peer.letters().parkRequests() >= 1);
            int reports = peer.reports().size();
            await("two more reports", () -> peer.reports().size() >= reports + 2);
            peer.letters().away(false);
            awaitOutcome("{\"id\":2} parked");
        }
    }

    @Test
    void aLetterWhoseAnswerIsLostIsSentAgain() {
        peer.letters().refuse("bad");
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            consumer.awaitState(ReaderState.STREAMING);
            peer.cutNextLetter();
            source.database().execute("INSERT INTO app.partner VALUES (1, 'bad', 'A')");
            awaitOutcome("bad parked");
        }
        assertThat(peer.letters().parkRequests()).isEqualTo(2);
        assertThat(peer.letters().letters()).hasSize(1);
    }

    @Test
    void whoComesAfterAConsumerThatEndedBetweenLetterAndBatchOnlySendsTheBatch() {
        peer.letters().refuse("bad");
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            consumer.awaitState(ReaderState.STREAMING);
            peer.stallNextWrite();
            source.database().execute("INSERT INTO app.partner VALUES (1, 'bad', 'A'), (2, 'good', 'A')");
            await("the batch has arrived", () -> peer.stalled() == 1);
            peer.stallNextWrite();
            peer.goOn();
            await("it has come again behind its letter", () -> peer.stalled() == 2);
            peer.refuseWrites(ProblemType.TARGET_UNAVAILABLE, 1_000);
            peer.goOn();
        }
        assertThat(peer.applied()).isEmpty();
        peer.refuseNoWrites();
        try (RunningConsumer _ = RunningConsumer.start(source, peer)) {
            source.insert(3);
            awaitOutcome("bad parked", "good applied", "partner applied");
        }
        assertThat(peer.letters().parkRequests()).isEqualTo(1);
        assertThat(peer.applied()).hasSize(2);
    }

    @Test
    void aRefusalThatNamesNoChangeHalts() {
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            consumer.awaitState(ReaderState.STREAMING);
            peer.refuseWrites(ProblemType.WRITE_REJECTED, 1);
            source.insert(1);

            assertThat(consumer.awaitHalt()).contains("WRITE_REJECTED");
        }
        assertThat(peer.letters().parkRequests()).isZero();
        assertThat(peer.applied()).isEmpty();
    }

    @Test
    void moreLettersThanAllowedHaltBeforeTheFirstThatIsTooMany() {
        peer.letters().refuse("bad");
        peer.letters().mostOpen(2);
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            for (int id = 1; id <= 4; id++) {
                source.database().execute("INSERT INTO app.partner VALUES (%d, 'bad', 'A')".formatted(id));
            }
            assertThat(consumer.awaitHalt()).contains("DEAD_LETTERS_FULL", "2 changes", "docs/runbook.md");
        }
        assertThat(peer.letters().outcome()).containsExactly("bad parked", "bad parked");
        assertThat(source.confirmed()).isLessThanOrEqualTo(peer.position());
    }

    @Test
    void aChangeThatCannotBeExpressedIsParkedWithoutWritesAndTheRestOfItsTransactionGoesOn() {
        try (RunningConsumer _ = RunningConsumer.start(source, peer)) {
            source.database()
                    .execute(
                            "INSERT INTO app.rating VALUES (1, 'A'), (2, 'unheard of'), (3, 'B')",
                            "UPDATE app.rating SET grade = 'A' WHERE id = 2",
                            "DELETE FROM app.rating WHERE id = 2");
            awaitOutcome("first applied", "{\"id\":2} parked", "second applied", "first parked", "{\"id\":2} parked");
        }
        ParkRequest letter = onlyLetter();
        assertThat(letter.letterClass()).isEqualTo(LetterClass.REJECTED);
        assertThat(letter.problem()).isEqualTo("UNMAPPED_VALUE");
        assertThat(letter.detail()).contains("app.rating", "change 1").doesNotContain("unheard of");
        assertThat(letter.sourceKey()).isEqualTo("{\"id\":2}");
        assertThat(letter.writes()).isNull();
        assertThat(letter.payload()).contains("unheard of");
    }

    @Test
    void aChangeWhoseRowCannotBeNamedHalts() {
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            source.database().execute("INSERT INTO app.visit VALUES ('NaN', 'somebody')");

            assertThat(consumer.awaitHalt()).contains("UNREPRESENTABLE_VALUE", "app.visit", "dead letter 1");
        }
        assertThat(onlyLetter().letterClass()).isEqualTo(LetterClass.HALTING);
        assertThat(onlyLetter().sourceKey()).isEmpty();
        assertThat(peer.letters().outcome()).isEmpty();
    }

    @Test
    void aHaltingChangeIsParkedAndPassedOnceAPersonGaveItUp() {
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            source.insert(1);
            source.database().execute("TRUNCATE app.partner");
            source.insert(2);
            assertThat(consumer.awaitHalt()).contains("TRUNCATE", "dead letter 1", "dead-letter-halts");
        }
        ParkRequest letter = onlyLetter();
        assertThat(letter.letterClass()).isEqualTo(LetterClass.HALTING);
        assertThat(letter.problem()).isEqualTo("TRUNCATE");
        assertThat(letter.writes()).isNull();
        assertThat(peer.letters().outcome()).containsExactly("partner applied");

        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            assertThat(consumer.awaitHalt()).contains("TRUNCATE", "dead letter 1");
        }
        peer.letters().resolve(letter);
        try (RunningConsumer _ = RunningConsumer.start(source, peer)) {
            awaitOutcome("partner applied", " parked", "partner applied");
        }
        assertThat(peer.letters().letters()).hasSize(1);
    }

    private static double count(RunningConsumer consumer, String name) {
        return consumer.registry().get(name).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    private ParkRequest onlyLetter() {
        List<ParkRequest> letters = peer.letters().letters();
        assertThat(letters).hasSize(1);
        return letters.getFirst();
    }

    private void awaitOutcome(String... expected) {
        Await.untilValue(
                "changes are " + String.join(", ", expected),
                RunningConsumer.PATIENCE,
                () -> peer.letters().outcome(),
                outcome -> outcome.equals(List.of(expected)));
    }
}
