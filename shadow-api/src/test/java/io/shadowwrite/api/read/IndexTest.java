package io.shadowwrite.api.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.api.database.SqlArrays;
import io.shadowwrite.contract.TargetModel;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a read costs does not grow with the tables: each statement goes by an index, with or without statistics. */
class IndexTest {

    private final ReadApi api = ReadApi.shared();

    @BeforeEach
    void openWindow() {
        api.open();
    }

    private void fill(boolean analyzed) {
        api.fillKeyMap(20_000);
        api.target()
                .execute("""
                insert into lib.memo select g, 'm', false, '2026-01-01', null from generate_series(1, 20000) g
                """, "insert into lib.place select 'c' || g % 10, g, 'p' from generate_series(1, 20000) g");
        if (analyzed) {
            api.target()
                    .execute(
                            "analyze lib.memo",
                            "analyze lib.place",
                            "analyze shadow.event_ledger",
                            "analyze shadow.pk_map");
        }
    }

    private RowSql memoSql() {
        return new RowSql(api.contract().model("Memo"), List.of("id"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void readsPagesInTheOrderOfTheIndex(boolean analyzed) {
        fill(analyzed);
        RowSql memo = memoSql();
        RowSql place = new RowSql(api.contract().model("Place"), List.of("country", "no"));

        assertThat(List.of(
                        api.plan(memo.all()),
                        api.plan(memo.first(), 100),
                        api.plan(memo.after(), "10000", 100),
                        api.plan(place.first(), 100),
                        api.plan(place.after(), "c5", "10000", 100)))
                .allSatisfy(plan -> assertThat(plan).contains("Index Scan").doesNotContain("Seq Scan", "Sort"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void findsRowsByTheIndex(boolean analyzed) {
        fill(analyzed);
        TargetModel.Scd2 model = (TargetModel.Scd2) api.contract().model("Memo");
        RowSql memo = memoSql();
        List<String> keys = IntStream.range(0, 1_000).mapToObj(String::valueOf).toList();

        assertThat(api.plan(memo.byKey(), SqlArrays.text(keys)))
                .contains("using memo_")
                .doesNotContain("Seq Scan");
        assertThat(api.plan(memo.history(model), SqlArrays.text(List.of("7")), 10))
                .contains("using memo_pkey")
                .doesNotContain("Seq Scan", "Sort");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void passesOnceOverARangeOfTheLedger(boolean analyzed) {
        fill(analyzed);
        List<String> keys =
                IntStream.range(0, 1_000).mapToObj("{\"id\":%d}"::formatted).toList();

        String receipts = api.plan(LastEvents.RECEIPTS, "0/3000", "0/F000000", SqlArrays.text(keys));
        String origins = api.plan(LastEvents.ORIGINS, "Memo", SqlArrays.text(keys));
        String touched = api.plan(memoSql().touched(), "0/3000", "0/F000000", "Memo");

        assertThat(receipts)
                .containsPattern("Index Cond: .*side = 1.*commit_lsn >=.*commit_lsn <")
                .containsOnlyOnce("on event_ledger")
                .doesNotContain("Seq Scan");
        assertThat(origins).contains("using pk_map_target").doesNotContain("Seq Scan");
        assertThat(touched)
                .containsOnlyOnce("on event_ledger")
                .contains("using memo_")
                .doesNotContain("Seq Scan");
    }
}
