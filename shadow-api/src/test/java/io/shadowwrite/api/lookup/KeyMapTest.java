package io.shadowwrite.api.lookup;

import static io.shadowwrite.api.read.ReadApi.lsn;
import static io.shadowwrite.api.read.ReadApi.memo;
import static io.shadowwrite.api.read.ReadApi.problem;
import static io.shadowwrite.api.read.ReadApi.remove;
import static io.shadowwrite.api.read.ReadApi.tag;
import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.api.database.SqlArrays;
import io.shadowwrite.api.read.ReadApi;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.KeyMapLookup;
import io.shadowwrite.protocol.KeyMapMatch;
import io.shadowwrite.protocol.KeyMapMatches;
import io.shadowwrite.protocol.KeyMapping;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.SourceRowKey;
import io.shadowwrite.protocol.TargetRowKey;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The key map from both sides. */
class KeyMapTest {

    private final ReadApi api = ReadApi.shared();

    @BeforeEach
    void openWindow() {
        api.open();
    }

    private static SourceRowKey source(String table, String key) {
        return new SourceRowKey("app." + table, key);
    }

    private static TargetRowKey target(String model, String key) {
        return new TargetRowKey(model, key);
    }

    private List<KeyMapMatch> bySource(@Nullable Long since, SourceRowKey... keys) {
        return lookup(since, List.of(keys), List.of()).matches();
    }

    private List<KeyMapMatch> byTarget(@Nullable Long since, TargetRowKey... keys) {
        return lookup(since, List.of(), List.of(keys)).matches();
    }

    private KeyMapMatches lookup(@Nullable Long since, List<SourceRowKey> sources, List<TargetRowKey> targets) {
        return api.service().lookup(new KeyMapLookup(sources, targets, null, since == null ? null : lsn(since)));
    }

    @Test
    void followsSourceRowsInTheOrderOfTheRequest() {
        api.commit(2_000, memo(1, "a"), tag("{\"code\":\"s\"}", "t\"Δ", "x"));
        api.commit(3_000, memo(1, "b"));
        api.commit(4_000, remove("tag", "{\"code\":\"s\"}", "Tag", Map.of("code", "t\"Δ")));

        KeyMapMatches found = lookup(
                null,
                List.of(source("tag", "{\"code\":\"s\"}"), source("memo", "{\"id\":2}"), source("memo", "{\"id\":1}")),
                List.of());

        assertThat(found.position()).isEqualTo(lsn(4_008));
        assertThat(found.eventsSince()).isEqualTo(lsn(1_000));
        assertThat(found.matches())
                .containsExactly(
                        new KeyMapMatch(
                                List.of(new KeyMapping(
                                        "app.tag",
                                        "{\"code\":\"s\"}",
                                        "Tag",
                                        "{\"code\":\"t\\\"Δ\"}",
                                        false,
                                        lsn(4_000),
                                        lsn(4_000))),
                                lsn(4_000)),
                        new KeyMapMatch(List.of(), null),
                        new KeyMapMatch(
                                List.of(new KeyMapping(
                                        "app.memo", "{\"id\":1}", "Memo", "{\"id\":1}", true, lsn(2_000), lsn(3_000))),
                                lsn(3_000)));
    }

    @Test
    void followsTargetRowsToAllTheirSourceRows() {
        api.commit(2_000, tag("{\"code\":\"one\"}", "t", "1"), memo(5, "m"));
        api.commit(3_000, tag("{\"code\":\"two\"}", "t", "2"));
        api.target().execute("""
                insert into shadow.pk_map
                select source_table, target_model, '0/BB8', '{"code":"two"}', target_key, 'current'
                  from shadow.pk_map where source_key = '{"code":"one"}'
                """);

        List<KeyMapMatch> found = byTarget(
                null, target("Memo", "{\"id\":6}"), target("Tag", "{\"code\":\"t\"}"), target("Memo", "{\"id\":5}"));

        assertThat(found).extracting(KeyMapMatch::lastEventLsn).containsExactly(null, lsn(3_000), lsn(2_000));
        assertThat(found.get(1).mappings())
                .extracting(mapping -> mapping.sourceKey() + mapping.lastEventLsn())
                .containsExactly("{\"code\":\"one\"}" + lsn(2_000), "{\"code\":\"two\"}" + lsn(3_000));
    }

