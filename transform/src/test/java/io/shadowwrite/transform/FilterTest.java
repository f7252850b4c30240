package io.shadowwrite.transform;

import static io.shadowwrite.transform.Fixture.apply;
import static io.shadowwrite.transform.Fixture.insert;
import static io.shadowwrite.transform.Fixture.row;
import static io.shadowwrite.transform.Fixture.update;
import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilterTest {

    @ParameterizedTest
    @CsvSource({
        "bigint, 9, <, 10, true",
        "bigint, -9, <, -10, false",
        "numeric, 1.00, =, 1, true",
        "numeric, 1.00, <>, 1, false",
        "numeric, 9.5, >=, 10, false",
        "text, Z, <, a, true",
        "text, ab, >, a, true",
        "text, '', <, a, true",
        "character(4), 'A   ', =, A, true",
        "date, 2026-02-01, >, 2026-01-31, true",
        "date, 12026-01-01, >, 2026-01-31, true",
        "date, infinity, >, 2026-01-31, true",
        "date, -infinity, <, 2026-01-31, true",
        "date, 0044-03-15 BC, <, 0001-01-01, true",
        "timestamp with time zone, 2026-01-31 10:00:00.000001+00, >, 2026-01-31T10:00:00Z, true",
        "timestamp without time zone, 2026-01-31 10:00:00, >=, 2026-01-31T10:00:00Z, true",
        "timestamp without time zone, infinity, =, infinity, true",
        "boolean, true, =, true, true",
        "uuid, 00000000-0000-7000-8000-00000000abcd, =, 00000000-0000-7000-8000-00000000abcd, true",
        "s.color, red, <>, green, true"
    })
    void comparisonFollowsTheTypesOrder(String type, String value, String operator, String constant, boolean expected) {
        String filter = "{\"column\": \"c\", \"op\": \"%s\", \"value\": \"%s\"}".formatted(operator, constant);

        assertThat(holds(type, filter, value)).isEqualTo(expected);
        assertThat(holds(type, filter, null)).isFalse();
    }

    @Test
    void charactersBeyondTheBasicPlaneComeLast() {
        String filter = "{\"column\": \"c\", \"op\": \">\", \"value\": \"\\uffff\"}";

        assertThat(holds("text", filter, "\ud83d\ude00")).isTrue();
        assertThat(holds("text", filter, "\ue000")).isFalse();
    }

    @Test
    void inHoldsForEachOfItsValues() {
        String filter = "{\"column\": \"c\", \"op\": \"in\", \"values\": [1, 2]}";

        assertThat(holds("numeric", filter, "2.0")).isTrue();
        assertThat(holds("numeric", filter, "3")).isFalse();
        assertThat(holds("numeric", filter, null)).isFalse();
    }

    @Test
    void nullTestsTellNullFromEmpty() {
        assertThat(holds("text", "{\"column\": \"c\", \"op\": \"is null\"}", ""))
                .isFalse();
        assertThat(holds("text", "{\"column\": \"c\", \"op\": \"is null\"}", null))
                .isTrue();
        assertThat(holds("text", "{\"column\": \"c\", \"op\": \"is not null\"}", ""))
                .isTrue();
    }

    @Test
    void allNeedsEachPartAndAnyNeedsOne() {
        String parts =
                "{\"column\": \"c\", \"op\": \">\", \"value\": 1}, {\"column\": \"c\", \"op\": \"<\", \"value\": 5}";

        assertThat(holds("bigint", "{\"all\": [" + parts + "]}", "3")).isTrue();
        assertThat(holds("bigint", "{\"all\": [" + parts + "]}", "7")).isFalse();
        assertThat(holds("bigint", "{\"any\": [" + parts + "]}", "7")).isTrue();
        assertThat(holds("bigint", "{\"any\": [" + parts + "]}", null)).isFalse();
    }

    @Test
    void knownPartDecidesBesideOneThatWasNotSent() {
        Transformer transformer = transformer("text", """
                {"all": [{"column": "c", "op": "=", "value": "x"}, {"column": "id", "op": ">", "value": 5}]}
                """);

        assertThat(apply(transformer, update("s.row", row("id", "1"), row("id", "1")))
                        .writes())
                .isEmpty();
    }

    private static boolean holds(String type, String filter, @Nullable String value) {
        return !apply(transformer(type, filter), insert("s.row", row("id", "1", "c", value)))
                .writes()
                .isEmpty();
    }

    private static Transformer transformer(String type, String filter) {
        return new Transformer(Fixture.contract("""
                {"version": 1, "name": "t",
                 "models": {"M": {"kind": "crud", "table": "t.m", "key": ["id"], "columns": {"id": "bigint"}}},
                 "sources": {
                   "s.row": {"columns": {"id": "bigint", "c": "%s"}, "key": ["id"], "identity": "default",
                     "filter": %s,
                     "writes": [{"model": "M", "key": {"id": {"column": "id"}}, "set": {}}]}}}
                """.formatted(type, filter)));
    }
}
