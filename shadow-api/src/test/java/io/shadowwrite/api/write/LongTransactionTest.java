package io.shadowwrite.api.write;

import static io.shadowwrite.api.TestApi.lsn;
import static io.shadowwrite.api.write.Batches.batch;
import static io.shadowwrite.api.write.Batches.change;
import static io.shadowwrite.api.write.Batches.city;
import static io.shadowwrite.api.write.Batches.country;
import static io.shadowwrite.api.write.Batches.countryGone;
import static io.shadowwrite.api.write.Batches.note;
import static io.shadowwrite.api.write.Batches.noteGone;
import static io.shadowwrite.api.write.Batches.partner;
import static io.shadowwrite.api.write.Batches.partnerGone;
import static io.shadowwrite.api.write.Batches.partnerKey;
import static io.shadowwrite.api.write.Batches.partnerWrite;
import static io.shadowwrite.api.write.Batches.remove;
import static io.shadowwrite.api.write.Batches.transaction;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shadowwrite.api.TestApi;
import io.shadowwrite.protocol.Action;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.HaltRequest;
import io.shadowwrite.protocol.Hold;
import io.shadowwrite.protocol.LongTransaction;
import io.shadowwrite.protocol.LongTransactionClient;
import io.shadowwrite.protocol.Operation;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.ShadowWrite;
import io.shadowwrite.protocol.TransactionWrites;
import io.shadowwrite.protocol.WriteResult;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One transaction, line by line. */
class LongTransactionTest {

    private static final TransactionWrites BEFORE = transaction(
            1_100,
            0,
            country("DE", "Germany", null),
            country("FR", "France", null),
            partner(1, "Ada", "1", null),
            partner(2, "Bob", "2", null),
            note(1, "one"),
            note(2, "two"));

    private final TestApi api = TestApi.shared();
    private final LongTransactionClient client = LongTransactionClient.connect(api.url(), TestApi.TOKEN);

    @BeforeEach
    void openWindow() {
        api.open();
        api.service().write(batch(1_200, BEFORE));
    }

    @Test
    void leavesTheSameWhetherItComesInOnePieceOrInLines() {
        int cases = Integer.getInteger("parts.cases", 5);
        for (int seed = 0; seed < cases; seed++) {
            List<ChangeWrites> changes = changes(new Random(seed));
            TransactionWrites whole = transaction(2_000, 50, changes.toArray(ChangeWrites[]::new));
            openWindow();
            api.service().write(batch(2_008, whole));
            List<String> atOnce = everything();
            for (int size : List.of(1, 3, 7)) {
                openWindow();
                WriteResult result = send(whole, size);

                assertThat(result.applied()).isEqualTo(1);
                assertThat(result.judged()).isEqualTo(changes.size());
                assertThat(result.control().position()).isEqualTo(lsn(2_008));
                assertThat(everything())
                        .as("seed %d in lines of %d", seed, size)
                        .isEqualTo(atOnce);
            }
        }
    }

    @Test
    void makesPartitionsAgainThatWereThere() {
        api.dropPartitions();

        send(transaction(2_000, 50, partner(1, "b"), partner(1, "c")), 1);

        assertThat(rows("select count(*)::text from shadow.event_ledger where commit_lsn = '0/7D0'"))
                .containsExactly("2");
    }

    @Test
    void aRowThatIsChangedInEveryLineHasOneVersion() {
        send(transaction(2_000, 50, partner(1, "b"), partner(1, "c"), partner(1, "d")), 1);

        assertThat(
                        rows(
                                "select name || valid_from::time from unified.partner where partner_id::text like '%01' order by valid_from"))
                .containsExactly("Ada12:00:00", "d12:00:00.00005");
    }

    @Test
    void rowsThatSwapTheirKeysInDifferentLinesBothStay() {
        send(transaction(2_000, 50, moved(1, 2, "Ada"), moved(2, 1, "Bob")), 1);

        assertThat(rows("select name || score from unified.partner where valid_to is null order by partner_id"))
                .containsExactly("Bob2.00", "Ada1.00");
    }

    @Test
    void rowsThatShiftTheirKeysInDifferentLinesKeepTheirValues() {
        api.service().write(batch(1_300, transaction(1_210, 0, partner(3, "Cid", "3", null))));

        send(
                transaction(
                        2_000,
                        50,
                        movedWhole(1, 2, partnerWrite(2, "Ada", "1", null)),
                        moved(2, 3, "Bob"),
                        moved(3, 1, "Cid")),
                1);

        assertThat(rows("select name || score from unified.partner where valid_to is null order by partner_id"))
                .containsExactly("Cid3.00", "Ada1.00", "Bob2.00");
    }

