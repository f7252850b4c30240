package io.shadowwrite.api.write;

import static io.shadowwrite.api.TestApi.lsn;
import static io.shadowwrite.api.write.Batches.batch;
import static io.shadowwrite.api.write.Batches.city;
import static io.shadowwrite.api.write.Batches.country;
import static io.shadowwrite.api.write.Batches.note;
import static io.shadowwrite.api.write.Batches.partner;
import static io.shadowwrite.api.write.Batches.partnerGone;
import static io.shadowwrite.api.write.Batches.transaction;
import static io.shadowwrite.api.write.Batches.unmapped;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shadowwrite.api.TestApi;
import io.shadowwrite.protocol.ChangeCount;
import io.shadowwrite.protocol.Disposition;
import io.shadowwrite.protocol.Operation;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.TransactionWrites;
import io.shadowwrite.protocol.WriteBatch;
import io.shadowwrite.protocol.WriteResult;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole way of a batch: rows, provenance, key map, receipts, position. */
class ShadowWriteTest {

    private final TestApi api = TestApi.shared();

    @BeforeEach
    void openWindow() {
        api.open();
    }

    @Test
    void appliesABatchWithEverythingThatIsRecordedAboutIt() {
        WriteResult result = api.service()
                .write(batch(
                        2_000,
                        transaction(1_100, 0, country("DE", "Germany", null), city(1, "DE", "Berlin")),
                        transaction(1_200, 5, partner(1, "Ada", "1.50", "{\"b\": 1,  \"a\":2}"), unmapped()),
                        transaction(1_300, 9, partnerGone(2), note(3, "hello"))));

        assertThat(result.applied()).isEqualTo(3);
        assertThat(result.replayed()).isZero();
        assertThat(result.changes())
                .containsExactlyInAnyOrder(
                        new ChangeCount(Operation.UPDATE, Disposition.APPLIED, 4),
                        new ChangeCount(Operation.INSERT, Disposition.FILTERED, 1),
                        new ChangeCount(Operation.DELETE, Disposition.NO_OP, 1));
        assertThat(result.control().position()).isEqualTo(lsn(2_000));
        assertThat(rows("select name || ' in ' || country_code from unified.city"))
                .containsExactly("Berlin in DE");
        assertThat(rows("select concat_ws('|', name, score, doc, valid_from, valid_to) from unified.partner"))
                .containsExactly("Ada|1.50|{\"b\": 1,  \"a\":2}|2026-11-01 12:00:00.000005+00");
        assertThat(rows("""
                select concat_ws(' ', e.commit_lsn, change_index, s.name, disposition, position)
                  from shadow.event_ledger e
                  join shadow.source_table s on s.id = e.source_table
                  join shadow.reader_position p on p.side = e.side
                 order by commit_lsn, change_index
                """))
                .containsExactly(
                        "0/44C 0 app.country 1 0/7D0",
                        "0/44C 1 app.city 1 0/7D0",
                        "0/4B0 0 app.partner 1 0/7D0",
                        "0/4B0 1 app.audit_log 3 0/7D0",
                        "0/514 0 app.partner 2 0/7D0",
                        "0/514 1 app.note 1 0/7D0");
        assertThat(rows("""
                select concat_ws(' ', idempotency_key, channel, model, operation, source_table, source_key, xid)
                  from provenance.readable_transaction
                 order by commit_lsn, change_index
                """))
                .containsExactly(
                        "stream:1100:0:0 cdc_shadow Country UPSERT app.country {\"code\":\"DE\"} 11000",
                        "stream:1100:1:0 cdc_shadow City UPSERT app.city {\"id\":1} 11000",
                        "stream:1200:0:0 cdc_shadow Partner UPSERT app.partner {\"id\":1} 12000",
                        "stream:1300:1:0 cdc_shadow Note UPSERT app.note {\"id\":3} 13000");
        assertThat(
                        rows(
                                "select concat_ws(' ', source_key, target_key, state, changed_lsn) from shadow.pk_map order by 1"))
                .containsExactly(
                        "{\"code\":\"DE\"} {\"code\":\"DE\"} current 0/44C",
                        "{\"id\":1} {\"city_id\":\"" + Batches.uuid(1) + "\"} current 0/44C",
                        "{\"id\":1} {\"partner_id\":\"" + Batches.uuid(1) + "\"} current 0/4B0",
                        "{\"id\":3} {\"note_id\":\"" + Batches.uuid(3) + "\"} current 0/514");
    }

