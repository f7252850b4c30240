package io.shadowwrite.api.load;

import static io.shadowwrite.api.TestApi.lsn;
import static io.shadowwrite.api.write.Batches.city;
import static io.shadowwrite.api.write.Batches.country;
import static io.shadowwrite.api.write.Batches.partnerKey;
import static io.shadowwrite.api.write.Batches.upsert;
import static io.shadowwrite.api.write.Batches.uuid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shadowwrite.api.TestApi;
import io.shadowwrite.api.write.Batches;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.Hold;
import io.shadowwrite.protocol.LetterClass;
import io.shadowwrite.protocol.LoadClient;
import io.shadowwrite.protocol.LoadEnd;
import io.shadowwrite.protocol.LoadRange;
import io.shadowwrite.protocol.LoadResult;
import io.shadowwrite.protocol.LoadRow;
import io.shadowwrite.protocol.LoadStart;
import io.shadowwrite.protocol.LoadState;
import io.shadowwrite.protocol.Operation;
import io.shadowwrite.protocol.ParkRequest;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.TickClock;
import io.shadowwrite.protocol.Verdict;
import io.shadowwrite.protocol.VerifierRun;
import io.shadowwrite.protocol.WindowPhase;
import io.shadowwrite.protocol.WriteResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.replication.LogSequenceNumber;

/** A window that is loaded: ranges of rows, and the ways out of the phase. */
class LoadTest {

    private static final Instant SNAPSHOT_AT = Instant.parse("2026-11-01T11:59:00.123456Z");
    private static final LoadEnd OURS = new LoadEnd("test", TestApi.BASELINE);

    private final TestApi api = TestApi.shared();
    private final LoadClient client = LoadClient.connect(api.url(), TestApi.OPERATOR_TOKEN);

    @BeforeEach
    void startLoad() {
        api.reset();
        api.operator().startLoad(new LoadStart(api.window(), "00000003-1", SNAPSHOT_AT, "schema"));
        api.service().openSession(api.session());
    }

    private static LoadRow row(String key, ChangeWrites like) {
        return new LoadRow(key, like.writes());
    }

    private static LoadRow partner(int id, @Nullable String... nameScoreDoc) {
        return row(
                "{\"id\":" + id + "}",
                Batches.change(
                        "partner",
                        "",
                        Operation.INSERT,
                        upsert(
                                "Partner",
                                partnerKey(id),
                                Batches.values(List.of("name", "score", "doc"), nameScoreDoc))));
    }

    private static LoadRow note(int id, String body) {
        return row("{\"id\":" + id + "}", Batches.note(id, body));
    }

    private static LoadRow presence(int partner, int city) {
        return new LoadRow(
                "{\"city_id\":%d,\"partner_id\":%d}".formatted(city, partner),
                List.of(upsert("Presence", Map.of("partner_id", uuid(partner), "city_id", uuid(city)), Map.of())));
    }

    /** The pass of a model, as the target's foreign keys have it. */
    private int passOf(String model) {
        List<List<String>> passes = api.service().loadState().passes();
        for (int pass = 0; pass < passes.size(); pass++) {
            if (passes.get(pass).contains(model)) {
                return pass;
            }
        }
        throw new AssertionError(model);
    }

    private LoadRange range(String table, String model, long fromPage, @Nullable Long belowPage) {
        return new LoadRange(TestApi.BASELINE, "app." + table, passOf(model), fromPage, belowPage);
    }

    private LoadResult load(LoadRange range, LoadRow... rows) {
        return client.load(range, lines -> {
            List.of(rows).forEach(lines::add);
            lines.end();
            return rows.length;
        });
    }

    private List<String> rows(String sql) {
        return Arrays.stream(Objects.requireNonNullElse(
                                api.target()
                                        .queryForString(
                                                "select coalesce(string_agg(r, E'\\x01' order by r), '') from (%s) s (r)"
                                                        .formatted(sql)),
                                "")
                        .split("\u0001"))
                .filter(row -> !row.isEmpty())
                .toList();
    }

