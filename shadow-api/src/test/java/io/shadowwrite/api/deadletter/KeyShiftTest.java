package io.shadowwrite.api.deadletter;

import static io.shadowwrite.api.TestApi.lsn;
import static io.shadowwrite.api.deadletter.Letterbox.cityMoves;
import static io.shadowwrite.api.deadletter.Letterbox.refused;
import static io.shadowwrite.api.write.Batches.batch;
import static io.shadowwrite.api.write.Batches.city;
import static io.shadowwrite.api.write.Batches.cityGone;
import static io.shadowwrite.api.write.Batches.transaction;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shadowwrite.api.TestApi;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.LetterCorrection;
import io.shadowwrite.protocol.LongTransaction;
import io.shadowwrite.protocol.LongTransactionClient;
import io.shadowwrite.protocol.Operation;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ReplayResult;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.TransactionWrites;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One row arrives at a key which another one, that is parked, has yet to leave. */
class KeyShiftTest {

    private static final String TOO_LONG = "Hohenschaeftlarn";

    private final TestApi api = TestApi.shared();
    private final Letterbox letterbox = new Letterbox(api);

    @BeforeEach
    void openWindow() {
        api.open();
        api.service()
                .write(batch(
                        2_000,
                        transaction(1_900, 0, city(1, null, "Rome"), city(2, null, "Bonn"), city(4, null, "Oslo"))));
    }

    private void correct(long letter, int from, int to, String name) {
        api.operator()
                .correct(
                        letter,
                        new LetterCorrection("ada", cityMoves(from, to, name).writes(), null));
    }

    @Test
    void theRowThatArrivedFirstWaitsWithTheOneThatIsParkedAndNeitherIsLost() {
        TransactionWrites shift = transaction(2_100, 10, cityMoves(1, 2, "Rome"), cityMoves(2, 3, TOO_LONG));
        long letter = api.service().park(refused(shift, 1)).id();

        api.service().write(batch(3_000, shift));

        assertThat(letterbox.cities()).containsExactly("1 Rome", "2 Bonn", "4 Oslo");
        assertThat(letterbox.summary()).hasSize(2);
        letterbox.assertConserved();
        correct(letter, 2, 3, "Bonn");
        assertThatThrownBy(() -> api.operator().replay(letter, Letterbox.REPAIRED))
                .isInstanceOfSatisfying(ShadowProblem.class, problem -> {
                    assertThat(problem.type()).isEqualTo(ProblemType.DEAD_LETTER_BLOCKED);
                    assertThat(problem.detail())
                            .contains("replay that one, and this one is replayed with it", String.valueOf(letter + 1));
                });
        assertThat(api.operator().replay(letter + 1, Letterbox.REPAIRED).replayed())
                .isEqualTo(2);
        assertThat(letterbox.cities()).containsExactly("2 Rome", "3 Bonn", "4 Oslo");
        letterbox.assertConserved();
    }

    @Test
    void nothingOfAShiftIsReplayedWhileOneOfItsRowsCannotLeave() {
        TransactionWrites shift = transaction(2_100, 10, cityMoves(1, 2, "Rome"), cityMoves(2, 3, TOO_LONG));
        long letter = api.service().park(refused(shift, 1)).id();
        api.service().write(batch(3_000, shift));

        ReplayResult result = api.operator().replay(letter + 1, Letterbox.REPAIRED);

        assertThat(result.replayed()).isZero();
        assertThat(result.stop()).isNotNull();
        assertThat(letterbox.cities()).containsExactly("1 Rome", "2 Bonn", "4 Oslo");
        letterbox.assertConserved();
    }

    @Test
    void theRowThatArrivesInAnEarlierPartWaitsWhetherTheLetterLeavesTheKeyOrAChangeBehindIt() {
        TransactionWrites shift = transaction(
                2_100,
                10,
                cityMoves(1, 2, "Rome"),
                city(4, null, "Kiel"),
                city(2, null, TOO_LONG),
                cityMoves(2, 3, "Bonn"));
        long letter = api.service().park(refused(shift, 2)).id();

        inPartsOfOne(shift);

        assertThat(letterbox.cities()).containsExactly("1 Rome", "2 Bonn", "4 Kiel");
        assertThat(letterbox.summary()).hasSize(3);
        letterbox.assertConserved();
        // Whose row an update in place is about while two have the key, nobody can tell.
        api.operator().correct(letter, new LetterCorrection("ada", List.of(), null));
        long first = letterbox.all().stream()
                .filter(each -> each.changeIndex() == 0)
                .findFirst()
                .orElseThrow()
                .id();
        assertThat(api.operator().replay(first, Letterbox.REPAIRED).replayed()).isEqualTo(3);
        assertThat(letterbox.cities()).containsExactly("2 Rome", "3 Bonn", "4 Kiel");
        letterbox.assertConserved();
    }

