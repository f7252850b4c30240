package io.shadowwrite.api.read;

import static io.shadowwrite.api.read.ReadApi.lsn;
import static io.shadowwrite.api.read.ReadApi.memo;
import static io.shadowwrite.api.read.ReadApi.memoGone;
import static io.shadowwrite.api.read.ReadApi.problem;
import static io.shadowwrite.api.read.ReadApi.tag;
import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ReadKind;
import io.shadowwrite.protocol.RowPage;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.TargetRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages of current rows. */
class PageTest {

    private static final String UUID = "00000000-0000-7000-8000-%012d";

    private final ReadApi api = ReadApi.shared();

    @BeforeEach
    void openWindow() {
        api.open();
    }

    private RowPage page(ReadKind kind, String model, int limit, @Nullable String after) {
        return api.service().rows(kind, model, lsn(1_000), null, limit, after);
    }

    /** Keys of all pages; at most a hundred pages. */
    private List<String> keysPaged(ReadKind kind, String model, int limit) {
        List<String> keys = new ArrayList<>();
        String after = null;
        for (int i = 0; i < 100; i++) {
            RowPage page = page(kind, model, limit, after);
            assertThat(page.rows()).hasSizeBetween(0, limit);
            page.rows().forEach(row -> keys.add(row.key()));
            after = page.next();
            if (after == null) {
                return keys;
            }
            assertThat(page.rows()).hasSize(limit);
        }
        throw new AssertionError("paging does not end");
    }