    private static void assertProblem(ProblemType type, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ShadowProblem.class,
                        problem -> assertThat(problem.type()).isEqualTo(type));
    }

    private void clean() {
        api.service().storeRun(run(Verdict.CLEAN, TestApi.BASELINE));
    }

    private static VerifierRun run(Verdict verdict, LogSequenceNumber pin) {
        return new VerifierRun(
                UUID.randomUUID(),
                "post-backfill",
                null,
                TickClock.SOURCE,
                "snapshot",
                pin,
                SNAPSHOT_AT,
                SNAPSHOT_AT,
                verdict,
                "a reason",
                0,
                List.of(),
                0,
                List.of(),
                List.of());
    }

    @Test
    void ordersModelsByTheForeignKeysOfTheTarget() {
        LoadState state = api.service().loadState();

        assertThat(passOf("Country")).isLessThan(passOf("City"));
        assertThat(passOf("City")).isLessThan(passOf("Presence"));
        assertThat(state.passes().stream().mapToInt(List::size).sum()).isEqualTo(5);
        assertThat(state.whole()).isEmpty();
        assertThat(Objects.requireNonNull(state.opening()).phase()).isEqualTo(WindowPhase.LOADING);
        assertThat(state.opening().snapshotAt()).isEqualTo(SNAPSHOT_AT);
        assertThat(state.opening().sourceSchema()).isEqualTo("schema");
    }

    @Test
    void writesRowsOfEveryKindWithTheirKeyMapAndOneProvenanceRowForTheRange() {
        load(range("country", "Country", 0, null), row("{\"code\":\"NL\"}", country("NL", "Nether\tlands\\", null)));
        load(range("city", "City", 0, null), row("{\"id\":7}", city(7, "NL", "Delft")));
        LoadResult partners = load(
                range("partner", "Partner", 0, 8L),
                partner(1, "one\nline", "1.50", "{\"a\": \"\\u00e9\"}"),
                partner(2, "zwé", null, null));
        load(range("note", "Note", 0, null), note(5, "a body"));
        load(range("presence", "Presence", 0, null), presence(1, 7));

        assertThat(partners).isEqualTo(new LoadResult(2, 2, false, 0));
        assertThat(rows("select concat_ws('|', code, name, note is null) from unified.country"))
                .containsExactly("NL|Nether\tlands\\|t");
        assertThat(
                        rows(
                                "select concat_ws('|', name, score, doc, valid_from at time zone 'UTC', valid_to is null) from unified.partner"))
                .containsExactly(
                        "one\nline|1.50|{\"a\": \"\\u00e9\"}|2026-11-01 11:59:00.123456|t",
                        "zwé|2026-11-01 11:59:00.123456|t");
        assertThat(rows("select concat_ws('|', body, is_archived) from unified.note"))
                .containsExactly("a body|f");
        assertThat(rows("select partner_id || ' ' || city_id from unified.presence"))
                .containsExactly(uuid(1) + " " + uuid(7));
        assertThat(rows("""
                        select concat_ws('|', s.name, source_key, m.name, target_key, state, changed_lsn)
                          from shadow.pk_map
                          join shadow.source_table s on s.id = source_table
                          join shadow.target_model m on m.id = target_model
                         where s.name = 'app.partner'
                        """))
                .containsExactly(
                        "app.partner|{\"id\":1}|Partner|{\"partner_id\":\"%s\"}|current|0/3E7".formatted(uuid(1)),
                        "app.partner|{\"id\":2}|Partner|{\"partner_id\":\"%s\"}|current|0/3E7".formatted(uuid(2)));
        assertThat(rows("""
                        select concat_ws('|', channel, idempotency_key, model, operation, source_key, commit_lsn)
                          from provenance.readable_transaction
                         where source_table = 'app.partner'
                        """))
                .containsExactly("cdc_backfill|backfill:1000:app.partner:0-8:0|Partner|UPSERT|pages 0-8|0/3E7");
    }

    @Test
    void answersARangeThatComesAgainLikeTheFirstTime() {
        LoadRange range = range("note", "Note", 0, 16L);
        load(range, note(1, "a"), note(2, "b"));

        assertThat(load(range, note(1, "a"), note(2, "b"))).isEqualTo(new LoadResult(2, 2, true, 0));
        assertThat(rows("select body from unified.note")).containsExactly("a", "b");
        assertProblem(ProblemType.IDEMPOTENCY_CONFLICT, () -> load(range("note", "Note", 0, 32L), note(1, "a")));
        assertThat(api.service().loadState().rows()).isEqualTo(2);
    }

    @Test
    void keepsNothingOfARangeThatBreaksOff() {
        LoadRange range = range("note", "Note", 0, null);

        assertThatThrownBy(() -> client.load(range, lines -> {
                    lines.add(note(1, "a"));
                    lines.end();
                    throw new IllegalStateException("the reader died");
                }))
                .isInstanceOf(IllegalStateException.class);

        assertThat(load(range, note(2, "b")).replayed()).isFalse();
        assertThat(rows("select body from unified.note")).containsExactly("b");
    }

    @Test
    void namesTheRowsThatTheTargetRefuses() {
        List<LoadRow> rows = new ArrayList<>();
        for (int i = 1; i <= 100; i++) {
            rows.add(row(
                    "{\"id\":" + i + "}", city(i, i % 40 == 0 ? "XX" : null, i == 33 ? "much too long a name" : "x")));
        }

        assertThatThrownBy(() -> load(range("city", "City", 0, null), rows.toArray(new LoadRow[0])))
                .isInstanceOfSatisfying(ShadowProblem.class, problem -> {
                    assertThat(problem.type()).isEqualTo(ProblemType.WRITE_REJECTED);
                    assertThat(problem.facts())
                            .containsEntry("source_table", "app.city")
                            .containsEntry("source_keys", "{\"id\":33}\n{\"id\":40}\n{\"id\":80}");
                });
        assertThat(rows("select name from unified.city")).isEmpty();
    }

    @Test
    void refusesTwoSourceRowsThatBecomeOneTargetRow() {
        assertThatThrownBy(() -> load(
                        range("note", "Note", 0, null),
                        note(1, "a"),
                        new LoadRow("{\"id\":2}", note(1, "b").writes())))
                .isInstanceOfSatisfying(
                        ShadowProblem.class,
                        problem -> assertThat(problem.facts()).containsEntry("source_keys", "{\"id\":2}"));
    }

    @Test
    void loadsATableThatRefersToItselfInOneStatement() {
        api.target()
                .execute(
                        "alter table unified.country add foreign key (note) references unified.country",
                        "alter table unified.country add written_at timestamptz not null default now()");
        try {
            assertThat(api.service().loadState().whole()).containsExactly("Country");

            load(
                    range("country", "Country", 0, null),
                    row("{\"code\":\"B\"}", country("B", "child", "A")),
                    row("{\"code\":\"A\"}", country("A", "parent", null)));

            assertThat(rows("select code from unified.country")).containsExactly("A", "B");
        } finally {
            api.target()
                    .execute(
                            "alter table unified.country drop constraint country_note_fkey",
                            "alter table unified.country drop column written_at");
        }
    }

    @Test
    void appliesNothingOfTheStreamBeforeTheLoadWasFoundEqual() {
        load(range("note", "Note", 0, null), note(1, "loaded"));

        WriteResult held =
                api.service().write(Batches.batch(3_000, Batches.transaction(2_000, 0, Batches.note(1, "streamed"))));
        assertThat(held.applied()).isZero();
        assertThat(held.control().position()).isEqualTo(TestApi.BASELINE);
        assertThat(Objects.requireNonNull(held.control().hold()).kind()).isEqualTo(Hold.Kind.LOAD);
        assertThat(api.service().status().phase()).isEqualTo("LOADING");
        assertThat(api.service().status().reason()).contains("still being loaded");
        assertProblem(ProblemType.LOAD_NOT_VERIFIED, () -> api.operator().stream(OURS));

        api.service().storeRun(run(Verdict.CLEAN, lsn(999)));
        api.service().storeRun(run(Verdict.DIRTY, TestApi.BASELINE));
        assertProblem(ProblemType.LOAD_NOT_VERIFIED, () -> api.operator().stream(OURS));
        clean();
        api.service().storeRun(run(Verdict.DIRTY, TestApi.BASELINE));
        assertProblem(ProblemType.LOAD_NOT_VERIFIED, () -> api.operator().stream(OURS));
        clean();
        load(range("note", "Note", 1, null), note(2, "late"));
        assertProblem(ProblemType.LOAD_NOT_VERIFIED, () -> api.operator().stream(OURS));

        clean();
        assertThat(Objects.requireNonNull(api.operator().stream(OURS).opening()).verifierDone())
                .isTrue();
        api.operator().stream(OURS);
        WriteResult applied =
                api.service().write(Batches.batch(3_000, Batches.transaction(2_000, 0, Batches.note(1, "streamed"))));
        assertThat(applied.applied()).isOne();
        assertThat(rows(
                        "select concat_ws('|', body, valid_from at time zone 'UTC', valid_to is null) from unified.note where note_id = '%s'"
                                .formatted(uuid(1))))
                .containsExactly("loaded|2026-11-01 11:59:00.123456|f", "streamed|2026-11-01 12:00:00|t");
        assertProblem(ProblemType.LOAD_CLOSED, () -> load(range("note", "Note", 2, null), note(3, "too late")));
    }

    @Test
    void takesAwayALoadStepByStepAndNothingThatStreams() {
        load(range("country", "Country", 0, null), row("{\"code\":\"NL\"}", country("NL", "Netherlands", null)));
        load(range("city", "City", 0, null), row("{\"id\":7}", city(7, "NL", "Delft")));
        assertProblem(ProblemType.LOAD_CLOSED, () -> api.operator().forget(OURS));
        assertProblem(ProblemType.WINDOW_MISMATCH, () -> api.operator().discard(new LoadEnd("test", lsn(999))));

        api.operator().discard(OURS);
        LoadState discarded = api.operator().discard(OURS);
        assertThat(discarded.filled()).isEmpty();
        assertThat(Objects.requireNonNull(discarded.opening()).phase()).isEqualTo(WindowPhase.DISCARDING);
        assertThat(rows("select commit_lsn::text from provenance.transaction")).isEmpty();
        assertProblem(ProblemType.LOAD_CLOSED, () -> load(range("note", "Note", 0, null), note(1, "zombie")));
        assertProblem(ProblemType.LOAD_CLOSED, () -> api.operator().stream(OURS));

        assertThat(api.operator().forget(OURS).opening()).isNull();
        api.operator().openWindow(api.window());
        assertProblem(ProblemType.LOAD_CLOSED, () -> api.operator().discard(OURS));
        assertThat(api.service().openSession(api.session()).epoch())
                .as("a consumer of the former window is fenced")
                .isEqualTo(2);
    }

    @Test
    void takesALoadAwayAlsoWhereItMayNotTruncate() {
        api.target().execute("create table unified.outside (code text references unified.country)");
        try {
            load(range("country", "Country", 0, null), row("{\"code\":\"NL\"}", country("NL", "Netherlands", null)));
            load(range("city", "City", 0, null), row("{\"id\":7}", city(7, "NL", "Delft")));

            assertThat(api.operator().discard(OURS).filled()).isEmpty();
        } finally {
            api.target().execute("drop table unified.outside");
        }
    }

    @Test
    void takesNothingAwayThatSomebodyElseWrote() {
        load(range("country", "Country", 0, null), row("{\"code\":\"NL\"}", country("NL", "Netherlands", null)));
        api.target().execute("insert into unified.country values ('DE', 'Germany')");

        assertProblem(ProblemType.TARGET_NOT_EMPTY, () -> api.operator().discard(OURS));
        assertThat(rows("select code from unified.country")).containsExactly("DE", "NL");

        api.target().execute("delete from unified.country where code = 'DE'");
        assertThat(api.operator().discard(OURS).filled()).isEmpty();
    }

    @Test
    void letsNoLetterOfTheStreamSpeakAgainstALoad() {
        ChangeWrites refused = Batches.note(1, "refused");
        api.service()
                .park(new ParkRequest(
                        1,
                        lsn(2_000),
                        lsn(2_008),
                        7,
                        SNAPSHOT_AT,
                        0,
                        refused.sourceTable(),
                        refused.sourceKey(),
                        null,
                        refused.operation(),
                        LetterClass.REJECTED,
                        "WRITE_REJECTED",
                        "a reason",
                        "{}",
                        refused.writes()));

        clean();

        assertThat(Objects.requireNonNull(api.operator().stream(OURS).opening()).phase())
                .isEqualTo(WindowPhase.STREAMING);
    }

    @Test
    void registersNoWindowOntoATargetThatHoldsRows() {
        api.reset();
        api.target().execute("insert into unified.country values ('NL', 'Netherlands')");

        assertThat(api.service().loadState().filled()).containsExactly("unified.country");
        assertProblem(ProblemType.TARGET_NOT_EMPTY, () -> api.operator().openWindow(api.window()));
        assertProblem(
                ProblemType.TARGET_NOT_EMPTY,
                () -> api.operator().startLoad(new LoadStart(api.window(), "s", SNAPSHOT_AT, "schema")));
        assertThat(api.service().status().phase()).isEqualTo("NOT_OPEN");
    }

    @Test
    void leavesLoadingToOperators() {
        LoadClient service = LoadClient.connect(api.url(), TestApi.TOKEN);

        assertProblem(ProblemType.TOKEN_INSUFFICIENT, () -> service.load(range("note", "Note", 0, null), _ -> 0));
        assertProblem(ProblemType.TOKEN_INSUFFICIENT, () -> api.service().stream(OURS));
    }
}
