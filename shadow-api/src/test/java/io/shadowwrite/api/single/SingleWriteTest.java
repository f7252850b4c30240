package io.shadowwrite.api.single;

import static io.shadowwrite.api.TestApi.lsn;
import static io.shadowwrite.api.write.Batches.NOON;
import static io.shadowwrite.api.write.Batches.batch;
import static io.shadowwrite.api.write.Batches.city;
import static io.shadowwrite.api.write.Batches.country;
import static io.shadowwrite.api.write.Batches.note;
import static io.shadowwrite.api.write.Batches.partner;
import static io.shadowwrite.api.write.Batches.partnerKey;
import static io.shadowwrite.api.write.Batches.transaction;
import static io.shadowwrite.api.write.Batches.uuid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shadowwrite.api.TestApi;
import io.shadowwrite.api.write.Batches;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.HaltRequest;
import io.shadowwrite.protocol.Hold;
import io.shadowwrite.protocol.LetterClass;
import io.shadowwrite.protocol.Operation;
import io.shadowwrite.protocol.ParkRequest;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ResumeRequest;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.ShadowApiClient;
import io.shadowwrite.protocol.ShadowMetadata;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.SingleWrite;
import io.shadowwrite.protocol.SingleWriteResult;
import io.shadowwrite.protocol.TransactionWrites;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Writes by somebody other than the stream, route by route. */
class SingleWriteTest {

    private static final List<String> PARTNER = List.of("name", "score", "doc");

    private final TestApi api = TestApi.shared();

    @BeforeEach
    void streamToThreeThousand() {
        api.open();
        api.service()
                .write(batch(
                        3_000,
                        transaction(
                                2_000,
                                0,
                                partner(1, "Ada", "1", null),
                                note(1, "first"),
                                country("DE", "Germany", "x"),
                                city(1, "DE", "Berlin"))));
    }

    private static SingleWrite write(
            String model, Map<String, String> key, Map<String, @Nullable String> values, String idempotencyKey) {
        return new SingleWrite(
                model,
                key,
                values,
                NOON.plusSeconds(1),
                idempotencyKey,
                new ShadowMetadata(table(model), sourceKey(key), Operation.UPDATE, lsn(2_500), 0, lsn(3_000)));
    }

    private static String table(String model) {
        return "app." + model.toLowerCase(java.util.Locale.ROOT);
    }

    private static String sourceKey(Map<String, String> key) {
        String value = key.values().iterator().next();
        return key.containsKey("code")
                ? "{\"code\":\"" + value + "\"}"
                : "{\"id\":" + Integer.parseInt(value.substring(24)) + "}";
    }

    private static SingleWrite partnerWrite(int id, String idempotencyKey, @Nullable String... nameScoreDoc) {
        return write("Partner", partnerKey(id), Batches.values(PARTNER, nameScoreDoc), idempotencyKey);
    }

    private static SingleWrite countryWrite(String code, String idempotencyKey, @Nullable String... nameNote) {
        return write(
                "Country", Map.of("code", code), Batches.values(List.of("name", "note"), nameNote), idempotencyKey);
    }