    @Test
    void answersEveryValueInItsCanonicalSpelling() {
        api.target().execute("""
                insert into lib.person
                values ('0000000A-0000-7000-8000-000000000001', E'tab\\t"quoted" Δ', 1.50, '{"b": 1,  "a": [1.0]}',
                        '\\xC0FFEE', '2026-03-01 12:00:00+02', 'NaN', true, '2026-11-01 12:00:00.000001+00', null),
                       ('0000000A-0000-7000-8000-000000000002', '', null, null, null, 'infinity', 0.1, null,
                        '2026-11-01 12:00:00+00', null)
                """);

        List<TargetRow> rows = page(ReadKind.SCD, "Person", 10, null).rows();

        assertThat(rows.getFirst().key()).isEqualTo("{\"person_id\":\"0000000a-0000-7000-8000-000000000001\"}");
        assertThat(rows.getFirst().values().entrySet().stream().map(Map.Entry::toString))
                .containsExactly(
                        "name=tab\t\"quoted\" Δ",
                        "score=1.50",
                        "doc={\"a\": [1.0], \"b\": 1}",
                        "photo=\\xc0ffee",
                        "seen=2026-03-01T10:00:00.000000Z",
                        "ratio=NaN",
                        "active=true");
        assertThat(rows.getFirst().version()).satisfies(version -> {
            assertThat(version.validFrom()).isEqualTo("2026-11-01T12:00:00.000001Z");
            assertThat(version.validTo()).isNull();
            assertThat(version.archived()).isFalse();
        });
        assertThat(rows.get(1).values())
                .containsEntry("name", "")
                .containsEntry("score", null)
                .containsEntry("seen", "infinity")
                .containsEntry("ratio", "0.1")
                .containsEntry("active", null);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 8, 100})
    void goesThroughTextKeysOfEverySpelling(int limit) {
        api.target().execute("""
                insert into lib.tag
                values ('a'), ('A'), ('ä'), (E'quote\\'s and "more"'), (E'back\\\\slash'), ('sl/ash?&#%'), (''), ('日本 🙂')
                """);

        assertThat(keysPaged(ReadKind.CRUD, "Tag", limit))
                .isEqualTo(api.target().queryForList("""
                        select '{"code":' || to_json(code)::text || '}' from lib.tag order by code
                        """));
    }

    @Test
    void goesThroughNumbersAsNumbers() {
        api.target().execute("insert into lib.account select g * 37 - 100, g from generate_series(-20, 20) g");

        assertThat(keysPaged(ReadKind.CRUD, "Account", 6))
                .isEqualTo(IntStream.rangeClosed(-20, 20)
                        .mapToObj(i -> "{\"id\":%d}".formatted(i * 37 - 100))
                        .toList());
    }

    @Test
    void goesThroughTiesOfTheFirstKeyColumn() {
        api.target().execute("""
                insert into lib.place select c, n, c || n from unnest(array['AT', 'DE', 'x"y']) c, generate_series(1, 11) n
                """, """
                insert into lib.link
                select ('00000000-0000-7000-8000-' || lpad(a::text, 12, '0'))::uuid,
                       ('00000000-0000-7000-8000-' || lpad(b::text, 12, '0'))::uuid
                  from generate_series(1, 3) a, generate_series(1, 5) b
                """);

        List<String> places = keysPaged(ReadKind.CRUD, "Place", 4);
        List<String> links = keysPaged(ReadKind.CRUD, "Link", 4);

        assertThat(places).hasSize(33).doesNotHaveDuplicates();
        assertThat(places.getFirst()).isEqualTo("{\"country\":\"AT\",\"no\":1}");
        assertThat(places.getLast()).isEqualTo("{\"country\":\"x\\\"y\",\"no\":11}");
        assertThat(links).hasSize(15).doesNotHaveDuplicates();
        assertThat(links.getFirst())
                .isEqualTo(
                        "{\"other_id\":\"%s\",\"person_id\":\"%s\"}".formatted(UUID.formatted(1), UUID.formatted(1)));
        // By the index, which begins with the other column than the contract.
        assertThat(links.get(5))
                .isEqualTo(
                        "{\"other_id\":\"%s\",\"person_id\":\"%s\"}".formatted(UUID.formatted(2), UUID.formatted(3)));
    }

    @Test
    void showsOfVersionsTheCurrentOnes() {
        api.commit(2_000, memo(1, "first"), memo(2, "stays"), memo(3, "goes"));
        api.commit(3_000, memo(1, "second"));
        api.commit(4_000, memoGone(3));

        assertThat(page(ReadKind.SCD, "Memo", 10, null).rows())
                .extracting(row -> row.key() + row.values())
                .containsExactly("{\"id\":1}{body=second}", "{\"id\":2}{body=stays}");
    }

    @Test
    void tellsThePositionAndTheLastEventOfEachRow() {
        api.commit(2_000, memo(1, "a"), memo(2, "b"));
        api.commit(3_000, memo(1, "a"), ReadApi.filtered("memo", "{\"id\":99}"));
        api.target().execute("insert into lib.memo values (3, 'of nobody', false, now(), null)");

        RowPage page = page(ReadKind.SCD, "Memo", 10, null);

        assertThat(page.position()).isEqualTo(lsn(3_008));
        assertThat(page.eventsSince()).isEqualTo(lsn(1_000));
        assertThat(page.rows()).extracting(TargetRow::lastEventLsn).containsExactly(lsn(3_000), lsn(2_000), null);
    }

    @Test
    void takesTheLatestOfSeveralSourceRowsBehindOneTargetRow() {
        api.commit(2_000, tag("{\"code\":\"old\"}", "x", "1"));
        api.commit(3_000, tag("{\"code\":\"new\"}", "x", "2"));
        api.target().execute("""
                insert into shadow.pk_map
                select source_table, target_model, changed_lsn, '{"code":"new"}', target_key, state from shadow.pk_map
                """);

        assertThat(page(ReadKind.CRUD, "Tag", 10, null).rows())
                .extracting(TargetRow::lastEventLsn)
                .containsExactly(lsn(3_000));
    }

    @Test
    void looksForEventsFromWhereItIsTold() {
        api.commit(2_000, memo(1, "a"));
        api.commit(3_000, memo(2, "b"));

        RowPage page = api.service().rows(ReadKind.SCD, "Memo", lsn(3_008), lsn(2_001), 10, null);

        assertThat(page.eventsSince()).isEqualTo(lsn(2_001));
        assertThat(page.rows()).extracting(TargetRow::lastEventLsn).containsExactly(null, lsn(3_000));
    }

    @Test
    void looksFarEnoughBackForThePositionThatWasAskedFor() {
        long far = 3L << 30;
        api.commit(2_000, memo(1, "a"));
        api.commit(far, memo(2, "b"));

        RowPage asOfNow = api.service().rows(ReadKind.SCD, "Memo", lsn(far), null, 10, null);
        RowPage asOfThen = api.service().rows(ReadKind.SCD, "Memo", lsn(1_500), null, 10, null);

        assertThat(asOfNow.eventsSince()).isEqualTo(lsn(far + 8 - (64 << 20)));
        assertThat(asOfNow.rows()).extracting(TargetRow::lastEventLsn).containsExactly(null, lsn(far));
        assertThat(asOfThen.eventsSince()).isEqualTo(lsn(1_500));
        assertThat(asOfThen.rows()).extracting(TargetRow::lastEventLsn).containsExactly(lsn(2_000), lsn(far));
    }

    @Test
    void refusesAPositionThatIsNotReached() {
        api.commit(2_000, memo(1, "a"));

        assertThat(api.service()
                        .rows(ReadKind.SCD, "Memo", lsn(2_008), null, 1, null)
                        .rows())
                .hasSize(1);
        ShadowProblem behind = problem(
                ProblemType.POSITION_BEHIND, () -> api.service().rows(ReadKind.SCD, "Memo", lsn(2_009), null, 1, null));
        assertThat(behind.retryable()).isTrue();
        assertThat(behind.facts()).containsEntry("position", "2008");
    }

    @Test
    void needsAWindow() {
        api.reset();

        problem(ProblemType.WINDOW_NOT_OPEN, () -> page(ReadKind.SCD, "Memo", 1, null));
    }

    @Test
    void namesTheRightPathOfAModelOfTheOtherKind() {
        assertThat(problem(ProblemType.MODEL_UNKNOWN, () -> page(ReadKind.CRUD, "Memo", 1, null))
                        .detail())
                .contains("/shadow/read/scd/Memo");
        assertThat(problem(ProblemType.MODEL_UNKNOWN, () -> page(ReadKind.SCD, "Link", 1, null))
                        .detail())
                .contains("/shadow/read/crud/Link");
        assertThat(problem(ProblemType.MODEL_UNKNOWN, () -> page(ReadKind.SCD, "Nothing", 1, null))
                        .detail())
                .contains("Person", "Memo");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"country\":\"DE\"}",
                "{\"country\":\"DE\",\"no\":1,\"more\":1}",
                "{\"country\":\"DE\",\"no\":\"one\"}",
                "{\"country\":\"DE\",\"no\":1.5}",
                "{\"country\":\"DE\",\"no\":99999999999}",
                "{\"country\":\"DE\",\"no\":null}",
                "{\"country\":\"D\\u0000E\",\"no\":1}",
                "{\"country\":",
                "[]",
                "DE"
            })
    void refusesACursorThatIsNoKey(String after) {
        assertThat(problem(ProblemType.MALFORMED_REQUEST, () -> page(ReadKind.CRUD, "Place", 1, after))
                        .detail())
                .contains("Place", "country, no");
    }

    @Test
    void refusesAValueThatHasNoCanonicalText() {
        api.target().execute("""
                insert into lib.person (person_id, doc, valid_from) values (gen_random_uuid(), '"\\u0000"', now())
                """);

        problem(ProblemType.VALUE_UNREADABLE, () -> page(ReadKind.SCD, "Person", 1, null));
    }

    @Test
    void boundsTheLimit() {
        problem(ProblemType.MALFORMED_REQUEST, () -> page(ReadKind.SCD, "Memo", 0, null));
        problem(ProblemType.MALFORMED_REQUEST, () -> page(ReadKind.SCD, "Memo", 5_001, null));
        assertThat(page(ReadKind.SCD, "Memo", 5_000, null).rows()).isEmpty();
    }

    @Test
    void cutsAPageOfLargeRowsShort() {
        api.target().execute("""
                insert into lib.tag select 'k' || g, repeat('x', 3000000) from generate_series(1, 7) g
                """);

        RowPage first = page(ReadKind.CRUD, "Tag", 100, null);
        RowPage second = page(ReadKind.CRUD, "Tag", 100, first.next());
        RowPage third = page(ReadKind.CRUD, "Tag", 100, second.next());

        assertThat(List.of(
                        first.rows().size(), second.rows().size(), third.rows().size()))
                .containsExactly(3, 3, 1);
        assertThat(third.next()).isNull();
    }

    @Test
    void answersRowsPositionAndEventsOfOneMoment() throws Exception {
        int rows = 20;
        api.commit(2_000, memos(rows, "v2000"));
        AtomicBoolean stop = new AtomicBoolean();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> writer = threads.submit(() -> {
                for (long at = 2_010; !stop.get() && at < 2_000_000; at += 10) {
                    api.commit(at, memos(rows, "v" + at));
                }
            });
            try {
                for (int i = 0; i < 60; i++) {
                    RowPage page = page(ReadKind.SCD, "Memo", rows, null);
                    long at = page.position().asLong() - 8;
                    assertThat(page.rows()).hasSize(rows).allSatisfy(row -> {
                        assertThat(row.values()).containsEntry("body", "v" + at);
                        assertThat(row.lastEventLsn()).isEqualTo(lsn(at));
                    });
                }
            } finally {
                stop.set(true);
                writer.get(30, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void meetsEveryRowThatStaysOnceWhileOthersComeAndGo() throws Exception {
        int rows = 60;
        api.commit(2_000, memos(rows, "stays"));
        AtomicBoolean stop = new AtomicBoolean();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> writer = threads.submit(() -> {
                long at = 3_000;
                for (int round = 0; !stop.get() && round < 100_000; round++, at += 20) {
                    long other = 1_000 + round % 7 * 10L;
                    api.commit(at, memo(other, "comes"), memo(round % rows * 10L, "stays"));
                    api.commit(at + 10, memoGone(other));
                }
            });
            try {
                for (int i = 0; i < 10; i++) {
                    assertThat(keysPaged(ReadKind.SCD, "Memo", 7))
                            .doesNotHaveDuplicates()
                            .containsAll(IntStream.range(0, rows)
                                    .mapToObj(k -> "{\"id\":%d}".formatted(k * 10))
                                    .toList());
                }
            } finally {
                stop.set(true);
                writer.get(30, TimeUnit.SECONDS);
            }
        }
    }

    private static ChangeWrites[] memos(int rows, String body) {
        return IntStream.range(0, rows).mapToObj(i -> memo(i * 10L, body)).toArray(ChangeWrites[]::new);
    }
}
