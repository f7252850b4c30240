package io.shadowwrite.api.receipt;

import static io.shadowwrite.api.TestApi.lsn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.shadowwrite.api.TestApi;
import io.shadowwrite.api.database.ReadDatabase;
import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.read.ReadApi;
import io.shadowwrite.protocol.Operation;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.Receipt;
import io.shadowwrite.protocol.ReceiptBatch;
import io.shadowwrite.protocol.ReceiptCell;
import io.shadowwrite.protocol.ReceiptDigest;
import io.shadowwrite.protocol.ReceiptGap;
import io.shadowwrite.protocol.ReceiptGaps;
import io.shadowwrite.protocol.ReceiptSum;
import io.shadowwrite.protocol.Side;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The receipts of both readers as a comparison reads them. */
class ReceiptTest {

    private static final String HALF = "ffffffffffffffff";
    private static final String TWO = "0000000000000002";

    private final TestApi api = TestApi.shared();

    @BeforeEach
    void bothSidesAgree() {
        api.open();
        api.service()
                .attest(new ReceiptBatch(
                        lsn(1_500),
                        lsn(9_000),
                        List.of(
                                receipt(2_000, 0, Operation.INSERT),
                                receipt(2_000, 1, Operation.DELETE),
                                receipt(3_000, 0, Operation.DELETE))));
        api.target().execute("""
                insert into shadow.event_ledger (commit_lsn, xid, digest0, digest1, change_index, side, source_table,
                                                 operation, disposition, source_key)
                select commit_lsn, xid, digest0, digest1, change_index, 1, source_table, operation, 1, source_key
                  from shadow.event_ledger
                 where side = 2
                """, "update shadow.reader_position set position = '0/2328' where side = 1");
    }

    private static Receipt receipt(long commitLsn, int changeIndex, Operation operation) {
        return new Receipt(lsn(commitLsn), changeIndex, 5, "app.anything", operation, "{\"id\":1}", TWO + HALF);
    }

    @Test
    void addsUpBothSidesByTableAndOperation() {
        ReceiptDigest digest = api.service().receipts(lsn(1_500), lsn(9_000), null);

        assertThat(digest.consumerPosition()).isEqualTo(lsn(9_000));
        assertThat(digest.verifierPosition()).isEqualTo(lsn(9_000));
        assertThat(digest.attestedBelow()).isNull();
        assertThat(digest.cells())
                .extracting(ReceiptCell::sourceTable, ReceiptCell::operation, ReceiptCell::consumer)
                .containsExactly(
                        tuple("app.anything", Operation.INSERT, new ReceiptSum(1, "2", "-1")),
                        tuple("app.anything", Operation.DELETE, new ReceiptSum(2, "4", "-2")));
        assertThat(digest.cells())
                .allSatisfy(cell -> assertThat(cell.verifier()).isEqualTo(cell.consumer()));
    }

    @Test
    void looksNoFurtherThanItIsAsked() {
        assertThat(api.service().receipts(lsn(2_001), lsn(8_000), null).cells())
                .singleElement()
                .satisfies(cell -> {
                    assertThat(cell.verifier().count()).isEqualTo(1);
                    assertThat(cell.fromLsn()).isEqualTo(lsn(2_001));
                    assertThat(cell.toLsn()).isEqualTo(lsn(8_000));
                });
        assertThat(api.service().receipts(lsn(1_500), lsn(2_000), null).cells()).isEmpty();
        assertThat(api.service().receipts(lsn(3_001), lsn(9_000), null).cells()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void tellsNothingOfARangeThatAReaderHasNotReachedTheEndOf(Side behind) {
        Side ahead = behind == Side.CONSUMER ? Side.VERIFIER : Side.CONSUMER;
        api.target()
                .execute("update shadow.reader_position set position = '0/2327' where side = %d"
                        .formatted(behind == Side.CONSUMER ? 1 : 2));

        assertThat(api.service().receipts(lsn(1_500), lsn(8_999), null).cells()).hasSize(2);
        assertThat(api.service().receipts(lsn(1_500), lsn(9_000), ahead).cells())
                .hasSize(2);
        behind(() -> api.service().receipts(lsn(1_500), lsn(9_000), null));
        behind(() -> api.service().receipts(lsn(1_500), lsn(9_000), behind));
        behind(() -> api.service().receiptHoles(lsn(1_500), lsn(9_000)));
        behind(() -> api.service().differingReceipts(lsn(1_500), lsn(9_000), "app.anything", Operation.DELETE));
    }

    private static void behind(Runnable call) {
        ReadApi.problem(ProblemType.POSITION_BEHIND, call);
    }

    @Test
    void asksForLessWhenTheSumsAreTooManyForOneAnswer() {
        ShadowDatabase.Settings settings = new ShadowDatabase.Settings(
                api.target().jdbcUrl(), api.target().user(), api.target().password(), 1);
        Duration bound = Duration.ofSeconds(60);
        try (ReadDatabase database = new ReadDatabase(settings, new ReadDatabase.Limits(1, bound, bound))) {
            assertThat(new ReceiptReads(database, 2)
                            .digest(lsn(1_500), lsn(9_000), null)
                            .cells())
                    .hasSize(2);
            ReadApi.problem(
                    ProblemType.MALFORMED_REQUEST,
                    () -> new ReceiptReads(database, 1).digest(lsn(1_500), lsn(9_000), null));
        }
    }

    @Test
    void namesWhereTheSidesDoNotAgree() {
        api.target()
                .execute(
                        "delete from shadow.event_ledger where side = 1 and commit_lsn = '0/7D0' and change_index = 1",
                        "update shadow.event_ledger set digest1 = 5 where side = 2 and commit_lsn = '0/BB8'");

        ReceiptGaps differing =
                api.service().differingReceipts(lsn(1_500), lsn(9_000), "app.anything", Operation.DELETE);
        ReceiptGaps holes = api.service().receiptHoles(lsn(1_500), lsn(9_000));

        assertThat(differing)
                .isEqualTo(new ReceiptGaps(
                        2, List.of(new ReceiptGap(lsn(2_000), 1, Side.CONSUMER), new ReceiptGap(lsn(3_000), 0, null))));
        assertThat(holes.total()).isZero();
        assertThat(api.service()
                        .differingReceipts(lsn(1_500), lsn(9_000), "app.anything", Operation.INSERT)
                        .gaps())
                .isEmpty();
    }

    @Test
    void namesTransactionsOfWhichSomeReceiptsAreLacking() {
        api.target()
                .execute(
                        "delete from shadow.event_ledger where side = 1 and commit_lsn = '0/7D0' and change_index = 0");

        assertThat(api.service().receiptHoles(lsn(1_500), lsn(9_000)))
                .isEqualTo(new ReceiptGaps(1, List.of(new ReceiptGap(lsn(2_000), null, Side.CONSUMER))));
    }
}
