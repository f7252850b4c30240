package io.shadowwrite.api.conservation;

import static io.shadowwrite.api.TestApi.lsn;
import static io.shadowwrite.api.write.Batches.batch;
import static io.shadowwrite.api.write.Batches.city;
import static io.shadowwrite.api.write.Batches.country;
import static io.shadowwrite.api.write.Batches.receipts;
import static io.shadowwrite.api.write.Batches.refused;
import static io.shadowwrite.api.write.Batches.transaction;
import static io.shadowwrite.api.write.Batches.unmapped;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shadowwrite.api.TestApi;
import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.Conservation;
import io.shadowwrite.protocol.Criterion;
import io.shadowwrite.protocol.HaltRequest;
import io.shadowwrite.protocol.Hold;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ReceiptBatch;
import io.shadowwrite.protocol.ReplayRequest;
import io.shadowwrite.protocol.ResumeRequest;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.Status;
import io.shadowwrite.protocol.TickClock;
import io.shadowwrite.protocol.TransactionWrites;
import io.shadowwrite.protocol.Verdict;
import io.shadowwrite.protocol.VerifierRun;
import io.shadowwrite.testsupport.Await;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.replication.LogSequenceNumber;

/** Decoded = applied + no operation + filtered + parked, from what is stored. */
class ConservationTest {

    private static final long VERIFIER_BASELINE = 1_500;

    private final TestApi api = TestApi.shared();
    private final ConservationCheck check = api.context().getBean(ConservationCheck.class);

    private long attested = VERIFIER_BASELINE;

    @BeforeEach
    void openWindow() {
        api.open();
    }

    private void write(long completeBelow, TransactionWrites... transactions) {
        api.service().write(batch(completeBelow, transactions));
    }

    private void attest(long completeBelow, TransactionWrites... transactions) {
        api.service().attest(new ReceiptBatch(lsn(attested), lsn(completeBelow), receipts(transactions)));
        attested = completeBelow;
    }

    private Conservation count() {
        // The first makes the row that the second counts into; a request may be counting at the same time.
        Await.until("the range is counted", Duration.ofSeconds(10), check::countWindows);
        return Objects.requireNonNull(api.service().status().conservation());
    }

    private static String sums(Conservation counted) {
        return "%d = %d + %d + %d + %d, difference %d"
                .formatted(
                        counted.decoded(),
                        counted.applied(),
                        counted.noOp(),
                        counted.filtered(),
                        counted.parked(),
                        counted.difference());
    }

    @Test
    void tellsWhatBecameOfEveryChangeOfBothReaders() {
        TransactionWrites first =
                transaction(2_000, 0, country("DE", "Germany", null), unmapped(), country("DE", "Germany", null));
        TransactionWrites second = transaction(2_100, 1, city(1, "XX", "Nowhere"));
        api.service().park(refused(second));
        write(3_000, first, second);
        attest(3_000, first, second);

        Conservation counted = count();

        assertThat(sums(counted)).isEqualTo("4 = 2 + 0 + 1 + 1, difference 0");
        assertThat(counted.holds()).isTrue();
        assertThat(counted.from()).isEqualTo(lsn(VERIFIER_BASELINE));
        assertThat(counted.below()).isEqualTo(lsn(3_000));
        assertThat(counted.checkedAt()).isNotNull();
        assertThat(counted.firstUnconserved()).isNull();
    }

    @Test
    void countsWhatIsNewAndNothingTwice() {
        TransactionWrites first = transaction(2_000, 0, country("DE", "Germany", null));
        TransactionWrites second = transaction(3_100, 0, country("FR", "France", null));
        write(3_000, first);
        attest(3_000, first);
        count();
        write(4_000, second);
        attest(4_000, second);
        count();

        assertThat(sums(count())).isEqualTo("2 = 2 + 0 + 0 + 0, difference 0");
    }

    @Test
    void countsOnlyWhatBothReadersHaveStored() {
        TransactionWrites first = transaction(2_000, 0, country("DE", "Germany", null));
        TransactionWrites second = transaction(3_100, 0, country("FR", "France", null));
        write(4_000, first, second);
        attest(3_000, first);

        Conservation counted = count();

        assertThat(counted.below()).isEqualTo(lsn(3_000));
        assertThat(sums(counted)).isEqualTo("1 = 1 + 0 + 0 + 0, difference 0");
        assertThat(counted.holds()).isTrue();
    }

