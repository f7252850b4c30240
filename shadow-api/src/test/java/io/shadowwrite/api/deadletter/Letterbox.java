package io.shadowwrite.api.deadletter;

import io.shadowwrite.api.TestApi;
import io.shadowwrite.api.write.Batches;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.DeadLetter;
import io.shadowwrite.protocol.DeadLetterPage;
import io.shadowwrite.protocol.LetterClass;
import io.shadowwrite.protocol.Operation;
import io.shadowwrite.protocol.ParkRequest;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ReplayRequest;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.ShadowWrite;
import io.shadowwrite.protocol.TransactionWrites;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;

/** What a consumer and an operator say about letters, and what they read of them. */
final class Letterbox {

    static final ReplayRequest REPAIRED = new ReplayRequest("ada", "the target was repaired");

    private static final String PAYLOAD = "{\"action\":\"U\"}";

    private final TestApi api;

    Letterbox(TestApi api) {
        this.api = api;
    }

    /** What the consumer sends about a change that the target refuses. */
    static ParkRequest refused(TransactionWrites transaction, int changeIndex) {
        return request(1, transaction, changeIndex, LetterClass.REJECTED, true);
    }

    /** The same about one that could not be transformed. */
    static ParkRequest untransformed(TransactionWrites transaction, int changeIndex) {
        return request(1, transaction, changeIndex, LetterClass.REJECTED, false);
    }

    static ParkRequest request(
            long epoch, TransactionWrites transaction, int changeIndex, LetterClass letterClass, boolean withWrites) {
        ChangeWrites change = transaction.changes().get(changeIndex);
        return new ParkRequest(
                epoch,
                transaction.commitLsn(),
                transaction.endLsn(),
                transaction.xid(),
                transaction.committedAt(),
                changeIndex,
                change.sourceTable(),
                change.sourceKey(),
                change.formerKey(),
                change.operation(),
                letterClass,
                "WRITE_REJECTED",
                "the target said no",
                PAYLOAD,
                withWrites ? change.writes() : null);
    }

    /** The city's key changes from one id to another. */
    static ChangeWrites cityMoves(int from, int to, String name) {
        ShadowWrite removal = Batches.remove("City", Map.of("city_id", Batches.uuid(from)));
        ShadowWrite upsert = Batches.upsert(
                "City",
                Map.of("city_id", Batches.uuid(to)),
                Batches.values(List.of("country_code", "name"), null, name));
        ChangeWrites change = Batches.change("city", cityKey(to), Operation.UPDATE, removal, upsert);
        return new ChangeWrites(
                0,
                change.sourceTable(),
                change.sourceKey(),
                cityKey(from),
                change.operation(),
                change.digest(),
                true,
                change.writes());
    }

    static String cityKey(int id) {
        return "{\"id\":" + id + "}";
    }

    /** Everything there is, by id. */
    List<DeadLetter> all() {
        return page(null, null, 1_000).letters();
    }

    DeadLetterPage page(@Nullable String sourceKey, @Nullable Long after, int limit) {
        return api.service().deadLetters(null, null, null, sourceKey, null, null, null, after, limit);
    }

    /** As position, state and what it waits for, in the order of the stream. */
    List<String> summary() {
        return api.target().queryForList("""
                select concat_ws(' ', commit_lsn - '0/0'::pg_lsn, change_index, source_key, state,
                                 'behind ' || (select h.commit_lsn - '0/0'::pg_lsn
                                                 from shadow.dead_letter h
                                                where h.id = d.parked_behind))
                  from shadow.dead_letter d
                 order by d.commit_lsn, d.change_index
                """);
    }

    /** The consumer's receipts. */
    List<String> receipts() {
        return api.target().queryForList("""
                select concat_ws(' ', commit_lsn - '0/0'::pg_lsn, change_index, disposition)
                  from shadow.event_ledger
                 where side = 1
                 order by commit_lsn, change_index
                """);
    }

    List<String> cities() {
        return api.target()
                .queryForList(
                        "select concat_ws(' ', right(city_id::text, 1), name, country_code) from unified.city order by 1");
    }

    /** Letters that have a receipt which says so, and receipts that have a letter: no change is in between. */
    void assertConserved() {
        Assertions.assertThat(api.target().queryForList("""
                        select coalesce(d.commit_lsn, e.commit_lsn)::text
                          from (select * from shadow.event_ledger where side = 1 and disposition = 4) e
                          full join (select * from shadow.dead_letter where state in ('OPEN', 'RESOLVED')) d
                               using (commit_lsn, change_index)
                         where e.commit_lsn is null or d.commit_lsn is null
                        """)).isEmpty();
    }

    static void assertProblem(ProblemType type, ThrowingCallable call) {
        Assertions.assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ShadowProblem.class,
                        problem -> Assertions.assertThat(problem.type()).isEqualTo(type));
    }
}