    private void inPartsOfOne(TransactionWrites transaction) {
        LongTransaction head = new LongTransaction(
                1,
                lsn(2_000),
                transaction.commitLsn(),
                transaction.endLsn(),
                transaction.xid(),
                transaction.committedAt());
        LongTransactionClient.connect(api.url(), TestApi.TOKEN).write(head, lines -> {
            for (ChangeWrites change : transaction.changes()) {
                lines.add(List.of(change));
            }
        });
    }

    @Test
    void rowsThatLeaveWhereTheParkedOneGoesNeedNotWait() {
        TransactionWrites shift =
                transaction(2_100, 10, cityMoves(4, 5, "Oslo"), cityMoves(1, 4, "Rome"), cityMoves(2, 1, TOO_LONG));
        long letter = api.service().park(refused(shift, 2)).id();

        api.service().write(batch(3_000, shift));

        assertThat(letterbox.cities()).containsExactly("2 Bonn", "4 Rome", "5 Oslo");
        assertThat(letterbox.summary()).hasSize(1);
        correct(letter, 2, 1, "Bonn");
        assertThat(api.operator().replay(letter, Letterbox.REPAIRED).replayed()).isEqualTo(1);
        assertThat(letterbox.cities()).containsExactly("1 Bonn", "4 Rome", "5 Oslo");
        letterbox.assertConserved();
    }

    @Test
    void threeRowsThatMoveUpByOneWaitTogether() {
        api.service().write(batch(2_050, transaction(2_010, 1, city(3, null, "Kiel"))));
        TransactionWrites shift =
                transaction(2_100, 10, cityMoves(1, 2, "Rome"), cityMoves(2, 3, "Bonn"), cityMoves(3, 9, TOO_LONG));
        long letter = api.service().park(refused(shift, 2)).id();

        api.service().write(batch(3_000, shift));

        assertThat(letterbox.cities()).containsExactly("1 Rome", "2 Bonn", "3 Kiel", "4 Oslo");
        correct(letter, 3, 9, "Kiel");
        long first = letterbox.all().stream()
                .filter(each -> each.changeIndex() == 0)
                .findFirst()
                .orElseThrow()
                .id();
        assertThat(api.operator().replay(first, Letterbox.REPAIRED).replayed()).isEqualTo(3);
        assertThat(letterbox.cities()).containsExactly("2 Rome", "3 Bonn", "4 Oslo", "9 Kiel");
        letterbox.assertConserved();
    }

    @Test
    void aRowThatIsInsertedUnderTheKeyOfAParkedDeleteWaits() {
        ChangeWrites inserted = withOperation(city(2, null, "Ulm"), Operation.INSERT);
        TransactionWrites exchange = transaction(2_100, 10, inserted, cityGone(2));
        api.service().park(refused(exchange, 1));

        api.service().write(batch(3_000, exchange));

        assertThat(letterbox.cities()).contains("2 Bonn");
        assertThat(letterbox.summary()).hasSize(2);
        letterbox.assertConserved();
    }

    @Test
    void aRowThatComesToTheKeyInAnEarlierTransactionDoesNotWait() {
        TransactionWrites before = transaction(2_050, 5, cityMoves(4, 5, "Oslo"));
        TransactionWrites parked = transaction(2_100, 10, cityMoves(5, 6, TOO_LONG));
        api.service().park(refused(parked, 0));

        api.service().write(batch(3_000, before, parked));

        assertThat(letterbox.cities()).containsExactly("1 Rome", "2 Bonn", "5 Oslo");
        assertThat(letterbox.summary()).hasSize(1);
    }

    @Test
    void anEarlierUpdateOfTheParkedRowInPlaceDoesNotWait() {
        TransactionWrites parked = transaction(2_100, 10, city(2, null, "Berlin"), cityMoves(2, 3, TOO_LONG));
        api.service().park(refused(parked, 1));

        api.service().write(batch(3_000, parked));

        assertThat(letterbox.cities()).containsExactly("1 Rome", "2 Berlin", "4 Oslo");
        assertThat(letterbox.summary()).hasSize(1);
    }

    private static ChangeWrites withOperation(ChangeWrites change, Operation operation) {
        return new ChangeWrites(
                change.changeIndex(),
                change.sourceTable(),
                change.sourceKey(),
                change.formerKey(),
                operation,
                change.digest(),
                change.inScope(),
                change.writes());
    }
}