    private static void assertProblem(ProblemType type, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ShadowProblem.class,
                        problem -> assertThat(problem.type()).isEqualTo(type));
    }

    private List<String> rows(String sql) {
        return api.target().queryForList(sql);
    }

    private List<String> partners() {
        return rows("""
                select concat_ws(' ', right(partner_id::text, 1), name, score,
                                 extract(second from valid_from)::int, extract(second from valid_to)::int)
                  from unified.partner
                 order by partner_id, valid_from
                """);
    }

    private List<String> countries() {
        return rows("select concat_ws(' ', code, name, note) from unified.country order by code");
    }

    @Test
    void createsUpdatesAndArchivesARowThatKeepsVersions() {
        assertThat(api.service().createVersion(partnerWrite(2, "k1", "Bob", "2", null)))
                .isEqualTo(new SingleWriteResult("k1", false));
        api.service().updateVersion(partnerWrite(1, "k2", "Ada L."));
        api.service().archive(write("Partner", partnerKey(2), Map.of(), "k3"));

        // Created and archived at one moment of the source: the version still has a length.
        assertThat(partners()).containsExactly("1 Ada 1.00 0 1", "1 Ada L. 1.00 1", "2 Bob 2.00 1 1");
        assertThat(rows("""
                select concat_ws(' ', idempotency_key, channel, operation, source_table, source_key, change_index,
                                 write_index, commit_lsn - '0/0'::pg_lsn)
                  from provenance.readable_transaction
                 where channel = 'single_write'
                 order by idempotency_key
                """))
                .containsExactly(
                        "k1 single_write UPSERT app.partner {\"id\":2} 0 -1 2500",
                        "k2 single_write UPSERT app.partner {\"id\":1} 0 -2 2500",
                        "k3 single_write REMOVE app.partner {\"id\":2} 0 -3 2500");
        assertThat(
                        rows(
                                "select concat_ws(' ', source_key, state) from shadow.pk_map where target_key like '%partner_id%' order by 1"))
                .containsExactly("{\"id\":1} current", "{\"id\":2} archived");
    }

    @Test
    void archivesWithAVersionWhereTheModelSaysSo() {
        api.service().archive(write("Note", Map.of("note_id", uuid(1)), Map.of(), "k1"));

        assertThat(
                        rows(
                                "select concat_ws(' ', body, is_archived, valid_to is null) from unified.note order by valid_from"))
                .containsExactly("first f f", "first t t");
    }

    @Test
    void createsUpdatesAndDeletesARowInPlace() {
        api.service().create(countryWrite("FR", "k1", "France", null));
        api.service().update(countryWrite("DE", "k2", "Deutschland"));
        assertThat(countries()).containsExactly("DE Deutschland x", "FR France");

        api.service().delete(write("Country", Map.of("code", "FR"), Map.of(), "k3"));
        assertThat(countries()).containsExactly("DE Deutschland x");
    }

    @Test
    void movesNoPositionAndLeavesNoReceipt() {
        long receipts = api.target().queryForLong("select count(*) from shadow.event_ledger");

        api.service().create(countryWrite("FR", "k1", "France", null));

        assertThat(api.service().controlState().position()).isEqualTo(lsn(3_000));
        assertThat(api.target().queryForLong("select count(*) from shadow.event_ledger"))
                .isEqualTo(receipts);
    }

    @Test
    void changesNothingWhenAWriteIsRepeated() {
        List<Callable<SingleWriteResult>> writes = List.of(
                () -> api.service().createVersion(partnerWrite(2, "k1", "Bob", "2", null)),
                () -> api.service().updateVersion(partnerWrite(1, "k2", "Ada L.")),
                () -> api.service().archive(write("Partner", partnerKey(1), Map.of(), "k3")),
                () -> api.service().create(countryWrite("FR", "k4", "France", null)),
                () -> api.service().update(countryWrite("FR", "k5", "La France")),
                () -> api.service().delete(write("Country", Map.of("code", "FR"), Map.of(), "k6")));

        for (Callable<SingleWriteResult> write : writes) {
            assertThat(call(write).replayed()).isFalse();
        }
        List<String> before = everything();
        for (Callable<SingleWriteResult> write : writes) {
            assertThat(call(write).replayed()).isTrue();
        }

        assertThat(everything()).isEqualTo(before);
    }

    private static SingleWriteResult call(Callable<SingleWriteResult> write) {
        try {
            return write.call();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private List<String> everything() {
        return rows("""
                select p::text from unified.partner p
                union all select c::text from unified.country c
                union all select t::text from provenance.transaction t
                union all select m::text from shadow.pk_map m
                order by 1
                """);
    }

    @Test
    void refusesTheKeyOfAnotherWrite() {
        api.service().create(countryWrite("FR", "k1", "France", null));

        assertProblem(
                ProblemType.IDEMPOTENCY_CONFLICT, () -> api.service().create(countryWrite("FR", "k1", "Italy", null)));
        assertProblem(ProblemType.IDEMPOTENCY_CONFLICT, () -> api.service().update(countryWrite("DE", "k1", "France")));
        assertThat(countries()).containsExactly("DE Germany x", "FR France");

        // A caller that asks again may have looked again.
        SingleWrite first = countryWrite("FR", "k1", "France", null);
        api.service().write(batch(3_500));
        ShadowMetadata seen = first.shadowMetadata();
        SingleWrite again = new SingleWrite(
                first.model(),
                first.key(),
                first.values(),
                first.committedAt(),
                "k1",
                new ShadowMetadata(
                        seen.sourceTable(), seen.sourcePk(), seen.sourceOperation(), seen.commitLsn(), 0, lsn(3_500)));
        assertThat(api.service().create(again).replayed()).isTrue();
    }

    @Test
    void createsNoRowThatIsThereAndChangesNoneThatIsNot() {
        assertProblem(
                ProblemType.ROW_EXISTS, () -> api.service().createVersion(partnerWrite(1, "k", "Ada", "1", null)));
        assertProblem(ProblemType.ROW_EXISTS, () -> api.service().create(countryWrite("DE", "k", "Germany", null)));
        assertProblem(ProblemType.ROW_MISSING, () -> api.service().updateVersion(partnerWrite(9, "k", "Zoe")));
        assertProblem(ProblemType.ROW_MISSING, () -> api.service().update(countryWrite("FR", "k", "France")));
        assertProblem(
                ProblemType.ROW_MISSING, () -> api.service().archive(write("Partner", partnerKey(9), Map.of(), "k")));
        assertProblem(
                ProblemType.ROW_MISSING,
                () -> api.service().delete(write("Country", Map.of("code", "FR"), Map.of(), "k")));
        assertThat(api.target().queryForLong("select count(*) from provenance.transaction where channel = 3"))
                .isZero();
    }

    @Test
    void createsAnewWhatWasArchived() {
        api.service().archive(write("Note", Map.of("note_id", uuid(1)), Map.of(), "k1"));

        api.service()
                .createVersion(
                        write("Note", Map.of("note_id", uuid(1)), Batches.values(List.of("body"), "again"), "k2"));

        assertThat(rows("select body || is_archived from unified.note where valid_to is null"))
                .containsExactly("againfalse");
    }

    @Test
    void refusesWhatTheRouteOrTheContractDoesNotTake() {
        ShadowApi service = api.service();
        List<ThrowingCallable> requests = List.of(
                () -> service.createVersion(countryWrite("FR", "k", "France", null)),
                () -> service.update(partnerWrite(1, "k", "Ada")),
                () -> service.createVersion(partnerWrite(2, "k", "Bob")),
                () -> service.updateVersion(write("Partner", partnerKey(1), Map.of(), "k")),
                () -> service.archive(partnerWrite(1, "k", "Ada")),
                () -> service.update(countryWrite("DE", " ", "X")),
                () -> service.update(countryWrite("DE", "k".repeat(201), "X")),
                () -> service.update(countryWrite("DE", "stream:1:0:0", "X")),
                () -> service.update(countryWrite("DE", "backfill:1", "X")),
                () -> service.update(from(countryWrite("DE", "k", "X"), "app.audit_log", "{\"id\":1}", 2_500, 3_000)),
                () -> service.update(from(countryWrite("DE", "k", "X"), "nowhere", "{}", 2_500, 3_000)),
                () -> service.update(
                        from(countryWrite("DE", "k", "X"), "app.country", "{ \"code\":\"DE\"}", 2_500, 3_000)),
                () -> service.update(from(countryWrite("DE", "k", "X"), "app.country", "DE", 2_500, 3_000)),
                () -> service.update(
                        from(countryWrite("DE", "k", "X"), "app.country", "{\"code\":\"DE\"}", 3_000, 3_000)));

        assertThat(requests).allSatisfy(request -> assertProblem(ProblemType.MALFORMED_REQUEST, request));
        assertProblem(
                ProblemType.BROKEN_INVARIANT,
                () -> service.update(write("Country", Map.of("code", "DE"), Map.of("size", "1"), "k")));
        assertProblem(
                ProblemType.BROKEN_INVARIANT,
                () -> service.update(
                        from(countryWrite("DE", "k", "X"), "app.country", "{\"code\":\"DE\"}", 2_500, 3_001)));
    }

    private static SingleWrite from(SingleWrite write, String table, String key, long commitLsn, long appliedLsn) {
        return new SingleWrite(
                write.model(),
                write.key(),
                write.values(),
                write.committedAt(),
                write.idempotencyKey(),
                new ShadowMetadata(table, key, Operation.UPDATE, lsn(commitLsn), 0, lsn(appliedLsn)));
    }

    @Test
    void refusesWhatWasDecidedBeforeTheRowChanged() {
        SingleWrite decided = countryWrite("DE", "k", "Decided");
        api.service().write(batch(4_000, transaction(3_000, 0, country("DE", "Newer", "x"))));

        assertProblem(ProblemType.STALE_WRITE, () -> api.service().update(decided));
        api.service().update(from(decided, "app.country", "{\"code\":\"DE\"}", 3_000, 4_000));
        assertThat(countries()).containsExactly("DE Decided x");

        api.service().write(batch(4_000 + SourceRows.LONGEST_LOOK_BACK_BYTES + 1));
        assertProblem(
                ProblemType.STALE_WRITE,
                () -> api.service()
                        .update(from(
                                countryWrite("DE", "k2", "Long ago"),
                                "app.country",
                                "{\"code\":\"DE\"}",
                                3_000,
                                4_000)));
    }

    @Test
    void refusesToOvertakeParkedChangesOfTheRow() {
        TransactionWrites refused = transaction(3_100, 0, city(1, "XX", "Nowhere"));
        ChangeWrites change = refused.changes().getFirst();
        api.service()
                .park(new ParkRequest(
                        1,
                        refused.commitLsn(),
                        refused.endLsn(),
                        1,
                        refused.committedAt(),
                        0,
                        change.sourceTable(),
                        change.sourceKey(),
                        null,
                        change.operation(),
                        LetterClass.REJECTED,
                        "WRITE_REJECTED",
                        "no such country",
                        null,
                        change.writes()));
        SingleWrite write = write(
                "City", Map.of("city_id", uuid(1)), Batches.values(List.of("country_code", "name"), "DE", "Bonn"), "k");

        assertProblem(ProblemType.ROW_PARKED, () -> api.service().update(write));
        api.service()
                .update(write("Country", Map.of("code", "DE"), Batches.values(List.of("name"), "Other row"), "k2"));
    }

    @Test
    void refusesAVersionThatBeginsInTheFuture() {
        SingleWrite now = partnerWrite(1, "k", "Ada L.");
        SingleWrite future = new SingleWrite(
                now.model(),
                now.key(),
                now.values(),
                Instant.now().plus(Duration.ofHours(1)),
                now.idempotencyKey(),
                now.shadowMetadata());

        assertProblem(ProblemType.MALFORMED_REQUEST, () -> api.service().updateVersion(future));
        assertThat(partners()).containsExactly("1 Ada 1.00 0");
    }

    @Test
    void mindsTheRowThatMadeTheTargetRowWhicheverRowIsNamed() {
        api.service().write(batch(4_000, transaction(3_100, 0, city(1, "DE", "Potsdam"))));
        Map<String, String> key = Map.of("city_id", uuid(1));
        SingleWrite other = new SingleWrite(
                "City",
                key,
                Batches.values(List.of("country_code", "name"), "DE", "Bonn"),
                NOON.plusSeconds(1),
                "k",
                new ShadowMetadata("app.city", "{\"id\":2}", Operation.UPDATE, lsn(2_500), 0, lsn(3_000)));

        assertProblem(ProblemType.STALE_WRITE, () -> api.service().update(other));
    }

    @Test
    void waitsForTheGate() {
        api.operator().halt(new HaltRequest("gate", Hold.Kind.GATE, lsn(3_000), null));

        assertProblem(ProblemType.HOLD_TAKEN, () -> api.service().update(countryWrite("DE", "k", "X")));

        api.operator().resume(new ResumeRequest("gate"));
        api.service().halt(new HaltRequest("verifier", Hold.Kind.VERIFIER, null, 60));
        api.service().update(countryWrite("DE", "k", "X"));
    }

    @Test
    void namesWhatTheTargetRefuses() {
        assertProblem(ProblemType.WRITE_REJECTED, () -> api.service().create(countryWrite("FR", "k", "Germany", null)));
        assertThat(api.target().queryForLong("select count(*) from provenance.transaction where channel = 3"))
                .isZero();
    }

    @Test
    void writesNothingBeforeAWindowIsOpen() {
        api.reset();

        assertProblem(ProblemType.WINDOW_NOT_OPEN, () -> api.service().update(countryWrite("DE", "k", "X")));
    }

    @Test
    void asksForATokenOnEveryRoute() {
        ShadowApi stranger = ShadowApiClient.connect(api.url(), "wrong", Duration.ofSeconds(10));
        SingleWrite write = countryWrite("DE", "k", "X");
        List<BiFunction<ShadowApi, SingleWrite, SingleWriteResult>> routes = List.of(
                ShadowApi::createVersion,
                ShadowApi::updateVersion,
                ShadowApi::archive,
                ShadowApi::create,
                ShadowApi::update,
                ShadowApi::delete);

        assertThat(routes)
                .allSatisfy(route -> assertProblem(ProblemType.TOKEN_WRONG, () -> route.apply(stranger, write)));
    }

    @Test
    void leavesOneCurrentVersionAndLosesNoUpdateAmongManyWriters() throws Exception {
        int writers = 8;
        List<Future<String>> outcomes = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(writers)) {
            for (int i = 0; i < writers; i++) {
                String number = String.valueOf(i);
                outcomes.add(threads.submit(() -> outcome(() ->
                        api.service().createVersion(partnerWrite(7, "create" + number, "n" + number, "1", null)))));
                outcomes.add(threads.submit(() ->
                        outcome(() -> api.service().updateVersion(partnerWrite(1, "update" + number, "n" + number)))));
                outcomes.add(threads.submit(
                        () -> outcome(() -> api.service().updateVersion(partnerWrite(1, "same", "same")))));
            }
        }
        List<String> answers = new ArrayList<>();
        for (Future<String> outcome : outcomes) {
            answers.add(outcome.get());
        }

        assertThat(answers).containsOnly("written", "replayed", "ROW_EXISTS");
        assertThat(answers).filteredOn("ROW_EXISTS"::equals).hasSize(writers - 1);
        assertThat(answers).filteredOn("replayed"::equals).hasSize(writers - 1);
        assertThat(rows("select count(*) from unified.partner where valid_to is null group by partner_id"))
                .containsOnly("1")
                .hasSize(2);
        // The one of the stream, every update, and the one that all wanted.
        assertThat(api.target()
                        .queryForLong(
                                "select count(*) from unified.partner where partner_id = '%s'".formatted(uuid(1))))
                .isEqualTo(writers + 2);
        assertThat(rows("""
                select valid_to::text from (select valid_to, lead(valid_from) over (order by valid_from) as next
                                        from unified.partner where partner_id = '%s') v
                 where valid_to is distinct from next
                """.formatted(uuid(1)))).isEmpty();
    }

    private static String outcome(Callable<SingleWriteResult> write) throws Exception {
        try {
            return write.call().replayed() ? "replayed" : "written";
        } catch (ShadowProblem problem) {
            return problem.type().name();
        }
    }

    @Test
    void standsBesideTheStreamThatWritesTheSameRow() throws Exception {
        int rounds = 30;
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Future<?> stream = threads.submit(() -> {
                for (int round = 0; round < rounds; round++) {
                    long commit = 3_000 + 100L * round;
                    api.service()
                            .write(batch(
                                    commit + 50, transaction(commit, round + 2_000_000L, partner(1, "s" + round))));
                }
            });
            Future<?> writer = threads.submit(() -> {
                for (int round = 0; round < rounds; round++) {
                    String key = "w" + round;
                    try {
                        long position = api.service().controlState().position().asLong();
                        api.service()
                                .updateVersion(
                                        from(partnerWrite(1, key, key), "app.partner", "{\"id\":1}", 2_500, position));
                    } catch (ShadowProblem lost) {
                        assertThat(lost.type()).isEqualTo(ProblemType.STALE_WRITE);
                    }
                }
            });
            stream.get();
            writer.get();
        }

        assertThat(api.target().queryForLong("select count(*) from unified.partner where valid_to is null"))
                .isEqualTo(1);
        assertThat(api.target().queryForLong("select count(*) from unified.partner where name like 's%'"))
                .isEqualTo(rounds);
    }
}
