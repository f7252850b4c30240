package io.shadowwrite.api.write;

import static io.shadowwrite.api.write.Batches.batch;
import static io.shadowwrite.api.write.Batches.change;
import static io.shadowwrite.api.write.Batches.note;
import static io.shadowwrite.api.write.Batches.noteGone;
import static io.shadowwrite.api.write.Batches.partner;
import static io.shadowwrite.api.write.Batches.partnerGone;
import static io.shadowwrite.api.write.Batches.partnerKey;
import static io.shadowwrite.api.write.Batches.remove;
import static io.shadowwrite.api.write.Batches.transaction;
import static io.shadowwrite.api.write.Batches.uuid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shadowwrite.api.TestApi;
import io.shadowwrite.protocol.Action;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.Operation;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.ShadowWrite;
import io.shadowwrite.protocol.TransactionWrites;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SCD2 models. Every rule must give the same rows however transactions are grouped into batches. */
class VersionsTest {

    private final TestApi api = TestApi.shared();

    @BeforeEach
    void openWindow() {
        api.open();
    }

    /** Sends the transactions as one batch, or each as a batch of its own. */
    private void write(boolean together, TransactionWrites... transactions) {
        if (together) {
            api.service().write(batch(9_000, transactions));
            return;
        }
        for (TransactionWrites one : transactions) {
            api.service().write(batch(one.endLsn().asLong(), one));
        }
    }

    private List<String> partners() {
        return api.target().queryForList("""
                select concat_ws(' ', name, coalesce(score::text, '-'), to_char(valid_from, 'SS.US'),
                                 coalesce(to_char(valid_to, 'SS.US'), '...'))
                  from unified.partner
                 order by partner_id, valid_from
                """);
    }