    @Test
    void aRowWhoseSuccessorComesFirstKeepsItsValuesInALaterLine() {
        send(
                transaction(
                        2_000,
                        50,
                        change("partner", "{\"id\":2}", Operation.INSERT, partnerWrite(2, "Eve", "9", null)),
                        moved(2, 1, "Bob"),
                        partnerGone(1)),
                1);

        assertThat(rows("select name || score from unified.partner where valid_to is null order by partner_id"))
                .containsExactly("Bob2.00", "Eve9.00");
    }

    private static ChangeWrites movedWhole(int from, int to, ShadowWrite arrival) {
        return change("partner", "{\"id\":" + to + "}", Operation.UPDATE, remove("Partner", partnerKey(from)), arrival);
    }

    private static ChangeWrites moved(int from, int to, String name) {
        return change(
                "partner",
                "{\"id\":" + to + "}",
                Operation.UPDATE,
                remove("Partner", partnerKey(from)),
                new ShadowWrite(0, "Partner", Action.UPSERT, partnerKey(to), Map.of("name", name), partnerKey(from)));
    }

    @Test
    void aReplayIsAnsweredAndChangesNothing() {
        TransactionWrites changed = transaction(2_000, 50, partner(1, "b"), partner(2, "c"));
        send(changed, 1);
        List<String> before = everything();

        WriteResult again = send(changed, 1);

        assertThat(again.replayed()).isEqualTo(1);
        assertThat(again.repeated()).isEqualTo(2);
        assertThat(again.judged()).isZero();
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void withoutItsLastLineNothingStays() throws Exception {
        List<String> before = everything();
        String head = "{\"epoch\":1,\"continues_from\":\"1200\",\"commit_lsn\":\"2000\",\"end_lsn\":\"2008\",\"xid\":7,"
                + "\"committed_at\":\"2026-11-01T12:00:00Z\"}\n";

        assertThat(post(head + "[]\n").body()).contains("MALFORMED_REQUEST", "breaks off");
        assertThat(post(head + "[]\n{\"changes\":1}\n").body()).contains("MALFORMED_REQUEST", "ends after 0 changes");
        assertThat(post(head + "[{\"nonsense\":1}]\n").body()).contains("MALFORMED_REQUEST", "line 2");
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void aSenderThatBreaksOffLeavesNothing() {
        List<String> before = everything();

        assertThatThrownBy(() -> client.write(head(1, 1_200, 2_000), lines -> {
                    lines.add(List.of(partner(1, "b")));
                    lines.keepAlive();
                    throw new IllegalStateException("the source went away");
                }))
                .hasMessage("the source went away");

        // The next batch waits for the lock until the broken one is undone.
        api.service().write(batch(1_300));
        assertThat(everything()).isEqualTo(withPosition(before, "0/514"));
    }

    @Test
    void aChangeThatTheTargetRefusesIsNamedAndNothingStays() {
        List<String> before = everything();
        TransactionWrites refused =
                transaction(2_000, 50, partner(1, "b"), city(1, "DE", "fits"), city(2, "DE", "too long for it"));

        assertThatThrownBy(() -> send(refused, 2)).isInstanceOfSatisfying(ShadowProblem.class, problem -> {
            assertThat(problem.type()).isEqualTo(ProblemType.WRITE_REJECTED);
            assertThat(problem.facts()).containsEntry("change_index", "2").containsEntry("commit_lsn", "2000");
        });
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void deferredConstraintsThatTakeLongerThanAStatementMayAreTooLong() {
        api.target().execute("""
                create function unified.judge() returns trigger language plpgsql as $$
                begin raise exception using errcode = 'query_canceled'; end $$;
                create constraint trigger judge after insert on unified.note
                   deferrable initially deferred for each row execute function unified.judge();
                """);
        try {
            assertThatThrownBy(() -> send(transaction(2_000, 50, note(3, "a"), note(4, "b")), 1))
                    .isInstanceOfSatisfying(ShadowProblem.class, problem -> {
                        assertThat(problem.type()).isEqualTo(ProblemType.WRITE_TOO_LONG);
                        assertThat(problem.facts()).containsEntry("statement", "checking deferred constraints");
                    });
        } finally {
            api.target().execute("drop trigger judge on unified.note; drop function unified.judge();");
        }
    }

    @Test
    void anOrderThatOnlyHoldsChangeByChangeIsFound() {
        send(transaction(2_000, 50, countryGone("DE"), country("XX", "Germany", null)), 2);

        assertThat(rows("select code from unified.country where name = 'Germany'"))
                .containsExactly("XX");
    }

    @Test
    void waitsForItsTurnIsFencedAndIsHeldLikeABatch() {
        assertProblem(ProblemType.OUT_OF_TURN, () -> client.write(head(1, 1_900, 2_000), lines -> {}));
        assertProblem(ProblemType.EPOCH_FENCED, () -> client.write(head(7, 1_200, 2_000), lines -> {}));
        api.service().halt(new HaltRequest("verifier-1", Hold.Kind.VERIFIER, lsn(1_500), 60));

        WriteResult held = send(transaction(2_000, 50, partner(1, "b")), 1);

        assertThat(held.applied()).isZero();
        assertThat(held.control().position()).isEqualTo(lsn(1_500));
    }

    @Test
    void changesOutOfOrderBreakAnInvariant() {
        assertProblem(
                ProblemType.BROKEN_INVARIANT,
                () -> client.write(head(1, 1_200, 2_000), lines -> {
                    lines.add(List.of(partner(1, "b")));
                    lines.add(List.of(partner(2, "c")));
                }));
    }

    /** A transaction that touches few rows often, valid as the source would send it. */
    private static List<ChangeWrites> changes(Random random) {
        List<ChangeWrites> changes = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            int id = 1 + random.nextInt(4);
            changes.add(
                    switch (random.nextInt(6)) {
                        case 0 -> partnerGone(id);
                        case 1 -> noteGone(id);
                        case 2 -> note(id, "body " + i);
                        case 3 -> country("C" + id, "country " + id, random.nextBoolean() ? null : "note " + i);
                        case 4 -> countryGone("C" + id);
                        default -> partner(id, "name " + i, String.valueOf(i), null);
                    });
        }
        return changes;
    }

    private WriteResult send(TransactionWrites transaction, int lineSize) {
        List<ChangeWrites> changes = transaction.changes();
        LongTransaction head = new LongTransaction(
                1,
                lsn(1_200),
                transaction.commitLsn(),
                transaction.endLsn(),
                transaction.xid(),
                transaction.committedAt());
        return client.write(head, lines -> {
            for (int from = 0; from < changes.size(); from += lineSize) {
                lines.add(changes.subList(from, Math.min(from + lineSize, changes.size())));
                lines.keepAlive();
            }
        });
    }

    private static LongTransaction head(long epoch, long continuesFrom, long commitLsn) {
        return new LongTransaction(epoch, lsn(continuesFrom), lsn(commitLsn), lsn(commitLsn + 8), 7, Batches.NOON);
    }

    private HttpResponse<String> post(String body) throws IOException, InterruptedException {
        try (HttpClient plain = HttpClient.newHttpClient()) {
            return plain.send(
                    HttpRequest.newBuilder(URI.create(api.url() + "/shadow/write/transaction"))
                            .header("Authorization", "Bearer " + TestApi.TOKEN)
                            .header("Content-Type", LongTransaction.MEDIA_TYPE)
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private static void assertProblem(ProblemType type, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ShadowProblem.class,
                        problem -> assertThat(problem.type()).isEqualTo(type));
    }

    private static List<String> withPosition(List<String> rows, String position) {
        return rows.stream()
                .map(row -> row.startsWith("position ") ? "position " + position : row)
                .toList();
    }

    private List<String> everything() {
        return rows("""
                select 'partner ' || p::text from unified.partner p
                union all select 'note ' || n::text from unified.note n
                union all select 'country ' || c::text from unified.country c
                union all select 'city ' || c::text from unified.city c
                union all select concat_ws(' ', 'provenance', commit_lsn, xid, committed_at, change_index, write_index,
                                           operation, model, source_table, source_key) from provenance.transaction
                union all select 'key map ' || m::text from shadow.pk_map m
                union all select concat_ws(' ', 'receipt', commit_lsn, change_index, xid, operation, disposition,
                                           source_table, source_key, digest0, digest1) from shadow.event_ledger
                union all select 'position ' || position from shadow.reader_position where side = 1
                order by 1
                """);
    }

    private List<String> rows(String sql) {
        return api.target().queryForList(sql);
    }
}
