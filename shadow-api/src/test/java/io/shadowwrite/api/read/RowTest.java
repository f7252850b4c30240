package io.shadowwrite.api.read;

import static io.shadowwrite.api.read.ReadApi.lsn;
import static io.shadowwrite.api.read.ReadApi.memo;
import static io.shadowwrite.api.read.ReadApi.memoGone;
import static io.shadowwrite.api.read.ReadApi.place;
import static io.shadowwrite.api.read.ReadApi.problem;
import static io.shadowwrite.api.read.ReadApi.tag;
import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.protocol.FoundRows;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ReadKind;
import io.shadowwrite.protocol.RowLookup;
import io.shadowwrite.protocol.RowVersions;
import io.shadowwrite.protocol.TargetRow;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows by their keys: one, its history, and many at once. */
class RowTest {

    private final ReadApi api = ReadApi.shared();

    @BeforeEach
    void openWindow() {
        api.open();
    }

    private RowVersions row(ReadKind kind, String model, String key, boolean history) {
        return api.service().row(kind, model, key, lsn(1_000), null, history);
    }

    private FoundRows lookup(String model, String... keys) {
        return api.service().lookup(ReadKind.CRUD, model, new RowLookup(List.of(keys), lsn(1_000), null));
    }

    @Test
    void answersTheCurrentRowOfAKey() {
        api.commit(2_000, memo(7, "first"));
        api.commit(3_000, memo(7, "second"));

        RowVersions found = row(ReadKind.SCD, "Memo", "{\"id\":7}", false);

        assertThat(found.position()).isEqualTo(lsn(3_008));
        assertThat(found.complete()).isTrue();
        assertThat(found.rows()).singleElement().satisfies(row -> {
            assertThat(row.key()).isEqualTo("{\"id\":7}");
            assertThat(row.values()).containsOnly(java.util.Map.entry("body", "second"));
            assertThat(row.lastEventLsn()).isEqualTo(lsn(3_000));
        });
        assertThat(row(ReadKind.SCD, "Memo", "7", false).rows()).isEqualTo(found.rows());
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "with \"quotes\" and 'more'", "Δ 日本 🙂", "a%b?c#d&e+f;g", "{", "digest "})
    void findsATextKeyAsAPathCarriesIt(String code) {
        api.commit(2_000, tag("{\"code\":\"x\"}", code, "found"));
        String key = "{\"code\":" + io.shadowwrite.protocol.WireJson.mapper().writeValueAsString(code) + "}";

        if (!key.contains("\\")) {
            assertThat(row(ReadKind.CRUD, "Tag", key, false).rows()).hasSize(1);
        }
        if (!code.startsWith("{")) {
            assertThat(row(ReadKind.CRUD, "Tag", code, false).rows()).hasSize(1);
        }
        assertThat(lookup("Tag", key).rows()).doesNotContainNull();
    }

    @Test
    void findsACompositeKey() {
        api.commit(2_000, place("{\"country\":\"DE\",\"no\":3}", "DE", 3, "three"));

        assertThat(row(ReadKind.CRUD, "Place", "{\"no\":3,\"country\":\"DE\"}", false)
                        .rows())
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.key()).isEqualTo("{\"country\":\"DE\",\"no\":3}");
                    assertThat(row.version()).isNull();
                });
    }

    @Test
    void answersEveryVersionNewestFirst() {
        api.commit(2_000, memo(7, "first"));
        api.commit(3_000, memo(7, "second"));
        api.commit(4_000, memoGone(7));

        List<TargetRow> versions = row(ReadKind.SCD, "Memo", "{\"id\":7}", true).rows();

        assertThat(versions)
                .extracting(row -> row.values().get("body") + " "
                        + java.util.Objects.requireNonNull(row.version()).archived())
                .containsExactly("second true", "second false", "first false");
        assertThat(versions.get(1).version()).satisfies(version -> {
            assertThat(version.validFrom()).isEqualTo("2026-11-01T12:00:00.003000Z");
            assertThat(version.validTo()).isEqualTo("2026-11-01T12:00:00.004000Z");
        });
        assertThat(versions.getFirst().lastEventLsn()).isEqualTo(lsn(4_000));
        problem(ProblemType.ROW_NOT_FOUND, () -> row(ReadKind.SCD, "Memo", "{\"id\":7}", false));
    }

    @Test
    void saysWhenOlderVersionsAreLeftOut() {
        api.target().execute("""
                insert into lib.memo
                select 1, 'v' || g, false, now() + g * interval '1 s', now() + (g + 1) * interval '1 s'
                  from generate_series(1, 1001) g
                """);

        RowVersions history = row(ReadKind.SCD, "Memo", "{\"id\":1}", true);

        assertThat(history.complete()).isFalse();
        assertThat(history.rows()).hasSize(1_000);
        assertThat(history.rows().getFirst().values()).containsEntry("body", "v1001");
    }

    @Test
    void namesWhatIsWrong() {
        problem(ProblemType.ROW_NOT_FOUND, () -> row(ReadKind.SCD, "Memo", "{\"id\":7}", false));
        problem(ProblemType.ROW_NOT_FOUND, () -> row(ReadKind.SCD, "Memo", "{\"id\":7}", true));
        problem(ProblemType.ROW_NOT_FOUND, () -> row(ReadKind.CRUD, "Account", "7", false));
        problem(ProblemType.MALFORMED_REQUEST, () -> row(ReadKind.CRUD, "Account", "seven", false));
        problem(ProblemType.MALFORMED_REQUEST, () -> row(ReadKind.SCD, "Person", "7", true));
        problem(ProblemType.MALFORMED_REQUEST, () -> row(ReadKind.CRUD, "Account", "7", true));
        problem(ProblemType.MODEL_UNKNOWN, () -> row(ReadKind.SCD, "Account", "7", false));
        problem(
                ProblemType.POSITION_BEHIND,
                () -> api.service().row(ReadKind.CRUD, "Account", "7", lsn(9_000), null, false));
        api.reset();
        problem(ProblemType.WINDOW_NOT_OPEN, () -> row(ReadKind.CRUD, "Account", "7", false));
    }

    @Test
    void looksUpInTheOrderOfTheRequestWithItsMisses() {
        api.commit(
                2_000,
                place("{\"country\":\"DE\",\"no\":1}", "DE", 1, "one"),
                place("{\"country\":\"D/E\",\"no\":2}", "D/E", 2, "two"),
                place("{\"country\":\"D\\\\E\",\"no\":3}", "D\\E", 3, "three"));

        FoundRows found = lookup(
                "Place",
                "{\"country\":\"D\\\\E\",\"no\":3}",
                "{\"country\":\"DE\",\"no\":9}",
                "{\"country\":\"D/E\",\"no\":2}",
                "{\"country\":\"DE\",\"no\":1}",
                "{\"country\":\"D/E\",\"no\":2}");

        assertThat(found.position()).isEqualTo(lsn(2_008));
        assertThat(found.rows())
                .extracting(row -> row == null ? "-" : row.values().get("name") + " " + row.lastEventLsn())
                .containsExactly(
                        "three " + lsn(2_000), "-", "two " + lsn(2_000), "one " + lsn(2_000), "two " + lsn(2_000));
    }

    @Test
    void looksUpVersionsAndJunctionsAsWell() {
        String one = "00000000-0000-7000-8000-000000000001";
        String two = "00000000-0000-7000-8000-000000000002";
        api.target().execute("insert into lib.link values ('%s', '%s')".formatted(one, two));
        api.commit(2_000, memo(1, "a"), memo(2, "b"));
        api.commit(3_000, memoGone(2));

        assertThat(api.service()
                        .lookup(
                                ReadKind.SCD,
                                "Memo",
                                new RowLookup(List.of("{\"id\":1}", "{\"id\":2}"), lsn(3_008), lsn(2_500)))
                        .rows())
                .satisfiesExactly(
                        row -> assertThat(row)
                                .isNotNull()
                                .satisfies(
                                        memo -> assertThat(memo.lastEventLsn()).isNull()),
                        row -> assertThat(row).isNull());
        assertThat(lookup("Link", "{\"other_id\":\"%s\",\"person_id\":\"%s\"}".formatted(two, one))
                        .rows())
                .doesNotContainNull();
    }

    @Test
    void boundsALookup() {
        problem(ProblemType.MALFORMED_REQUEST, () -> lookup("Account"));
        problem(
                ProblemType.MALFORMED_REQUEST,
                () -> lookup("Account", Collections.nCopies(5_001, "1").toArray(String[]::new)));
        problem(ProblemType.MALFORMED_REQUEST, () -> lookup("Account", "1", "one"));
        assertThat(lookup("Account", Collections.nCopies(5_000, "1").toArray(String[]::new))
                        .rows())
                .hasSize(5_000)
                .containsOnlyNulls();
        api.target().execute("insert into lib.tag select 'k' || g, repeat('x', 3000000) from generate_series(1, 3) g");
        assertThat(problem(ProblemType.MALFORMED_REQUEST, () -> lookup("Tag", "k1", "k2", "k3"))
                        .detail())
                .contains("fewer keys");
        problem(
                ProblemType.POSITION_BEHIND,
                () -> api.service().lookup(ReadKind.CRUD, "Account", new RowLookup(List.of("1"), lsn(9_000), null)));
        problem(
                ProblemType.MODEL_UNKNOWN,
                () -> api.service().lookup(ReadKind.SCD, "Account", new RowLookup(List.of("1"), lsn(1_000), null)));
    }
}