    private List<String> notes() {
        return api.target().queryForList("""
                select concat_ws(' ', body, is_archived, to_char(valid_from, 'SS.US'),
                                 coalesce(to_char(valid_to, 'SS.US'), '...'))
                  from unified.note
                 order by note_id, valid_from
                """);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void closesTheCurrentVersionWhereTheNextBegins(boolean together) {
        write(
                together,
                transaction(2_000, 10, partner(1, "a", "1", null)),
                transaction(2_100, 20, partner(1, "b", "2", null)),
                transaction(2_200, 30, partner(1, "c", "3", null)));

        assertThat(partners())
                .containsExactly("a 1.00 00.000010 00.000020", "b 2.00 00.000020 00.000030", "c 3.00 00.000030 ...");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void keepsVersionsApartWhenCommitTimesAreEqualOrRunBackwards(boolean together) {
        write(
                together,
                transaction(2_000, 50, partner(1, "a", "1", null)),
                transaction(2_100, 50, partner(1, "b", "1", null)),
                transaction(2_200, 10, partner(1, "c", "1", null)),
                transaction(2_300, 20, partnerGone(1)),
                transaction(2_400, 30, partner(1, "d", "1", null)));

        assertThat(partners())
                .containsExactly(
                        "a 1.00 00.000050 00.000051",
                        "b 1.00 00.000051 00.000052",
                        "c 1.00 00.000052 00.000053",
                        "d 1.00 00.000053 ...");
    }

    @Test
    void keepsOneVersionPerSourceTransactionButAllOfItsProvenance() {
        write(
                true,
                transaction(
                        2_000, 10, partner(1, "a", "1", null), partner(1, "b", "1", null), partner(1, "c", "1", null)));

        assertThat(partners()).containsExactly("c 1.00 00.000010 ...");
        assertThat(api.target().queryForLong("select count(*) from provenance.transaction"))
                .isEqualTo(3);
        assertThat(api.target().queryForLong("select count(*) from shadow.event_ledger where disposition = 1"))
                .isEqualTo(3);
    }

    @Test
    void leavesNothingOfARowThatWasCreatedAndRemovedInOneTransaction() {
        write(true, transaction(2_000, 10, partner(1, "a", "1", null), partnerGone(1), note(1, "x"), noteGone(1)));

        assertThat(partners()).isEmpty();
        assertThat(notes()).isEmpty();
        assertThat(api.target().queryForLong("select count(*) from shadow.pk_map"))
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void keepsColumnsThatTheSourceLeftUnchanged(boolean together) {
        write(
                together,
                transaction(2_000, 10, partner(1, "a", "1.5", "{\"x\":  1}")),
                transaction(2_100, 20, partner(1, "b")),
                transaction(2_200, 30, partner(1, "c", (String) null)));

        assertThat(partners())
                .containsExactly("a 1.50 00.000010 00.000020", "b 1.50 00.000020 00.000030", "c - 00.000030 ...");
        assertThat(api.target().queryForList("select distinct doc::text from unified.partner"))
                .containsExactly("{\"x\":  1}");
    }

    @Test
    void refusesAnUnchangedColumnOfARowThatIsNotThere() {
        assertThatThrownBy(() ->
                        write(true, transaction(2_000, 10, note(1, "x")), transaction(2_100, 10, partner(1, "a"))))
                .isInstanceOfSatisfying(ShadowProblem.class, problem -> {
                    assertThat(problem.type()).isEqualTo(ProblemType.WRITE_REJECTED);
                    assertThat(problem.detail()).contains("column score of model Partner");
                    assertThat(problem.facts())
                            .containsEntry("commit_lsn", "2100")
                            .containsEntry("change_index", "0")
                            .containsEntry("column", "score");
                });
        assertThat(api.target().queryForList("select commit_lsn from shadow.event_ledger"))
                .containsExactly("0/7D0");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void carriesUnchangedColumnsOverAChangeOfTheKey(boolean together) {
        ShadowWrite gone = remove("Partner", partnerKey(1));
        ShadowWrite moved =
                new ShadowWrite(0, "Partner", Action.UPSERT, partnerKey(2), Map.of("name", "b"), partnerKey(1));

        write(
                together,
                transaction(2_000, 10, partner(1, "a", "1.5", null)),
                transaction(2_100, 20, change("partner", "{\"id\":2}", Operation.UPDATE, gone, moved)));

        assertThat(partners()).containsExactly("a 1.50 00.000010 00.000020", "b 1.50 00.000020 ...");
        assertThat(api.target().queryForList("""
                select concat_ws(' ', commit_lsn, change_index, write_index, operation)
                  from provenance.readable_transaction
                 order by commit_lsn, operation
                """))
                .containsExactly("0/7D0 0 0 UPSERT", "0/834 0 0 REMOVE", "0/834 0 0 UPSERT");
        assertThat(api.target()
                        .queryForList(
                                "select concat_ws(' ', source_key, state, changed_lsn) from shadow.pk_map order by 1"))
                .containsExactly("{\"id\":1} archived 0/834", "{\"id\":2} current 0/834");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void endsWithoutASuccessorWhenTheSourceRowGoes(boolean together) {
        write(
                together,
                transaction(2_000, 10, partner(1, "a", "1", null)),
                transaction(2_100, 20, partnerGone(1)),
                transaction(2_200, 30, partnerGone(1)));

        assertThat(partners()).containsExactly("a 1.00 00.000010 00.000020");
        assertThat(api.target().queryForList("select state || ' ' || changed_lsn from shadow.pk_map"))
                .containsExactly("archived 0/834");
        assertThat(api.target().queryForList("select disposition from shadow.event_ledger order by commit_lsn"))
                .containsExactly("1", "1", "2");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void archivesAndComesBack(boolean together) {
        write(
                together,
                transaction(2_000, 10, note(1, "a")),
                transaction(2_100, 20, noteGone(1)),
                transaction(2_200, 30, noteGone(1)),
                transaction(2_300, 40, note(1, "b")));

        assertThat(notes()).containsExactly("a f 00.000010 00.000020", "a t 00.000020 00.000040", "b f 00.000040 ...");
        assertThat(api.target().queryForList("select state from shadow.pk_map")).containsExactly("current");
    }

    @Test
    void archivesTheLastStateOfTheTransactionThatRemoves() {
        write(false, transaction(2_000, 10, note(1, "a")), transaction(2_100, 20, note(1, "b"), noteGone(1)));

        assertThat(notes()).containsExactly("a f 00.000010 00.000020", "b t 00.000020 ...");
    }

    /** In a source whose key is checked late, each row takes the key of the next, and the first two swap theirs back. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void keepsEveryRowWhenKeysAreShiftedAndSwappedInOneTransaction(boolean together) {
        write(
                together,
                transaction(2_000, 10, partner(1, "a", "1", null), partner(2, "b", "2", null)),
                transaction(2_100, 20, moved(1, 2, "a"), moved(2, 3, "b")),
                transaction(2_200, 30, moved(2, 3, "a"), moved(3, 2, "b")));

        assertThat(
                        api.target()
                                .queryForList(
                                        "select partner_id || name || score from unified.partner where valid_to is null order by 1"))
                .containsExactly(uuid(2) + "b2.00", uuid(3) + "a1.00");
        assertThat(api.target().queryForList("select source_key || state from shadow.pk_map order by 1"))
                .containsExactly("{\"id\":1}archived", "{\"id\":2}current", "{\"id\":3}current");
    }

    /** The score comes along with the row. */
    private static ChangeWrites moved(int from, int to, String name) {
        return change(
                "partner",
                "{\"id\":" + to + "}",
                Operation.UPDATE,
                remove("Partner", partnerKey(from)),
                new ShadowWrite(0, "Partner", Action.UPSERT, partnerKey(to), Map.of("name", name), partnerKey(from)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void removesARowThatWentThroughSeveralKeysInOneTransaction(boolean together) {
        write(
                together,
                transaction(2_000, 10, partner(1, "a", "1", null)),
                transaction(2_100, 20, moved(1, 2, "a"), moved(2, 3, "a"), partnerGone(3)));

        assertThat(partners()).containsExactly("a 1.00 00.000010 00.000020");
    }

    @Test
    void aRowThatComesToTheKeyOfAnotherTakesNoneOfItsValues() {
        api.service().write(batch(2_050, transaction(2_000, 0, partner(3, "Cid", "3", null))));
        ShadowWrite arrival =
                new ShadowWrite(0, "Partner", Action.UPSERT, partnerKey(3), Map.of("name", "Bob"), partnerKey(2));
        ChangeWrites moved =
                change("partner", "{\"id\":3}", Operation.UPDATE, remove("Partner", partnerKey(2)), arrival);

        // The target never had what comes, so nobody knows the rest of it.
        assertThatThrownBy(() -> api.service().write(batch(2_150, transaction(2_100, 0, moved, partnerGone(3)))))
                .isInstanceOfSatisfying(ShadowProblem.class, problem -> {
                    assertThat(problem.type()).isEqualTo(ProblemType.WRITE_REJECTED);
                    assertThat(problem.facts()).containsEntry("change_index", "0");
                });
        assertThat(api.target().queryForList("select name || score from unified.partner"))
                .containsExactly("Cid3.00");
    }
}