    @Test
    void isCountedWhenAHoldEnds() throws SQLException {
        TransactionWrites first = transaction(2_000, 0, country("DE", "Germany", null));
        storeUncounted(3_000, first);
        api.service().halt(new HaltRequest("a tick", Hold.Kind.VERIFIER, lsn(3_000), 60));

        api.service().resume(new ResumeRequest("a tick"));

        assertThat(countedBelow()).isEqualTo(lsn(3_000));
    }

    @Test
    void leavesMuchToTheSlotReaderWhenAHoldEnds() throws SQLException {
        storeUncounted(VERIFIER_BASELINE + ConservationCheck.LITTLE_BYTES + 1);

        check.countLittle();

        assertThat(countedBelow()).isEqualTo(lsn(VERIFIER_BASELINE));
    }

    /** Whoever would count meanwhile finds that somebody does. */
    private void storeUncounted(long completeBelow, TransactionWrites... transactions) throws SQLException {
        count();
        try (Connection counting = api.target().connect();
                Statement statement = counting.createStatement()) {
            counting.setAutoCommit(false);
            statement.execute("select from shadow.conservation for update");
            write(completeBelow, transactions);
            attest(completeBelow, transactions);
            counting.rollback();
        }
    }

    private LogSequenceNumber countedBelow() {
        return Objects.requireNonNull(api.service().status().conservation()).below();
    }

    @Test
    void walksOverARangeThatIsWiderThanOneWindow() {
        long far = 40 * ConservationCheck.WINDOW_BYTES;
        TransactionWrites first = transaction(2_000, 0, country("DE", "Germany", null));
        TransactionWrites second = transaction(far, 0, country("FR", "France", null));
        write(far + 8, first, second);
        attest(far + 8, first, second);

        Conservation counted = count();

        assertThat(counted.below()).isEqualTo(lsn(far + 8));
        assertThat(sums(counted)).isEqualTo("2 = 2 + 0 + 0 + 0, difference 0");
    }

    @Test
    void countsNotTooManyReceiptsAtOnceButATransactionWhole() {
        ConservationCheck two = new ConservationCheck(api.context().getBean(ShadowDatabase.class), 2);
        TransactionWrites[] all = {
            transaction(2_000, 0, unmapped(), unmapped()),
            transaction(2_100, 0, unmapped(), unmapped(), unmapped()),
            transaction(2_200, 0, unmapped()),
            transaction(2_300, 0, unmapped())
        };
        attest(3_000, all);
        write(3_000, all);

        List<LogSequenceNumber> below = new ArrayList<>();
        boolean done = false;
        while (!done && below.size() < 10) {
            done = two.countWindow();
            below.add(Objects.requireNonNull(api.service().status().conservation())
                    .below());
        }

        assertThat(below).endsWith(lsn(2_100), lsn(2_101), lsn(3_000));
        assertThat(sums(count())).isEqualTo("7 = 0 + 0 + 7 + 0, difference 0");
    }

    @Test
    void namesTheTransactionThatTheConsumerLostAChangeOf() {
        TransactionWrites whole = transaction(2_000, 0, country("DE", "Germany", null));
        TransactionWrites torn = transaction(2_100, 0, unmapped(), unmapped(), unmapped());
        write(3_000, whole, torn);
        api.target().execute("delete from shadow.event_ledger where side = 1 and change_index = 2");
        attest(3_000, whole, torn);

        Conservation counted = count();

        assertThat(sums(counted)).isEqualTo("4 = 1 + 0 + 2 + 0, difference 1");
        assertThat(counted.holds()).isFalse();
        assertThat(counted.unconservedTransactions()).isEqualTo(1);
        assertThat(Objects.requireNonNull(counted.firstUnconserved()).commitLsn())
                .isEqualTo(lsn(2_100));
        assertThat(counted.firstUnconserved().detail())
                .contains("slot reader: 3 receipts, last change 2; consumer: 2 receipts, last change 1");
    }

    @Test
    void aChangeLostAndAnotherGainedDoNotCancelOut() {
        TransactionWrites one = transaction(2_000, 0, unmapped(), unmapped());
        write(3_000, one);
        api.target().execute("update shadow.event_ledger set change_index = 7 where side = 1 and change_index = 1");
        attest(3_000, one);

        Conservation counted = count();

        assertThat(sums(counted)).isEqualTo("2 = 0 + 0 + 2 + 0, difference 0");
        assertThat(counted.holds()).isFalse();
    }