    @Test
    void answersAReplayTheSameAndChangesNothing() {
        WriteBatch batch = batch(
                2_000,
                transaction(1_100, 0, partner(1, "Ada", "1", null)),
                transaction(1_200, 0, partner(1, "Ada L.", "2", null)));
        WriteResult first = api.service().write(batch);
        List<String> before = everything();

        WriteResult second = api.service().write(batch);

        assertThat(second.applied()).isEqualTo(first.applied());
        assertThat(second.replayed()).isEqualTo(2);
        assertThat(first.changes()).containsExactly(new ChangeCount(Operation.UPDATE, Disposition.APPLIED, 2));
        assertThat(second.changes()).isEmpty();
        assertThat(second.repeated()).isEqualTo(2);
        assertThat(second.forgotten()).isZero();
        assertThat(second.control()).isEqualTo(first.control());
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void tellsWhatIsRepeatedFromWhatIsFresh() {
        TransactionWrites one = transaction(1_100, 0, note(1, "a"), note(2, "b"));
        TransactionWrites other = transaction(1_200, 0, note(3, "c"));
        api.service().write(batch(1_150, one));

        WriteResult result = api.service().write(batch(2_000, one, other));

        assertThat(result.replayed()).isEqualTo(1);
        assertThat(result.repeated()).isEqualTo(2);
        assertThat(result.changes()).containsExactly(new ChangeCount(Operation.UPDATE, Disposition.APPLIED, 1));
    }

    @Test
    void doesNotSayOfAReceiptThatIsGoneThatItIsThere() {
        TransactionWrites applied = transaction(1_100, 0, note(1, "a"), note(2, "b"));
        api.service().write(batch(1_150, applied));
        api.target().execute("delete from shadow.event_ledger where change_index = 1");

        assertThat(api.service().write(batch(2_000, applied)).repeated()).isEqualTo(1);
    }

    @Test
    void tellsWhichTransactionsItForgot() {
        TransactionWrites dropped = transaction(1_100, 0, note(1, "a"), note(2, "b"));
        TransactionWrites kept = transaction(1_200, 0, note(3, "c"));
        api.service().write(batch(1_250, dropped, kept));
        api.target()
                .execute(
                        "delete from shadow.event_ledger where commit_lsn = '0/44C'",
                        "insert into shadow.conservation (from_lsn, below_lsn, dropped_below)"
                                + " values ('0/0', '0/10000', '0/4B0')");

        WriteResult result = api.service().write(batch(2_000, dropped, kept));

        assertThat(result.replayed()).isEqualTo(2);
        assertThat(result.forgotten()).isEqualTo(1);
        assertThat(result.repeated()).isEqualTo(1);
    }

    @Test
    void refusesOtherChangesWhereSomethingWasAppliedBefore() {
        api.service().write(batch(1_150, transaction(1_100, 0, note(1, "a"))));

        assertThatThrownBy(() -> api.service().write(batch(2_000, transaction(1_100, 0, partner(7, "Eve")))))
                .isInstanceOfSatisfying(ShadowProblem.class, problem -> {
                    assertThat(problem.type()).isEqualTo(ProblemType.BROKEN_INVARIANT);
                    assertThat(problem.detail()).contains("0/44C change 0");
                });
        assertThat(rows("select position::text from shadow.reader_position where side = 1"))
                .containsExactly("0/47E");
    }

    private List<String> everything() {
        return rows("""
                select p::text from unified.partner p
                union all select t::text from provenance.transaction t
                union all select m::text from shadow.pk_map m
                union all select e::text from shadow.event_ledger e
                union all select r::text from shadow.reader_position r
                order by 1
                """);
    }

    private List<String> rows(String sql) {
        return api.target().queryForList(sql);
    }

    @Test
    void makesPartitionsAgainThatARestoredTargetDoesNotHave() {
        api.service().write(batch(2_000, transaction(1_100, 0, note(1, "hello"))));
        openWindow();
        api.dropPartitions();

        WriteResult result = api.service().write(batch(2_000, transaction(1_100, 0, note(1, "hello"))));

        assertThat(result.applied()).isEqualTo(1);
        assertThat(rows("select body from unified.note")).containsExactly("hello");
        assertThat(rows("select count(*)::text from shadow.event_ledger")).containsExactly("1");
    }

    @Test
    void neverTakesAMissingPartitionForARefusalOfData() {
        WriteBatch batch = batch(2_000, transaction(1_100, 0, note(1, "hello"), note(2, "you")));
        api.service().write(batch);
        openWindow();
        // A table of that name is still there, so none can be made in its place.
        api.target()
                .execute(
                        "alter table shadow.event_ledger detach partition shadow.event_ledger_0000000000000000",
                        "truncate shadow.event_ledger_0000000000000000");
        try {
            assertThatThrownBy(() -> api.service().write(batch))
                    .isInstanceOfSatisfying(ShadowProblem.class, problem -> {
                        assertThat(problem.type()).isEqualTo(ProblemType.TARGET_CONFLICT);
                        assertThat(problem.detail()).contains("partition of shadow.event_ledger");
                    });
            assertThat(rows("select body from unified.note")).isEmpty();
        } finally {
            api.target().execute("drop table shadow.event_ledger_0000000000000000");
        }

        assertThat(api.service().write(batch).applied()).isEqualTo(1);
    }
}