    @Test
    void tellsWhatWasTouchedSinceAPosition() {
        api.commit(2_000, memo(1, "a"), memo(2, "a"));
        api.commit(3_000, memo(2, "b"), ReadApi.filtered("memo", "{\"id\":3}"));

        assertThat(bySource(
                        3_000L,
                        source("memo", "{\"id\":1}"),
                        source("memo", "{\"id\":2}"),
                        source("memo", "{\"id\":3}"),
                        source("tag", "{\"id\":3}")))
                .extracting(match -> match.mappings().size() + " " + match.lastEventLsn())
                .containsExactly("1 null", "1 " + lsn(3_000), "0 " + lsn(3_000), "0 null");
        assertThat(byTarget(3_001L, target("Memo", "{\"id\":2}")))
                .extracting(KeyMapMatch::lastEventLsn)
                .containsOnlyNulls();
    }

    @Test
    void tellsOfARowThatGotAnotherKey() {
        api.commit(2_000, memo(1, "a"));
        api.commit(3_000, rekeyed(memo(2, "a"), "{\"id\":1}", remove("memo", "", "Memo", Map.of("id", "1"))));

        assertThat(bySource(2_500L, source("memo", "{\"id\":1}"), source("memo", "{\"id\":2}")))
                .extracting(match -> match.mappings().getFirst().current() + " " + match.lastEventLsn())
                .containsExactly("false " + lsn(3_000), "true " + lsn(3_000));
    }

    private static ChangeWrites rekeyed(ChangeWrites change, String formerKey, ChangeWrites removal) {
        return new ChangeWrites(
                0,
                change.sourceTable(),
                change.sourceKey(),
                formerKey,
                change.operation(),
                change.digest(),
                true,
                List.of(removal.writes().getFirst(), change.writes().getFirst()));
    }

    @Test
    void namesWhatIsWrong() {
        problem(ProblemType.MALFORMED_REQUEST, () -> lookup(null, List.of(), List.of()));
        problem(
                ProblemType.MALFORMED_REQUEST,
                () -> lookup(null, List.of(source("memo", "{}")), List.of(target("Memo", "{}"))));
        problem(
                ProblemType.MALFORMED_REQUEST,
                () -> lookup(null, Collections.nCopies(5_001, source("memo", "{\"id\":1}")), List.of()));
        problem(ProblemType.MALFORMED_REQUEST, () -> bySource(null, source("nothing", "{\"id\":1}")));
        problem(ProblemType.MALFORMED_REQUEST, () -> bySource(null, source("memo", "\0")));
        problem(ProblemType.MODEL_UNKNOWN, () -> byTarget(null, target("Nothing", "{\"id\":1}")));
        problem(
                ProblemType.POSITION_BEHIND,
                () -> api.service()
                        .lookup(new KeyMapLookup(List.of(source("memo", "{}")), List.of(), lsn(9_000), null)));
        api.reset();
        problem(ProblemType.WINDOW_NOT_OPEN, () -> bySource(null, source("memo", "{\"id\":1}")));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void findsBothSidesByTheirIndexes(boolean analyzed) {
        api.fillKeyMap(20_000);
        if (analyzed) {
            api.target().execute("analyze shadow.pk_map");
        }
        List<String> keys =
                IntStream.range(0, 1_000).mapToObj("{\"id\":%d}"::formatted).toList();

        String bySource = api.plan(
                KeyMapReads.BY_SOURCE, SqlArrays.text(Collections.nCopies(1_000, "app.memo")), SqlArrays.text(keys));
        String byTarget = api.plan(
                KeyMapReads.BY_TARGET, SqlArrays.text(Collections.nCopies(1_000, "Memo")), SqlArrays.text(keys));

        assertThat(bySource).contains("using pk_map_pkey on pk_map").doesNotContain("Seq Scan", "Bitmap");
        assertThat(byTarget).contains("using pk_map_target on pk_map").doesNotContain("Seq Scan", "Bitmap");
    }
}