    @Test
    void aTransactionThatOnlyOneSideKnowsIsNotConserved() {
        TransactionWrites first = transaction(2_000, 0, unmapped());
        TransactionWrites second = transaction(2_100, 0, unmapped());
        write(3_000, first);
        attest(3_000, second);

        Conservation counted = count();

        assertThat(sums(counted)).isEqualTo("1 = 0 + 0 + 1 + 0, difference 2");
        assertThat(counted.unconservedTransactions()).isEqualTo(2);
    }

    @Test
    void whatIsAppliedHasProvenanceAndWhatIsParkedHasALetter() {
        TransactionWrites applied = transaction(2_000, 0, country("DE", "Germany", null));
        TransactionWrites parked = transaction(2_100, 1, city(1, "XX", "Nowhere"));
        api.service().park(refused(parked));
        write(3_000, applied, parked);
        api.target().execute("delete from provenance.transaction");
        api.target().execute("update shadow.dead_letter set state = 'REPLAYED'");
        attest(3_000, applied, parked);

        Conservation counted = count();

        assertThat(sums(counted)).isEqualTo("2 = 1 + 0 + 0 + 1, difference 0");
        assertThat(counted.unconservedTransactions()).isEqualTo(2);
    }

    @Test
    void aTransactionThatIsWholeAgainIsForgotten() {
        TransactionWrites one = transaction(2_000, 0, unmapped());
        write(3_000, one);
        api.target().execute("update shadow.event_ledger set disposition = null where side = 1");
        attest(3_000, one);
        assertThat(count().holds()).isFalse();
        api.target().execute("update shadow.event_ledger set disposition = 3 where side = 1");
        api.target().execute("update shadow.unconserved set checked_at = checked_at - interval '2 minutes'");

        Conservation counted = countAgain();

        assertThat(counted.holds()).isTrue();
        assertThat(sums(counted)).isEqualTo("1 = 0 + 0 + 1 + 0, difference 0");
    }

    private Conservation countAgain() {
        Await.until("it is counted again", Duration.ofSeconds(10), () -> {
            check.lookAgain();
            return api.target()
                            .queryForLong(
                                    "select count(*) from shadow.unconserved where checked_at < clock_timestamp() - interval '1 minute'")
                    == 0;
        });
        return count();
    }

    @Test
    void whatIsNotWholeIsCountedAgainOnceInAWhile() {
        TransactionWrites one = transaction(2_000, 0, unmapped());
        write(3_000, one);
        api.target().execute("update shadow.event_ledger set disposition = null where side = 1");
        attest(3_000, one);
        count();
        String checked = api.target().queryForString("select checked_at::text from shadow.unconserved");

        write(4_000);
        attest(4_000);
        count();
        check.lookAgain();

        assertThat(api.target().queryForString("select checked_at::text from shadow.unconserved"))
                .isEqualTo(checked);
        api.target().execute("update shadow.unconserved set checked_at = checked_at - interval '2 minutes'");
        countAgain();
        assertThat(api.target().queryForString("select checked_at::text from shadow.unconserved"))
                .isNotEqualTo(checked);
    }

    @Test
    void whatIsAppliedCountsWhateverTheClockOfTheTargetSaidThen() {
        TransactionWrites one = transaction(2_000, 0, country("DE", "Germany", null));
        write(3_000, one);
        api.target().execute("update provenance.transaction set applied_at = applied_at - interval '1 day'");
        attest(3_000, one);

        assertThat(count().holds()).isTrue();
    }

    @Test
    void aReplayMovesWhatWasCountedAsParked() {
        TransactionWrites parked = transaction(2_100, 1, city(1, "XX", "Nowhere"));
        long letter = api.service().park(refused(parked)).id();
        write(3_000, parked);
        attest(3_000, parked);
        assertThat(sums(count())).isEqualTo("1 = 0 + 0 + 0 + 1, difference 0");
        write(4_000, transaction(3_100, 2, country("XX", "Utopia", null)));

        api.operator().replay(letter, new ReplayRequest("ada", "the parent is there"));

        assertThat(sums(count())).isEqualTo("1 = 1 + 0 + 0 + 0, difference 0");
    }

