package io.shadowwrite.api.ledger;

import static io.shadowwrite.api.TestApi.lsn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shadowwrite.api.TestApi;
import io.shadowwrite.protocol.Operation;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.Receipt;
import io.shadowwrite.protocol.ReceiptBatch;
import io.shadowwrite.protocol.ShadowProblem;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Receipts of the slot reader. */
class LedgerTest {

    private static final String DIGEST = "00000000000000ffffffffffffffffff";

    private final TestApi api = TestApi.shared();

    @BeforeEach
    void openWindow() {
        api.open();
    }

    private static Receipt receipt(long commitLsn, int changeIndex, String digest) {
        return new Receipt(lsn(commitLsn), changeIndex, 5, "app.anything", Operation.DELETE, "{\"id\":1}", digest);
    }

    /** What a stream sends first that was started at the verifier's baseline. */
    private static ReceiptBatch batch(long completeBelow, Receipt... receipts) {
        return continuing(1_500, completeBelow, receipts);
    }

    private static ReceiptBatch continuing(long from, long completeBelow, Receipt... receipts) {
        return new ReceiptBatch(lsn(from), lsn(completeBelow), List.of(receipts));
    }

    private static void assertProblem(ProblemType type, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ShadowProblem.class,
                        problem -> assertThat(problem.type()).isEqualTo(type));
    }

    private List<String> stored() {
        return api.target().queryForList("""
                select concat_ws(' ', side, commit_lsn, change_index, s.name, operation, digest0, digest1,
                                 coalesce(disposition::text, '-'))
                  from shadow.event_ledger e
                  join shadow.source_table s on s.id = e.source_table
                 order by commit_lsn, change_index
                """);
    }

    @Test
    void storesReceiptsAndMovesThePosition() {
        assertThat(api.service()
                        .attest(batch(3_000, receipt(2_000, 0, DIGEST), receipt(2_000, 1, DIGEST)))
                        .position())
                .isEqualTo(lsn(3_000));

        assertThat(stored()).containsExactly("2 0/7D0 0 app.anything 3 255 -1 -", "2 0/7D0 1 app.anything 3 255 -1 -");
    }

    @Test
    void takesReceiptsAgainAndNeverMovesBack() {
        api.service().attest(batch(3_000, receipt(2_000, 0, DIGEST)));

        assertThat(api.service()
                        .attest(batch(2_500, receipt(2_000, 0, DIGEST), receipt(2_100, 0, DIGEST)))
                        .position())
                .isEqualTo(lsn(3_000));

        assertThat(stored()).hasSize(2);
    }

    @Test
    void doesNotStoreAgainWhatWasAttestedAndDropped() {
        api.target()
                .execute("insert into shadow.conservation (from_lsn, below_lsn, dropped_below)"
                        + " values ('0/0', '0/10000', '0/7D1')");

        api.service().attest(batch(3_000, receipt(2_000, 0, DIGEST), receipt(2_001, 0, DIGEST)));

        assertThat(stored()).containsExactly("2 0/7D1 0 app.anything 3 255 -1 -");
    }

    @Test
    void takesALargeTransactionInSeveralRequests() {
        assertThat(api.service()
                        .attest(batch(2_000, receipt(2_000, 0, DIGEST), receipt(2_000, 1, DIGEST)))
                        .position())
                .isEqualTo(lsn(2_000));
        assertThat(api.service().attest(batch(2_008, receipt(2_000, 2, DIGEST))).position())
                .isEqualTo(lsn(2_008));

        assertThat(stored()).hasSize(3);
    }

    @Test
    void refusesReceiptsThatContinueWhatARestoredTargetDoesNotHave() {
        api.service().attest(batch(3_000, receipt(2_000, 0, DIGEST)));
        restoreTo(1_500);

        assertProblem(
                ProblemType.OUT_OF_TURN,
                () -> api.service().attest(continuing(3_000, 4_000, receipt(3_500, 0, DIGEST))));
        assertProblem(ProblemType.OUT_OF_TURN, () -> api.service().attest(continuing(3_000, 4_000)));

        assertThat(stored()).isEmpty();
        assertThat(api.service().verifierState().position()).isEqualTo(lsn(1_500));
    }

    @Test
    void takesReceiptsAgainFromThePositionOfARestoredTarget() {
        api.service().attest(batch(3_000, receipt(2_000, 0, DIGEST)));
        restoreTo(1_500);

        api.service().attest(batch(3_000, receipt(2_000, 0, DIGEST)));
        api.service().attest(continuing(3_000, 4_000, receipt(3_500, 0, DIGEST)));

        assertThat(stored()).hasSize(2);
        assertThat(api.service().verifierState().position()).isEqualTo(lsn(4_000));
    }

    @Test
    void refusesTheRestOfATransactionWhoseBeginningIsGone() {
        api.service().attest(batch(2_000, receipt(2_000, 0, DIGEST), receipt(2_000, 1, DIGEST)));
        api.target().execute("delete from shadow.event_ledger where change_index = 1");

        assertProblem(
                ProblemType.OUT_OF_TURN,
                () -> api.service().attest(continuing(2_000, 2_008, receipt(2_000, 2, DIGEST))));

        assertThat(api.service().verifierState().position()).isEqualTo(lsn(2_000));
    }

    @Test
    void aRepeatedReceiptShowsTheGapOfATargetThatWasRestoredWithinTheTransaction() {
        api.service().attest(batch(2_000, receipt(2_000, 0, DIGEST), receipt(2_000, 1, DIGEST)));
        api.service().attest(continuing(2_000, 2_000, receipt(2_000, 2, DIGEST)));
        api.target().execute("delete from shadow.event_ledger where change_index > 0");

        assertProblem(
                ProblemType.OUT_OF_TURN,
                () -> api.service().attest(continuing(2_000, 2_008, receipt(2_000, 2, DIGEST))));

        assertThat(api.service().verifierState().position()).isEqualTo(lsn(2_000));
    }

    @Test
    void refusesReceiptsWithAGapBetweenThem() {
        assertProblem(
                ProblemType.CHANGES_MISSING,
                () -> api.service().attest(batch(3_000, receipt(2_000, 0, DIGEST), receipt(2_000, 2, DIGEST))));
        assertProblem(
                ProblemType.CHANGES_MISSING,
                () -> api.service().attest(batch(3_000, receipt(2_000, 0, DIGEST), receipt(2_100, 1, DIGEST))));

        assertThat(stored()).isEmpty();
    }

    @Test
    void aBatchThatOverlapsThePositionAddsOnlyWhatIsNew() {
        api.service().attest(batch(3_000, receipt(2_000, 0, DIGEST)));

        assertThat(api.service()
                        .attest(continuing(1_900, 4_000, receipt(2_000, 0, DIGEST), receipt(3_500, 0, DIGEST)))
                        .position())
                .isEqualTo(lsn(4_000));

        assertThat(stored()).hasSize(2);
    }

    @Test
    void refusesAnotherDigestForTheSameEvent() {
        api.service().attest(batch(3_000, receipt(2_000, 0, DIGEST)));

        assertThatThrownBy(() -> api.service()
                        .attest(batch(4_000, receipt(2_000, 0, "1" + DIGEST.substring(1)), receipt(3_500, 0, DIGEST))))
                .isInstanceOfSatisfying(ShadowProblem.class, problem -> {
                    assertThat(problem.type()).isEqualTo(ProblemType.BROKEN_INVARIANT);
                    assertThat(problem.detail()).contains("0/7D0 change 0");
                });
        assertThat(stored()).hasSize(1);
        assertThat(api.service().verifierState().position()).isEqualTo(lsn(3_000));
    }

    @Test
    void refusesReceiptsOutsideOfWhatTheBatchClaims() {
        assertProblem(ProblemType.OUT_OF_ORDER, () -> api.service().attest(batch(1_999, receipt(2_000, 0, DIGEST))));
        assertProblem(
                ProblemType.OUT_OF_ORDER,
                () -> api.service().attest(continuing(2_001, 3_000, receipt(2_000, 0, DIGEST))));
        assertProblem(ProblemType.OUT_OF_ORDER, () -> api.service().attest(continuing(3_000, 2_000)));
        assertProblem(
                ProblemType.MALFORMED_REQUEST, () -> api.service().attest(batch(3_000, receipt(2_000, 0, "short"))));
    }

    /** As a restored target looks to whoever asks it. */
    private void restoreTo(long position) {
        api.target()
                .execute(
                        "truncate shadow.event_ledger",
                        "update shadow.reader_position set position = '%s' where side = 2"
                                .formatted(lsn(position).asString()));
    }

    @Test
    void makesPartitionsWhereverEventsLie() {
        long far = 0x40_0000_0000L;

        api.service()
                .attest(batch(
                        4 * far,
                        receipt(2_000, 0, DIGEST),
                        receipt(far, 0, DIGEST),
                        receipt(far + 1, 0, DIGEST),
                        receipt(3 * far, 0, DIGEST)));

        assertThat(stored()).hasSize(4);
        assertThat(api.target()
                        .queryForList("select distinct tableoid::regclass::text from shadow.event_ledger order by 1"))
                .containsExactly(
                        "shadow.event_ledger_0000000000000000",
                        "shadow.event_ledger_0000004000000000",
                        "shadow.event_ledger_000000c000000000");
    }

    @Test
    void makesPartitionsAgainThatWereThere() {
        api.service().attest(batch(3_000, receipt(2_000, 0, DIGEST)));
        api.dropPartitions();
        restoreTo(1_500);

        api.service().attest(batch(3_000, receipt(2_000, 0, DIGEST)));

        assertThat(stored()).hasSize(1);
        assertThat(api.service().verifierState().position()).isEqualTo(lsn(3_000));
    }
}