    @Test
    void aReplayMovesNothingOfATransactionThatIsNotConserved() {
        TransactionWrites parked = transaction(2_100, 1, city(1, "XX", "Nowhere"), unmapped());
        long letter = api.service().park(refused(parked)).id();
        write(3_000, parked);
        api.target().execute("update shadow.event_ledger set disposition = null where side = 1 and change_index = 1");
        attest(3_000, parked);
        assertThat(count().unconservedTransactions()).isEqualTo(1);
        api.target().execute("insert into unified.country values ('XX', 'Utopia', null)");

        api.operator().replay(letter, new ReplayRequest("ada", "the parent is there"));
        api.target().execute("update shadow.event_ledger set disposition = 3 where side = 1 and change_index = 1");
        api.target().execute("update shadow.unconserved set checked_at = checked_at - interval '2 minutes'");

        assertThat(sums(countAgain())).isEqualTo("2 = 1 + 0 + 1 + 0, difference 0");
    }

    @Test
    void aReplayOfWhatWasNotCountedYetIsCountedAsItIs() {
        TransactionWrites parked = transaction(2_100, 1, city(1, "XX", "Nowhere"));
        long letter = api.service().park(refused(parked)).id();
        write(3_000, parked);
        TransactionWrites parent = transaction(3_100, 2, country("XX", "Utopia", null));
        write(4_000, parent);
        count();
        api.operator().replay(letter, new ReplayRequest("ada", "the parent is there"));
        attest(4_000, parked, parent);

        assertThat(sums(count())).isEqualTo("2 = 2 + 0 + 0 + 0, difference 0");
    }

    @Test
    void theStatusShowsItAndIsNotReadyWithoutIt() {
        TransactionWrites one = transaction(2_000, 0, unmapped());
        write(3_000, one);
        api.target().execute("update shadow.event_ledger set change_index = 1 where side = 1");
        attest(3_000, one);
        count();

        Status status = api.service().status();

        assertThat(status.ready()).isFalse();
        assertThat(status.criteria())
                .filteredOn(each -> each.code().equals("SC1"))
                .extracting(Criterion::met)
                .containsExactly(false);
        assertThat(status.reason()).contains("0/7D0");
        assertThat(status.nextSteps()).contains("follow docs/runbook.md#not-conserved");
    }

    @Test
    void theCriterionIsNotJudgedWhereTheCountStandsStill() {
        long far = 2L << 30;
        api.service()
                .storeRun(new VerifierRun(
                        UUID.randomUUID(),
                        "hourly",
                        null,
                        TickClock.SOURCE,
                        "barrier",
                        lsn(2_000),
                        Instant.now(),
                        Instant.now(),
                        Verdict.CLEAN,
                        "a reason",
                        0,
                        List.of(),
                        0,
                        List.of(),
                        List.of()));
        assertThat(firstCriterion()).isTrue();
        api.target().execute("update shadow.reader_position set position = '0/80000000'");
        assertThat(firstCriterion()).isNull();
        assertThat(api.service().status().ready()).isFalse();
        assertThat(api.service().status().nextSteps()).contains("follow docs/runbook.md#conservation-lag");

        count();

        assertThat(api.service().status().conservation())
                .isNotNull()
                .extracting(Conservation::below)
                .isEqualTo(lsn(far));
        assertThat(firstCriterion()).isTrue();
    }

    private @Nullable Boolean firstCriterion() {
        return api.service().status().criteria().getFirst().met();
    }

    @Test
    void theSlotReadersRequestsDriveIt() {
        TransactionWrites one = transaction(2_000, 0, country("DE", "Germany", null));
        write(1L << 40, one);
        attest(3_000, one);

        Await.until("the slot reader's requests have counted it", Duration.ofSeconds(10), () -> {
            attest(attested + 1);
            Conservation counted = api.service().status().conservation();
            return counted != null && Boolean.TRUE.equals(counted.holds()) && counted.decoded() == 1;
        });
    }

    @Test
    void refusesATransactionThatComesWithoutSomeOfItsChanges() {
        TransactionWrites whole = transaction(2_000, 0, unmapped(), unmapped(), unmapped());
        List<ChangeWrites> changes = whole.changes();

        for (List<ChangeWrites> torn :
                List.of(List.of(changes.get(0), changes.get(2)), List.of(changes.get(1), changes.get(2)))) {
            assertThatThrownBy(() -> write(
                            3_000,
                            new TransactionWrites(
                                    whole.commitLsn(), whole.endLsn(), whole.xid(), whole.committedAt(), torn)))
                    .isInstanceOfSatisfying(ShadowProblem.class, problem -> {
                        assertThat(problem.type()).isEqualTo(ProblemType.CHANGES_MISSING);
                        assertThat(problem.facts()).containsEntry("commit_lsn", "2000");
                    });
        }

        assertThat(api.target().queryForList("select commit_lsn from shadow.event_ledger"))
                .isEmpty();
    }
}
