package io.shadowwrite.transform;

import static io.shadowwrite.transform.Fixture.apply;
import static io.shadowwrite.transform.Fixture.insert;
import static io.shadowwrite.transform.Fixture.oneColumn;
import static io.shadowwrite.transform.Fixture.row;
import static io.shadowwrite.transform.Fixture.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionTest {

    @ParameterizedTest
    @CsvSource({
        "numeric(12;4), numeric(12;2), 1.2350, 1.24",
        "numeric(12;4), numeric(12;2), -1.2350, -1.24",
        "numeric, numeric, 1e3, 1000",
        "text, bigint, +007, 7",
        "text, boolean, Yes, true",
        "bigint, numeric(9;2), 5, 5.00",
        "timestamp with time zone, text, 2026-01-01 10:00:00.5+00, 2026-01-01T10:00:00.500000Z",
        "character(5), text, 'ab   ', ab",
        "bytea, bytea, 00ff, \\x00ff",
        "text, character varying(3), 'abc  ', abc",
        "text, date, 2026-01-31, 2026-01-31",
        "text, timestamp without time zone, 2026-01-31, 2026-01-31T00:00:00.000000Z",
        "text, uuid, 00000000-0000-7000-8000-00000000ABCD, 00000000-0000-7000-8000-00000000abcd"
    })
    void copyIsSpelledAsTheTargetTypeSpellsIt(String sourceType, String targetType, String value, String expected) {
        String from = sourceType.replace(';', ',');
        String to = targetType.replace(';', ',');
        String cast = from.equals(to) ? "" : ", \"cast\": \"" + to + "\"";

        assertThat(value(from, to, "{\"column\": \"c\"" + cast + "}", value)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00000000-0000-7000-8000-00000000abc",
                "00000000-0000-7000-8000-00000000abcde",
                "000000000000-7000-8000-00000000abcd0",
                "00000000-0000-7000-8000-00000000abcg"
            })
    void textThatIsNoUuidIsRefused(String text) {
        assertThatThrownBy(() -> value("text", "uuid", "{\"column\": \"c\", \"cast\": \"uuid\"}", text))
                .isInstanceOf(TransformProblem.class)
                .hasMessageContaining("not a uuid");
    }

    @Test
    void nullStaysNull() {
        assertThat(value("text", "text", "{\"lower\": {\"column\": \"c\"}}", null))
                .isNull();
        assertThat(value("bigint", "numeric(9,2)", "{\"scale\": {\"of\": {\"column\": \"c\"}, \"power\": -2}}", null))
                .isNull();
        assertThat(value(
                        "text",
                        "text",
                        "{\"map\": {\"of\": {\"column\": \"c\"}, \"entries\": {\"A\": \"B\"}, \"default\": \"x\"}}",
                        null))
                .isNull();
    }

    @Test
    void trimTakesSpacesOnly() {
        assertThat(value("text", "text", "{\"trim\": {\"column\": \"c\"}}", "  \ta\u00a0 b\n  "))
                .isEqualTo("\ta\u00a0 b\n");
        assertThat(value("text", "text", "{\"trim\": {\"column\": \"c\"}}", "   "))
                .isEmpty();
    }

    @Test
    void caseChangesAsciiLettersOnly() {
        assertThat(value("text", "text", "{\"lower\": {\"column\": \"c\"}}", "AZ\u00c4\u0130[@"))
                .isEqualTo("az\u00c4\u0130[@");
        assertThat(value("text", "text", "{\"upper\": {\"column\": \"c\"}}", "az\u00e4\u00df{`"))
                .isEqualTo("AZ\u00e4\u00df{`");
    }

    @ParameterizedTest
    @CsvSource({
        "5, -2, 0.05",
        "1.50, -2, 0.0150",
        "1.50, 2, 150.00",
        "0, -2, 0.00",
        "-12345, -2, -123.45",
        "1e20, 1, 1000000000000000000000",
    })
    void scaleIsExact(String value, int power, String expected) {
        String expression = "{\"scale\": {\"of\": {\"column\": \"c\"}, \"power\": %d}}".formatted(power);

        assertThat(value("numeric", "numeric", expression, value)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-15 12:00:00, 2026-01-15T11:00:00.000000Z",
        "2026-07-15 12:00:00.123456, 2026-07-15T10:00:00.123456Z",
        // The clock goes from 02:00 to 03:00.
        "2026-03-29 02:30:00, 2026-03-29T01:30:00.000000Z",
        // 02:30 happens twice.
        "2026-10-25 02:30:00, 2026-10-25T01:30:00.000000Z",
        "infinity, infinity",
        "12026-01-15 12:00:00, 12026-01-15T11:00:00.000000Z",
        // Berlin's mean time is 53:28 ahead of Greenwich.
        "0001-01-01 00:53:28, 0001-01-01T00:00:00.000000Z"
    })
    void zoneReadsLocalTime(String local, String expected) {
        String expression = "{\"zone\": {\"of\": {\"column\": \"c\"}, \"name\": \"Europe/Berlin\"}}";

        assertThat(value("timestamp without time zone", "timestamp with time zone", expression, local))
                .isEqualTo(expected);
    }

    @Test
    void zoneRefusesWhatBeginsBeforeTheFirstYear() {
        String expression = "{\"zone\": {\"of\": {\"column\": \"c\"}, \"name\": \"Europe/Berlin\"}}";

        assertThatThrownBy(() -> value(
                        "timestamp without time zone", "timestamp with time zone", expression, "0001-01-01 00:53:27"))
                .isInstanceOf(TransformProblem.class)
                .hasMessageContaining("not a timestamp");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "`{\"a\": {\"b\": \"x\\u00e9\\n\"}}`, `x\u00e9\n`",
                "`{\"a\": {\"b\": 1.50}}`, 1.50",
                "`{\"a\": {\"b\": 1.5E3}}`, 1500",
                "`{\"a\": {\"b\": -0.0}}`, 0.0",
                "`{\"a\": {\"b\": true}}`, true",
                "`{\"a\": {\"b\": 1}, \"a\": {\"b\": 2}}`, 2",
                "`{\"a\": {\"b\": null}}`,",
                "`{\"a\": {\"b\": {}}}`,",
                "`{\"a\": {\"b\": [1]}}`,",
                "`{\"a\": [{\"b\": 1}]}`,",
                "`{\"b\": 1}`,",
                "`[]`,",
                "`\"a\"`,"
            })
    void jsonFieldIsAScalarOrNull(String document, @Nullable String expected) {
        String expression = "{\"json_field\": {\"column\": \"c\", \"path\": [\"a\", \"b\"]}}";

        assertThat(value("json", "text", expression, document)).isEqualTo(expected);
    }

    @Test
    void jsonPathCountsElementsFromEitherEnd() {
        String expression = "{\"json_field\": {\"column\": \"c\", \"path\": [\"%s\"]}}";

        assertThat(value("jsonb", "text", expression.formatted("1"), "[1, [2], 3]"))
                .isNull();
        assertThat(value("jsonb", "text", expression.formatted("2"), "[1, [2], 3]"))
                .isEqualTo("3");
        assertThat(value("jsonb", "text", expression.formatted("-3"), "[1, [2], 3]"))
                .isEqualTo("1");
        assertThat(value("jsonb", "text", expression.formatted("-4"), "[1, [2], 3]"))
                .isNull();
        assertThat(value("jsonb", "text", expression.formatted("x"), "[1, [2], 3]"))
                .isNull();
    }

    @Test
    void jsonPassesAsWritten() {
        assertThat(value("json", "json", "{\"column\": \"c\"}", "{\"b\":2, \"a\":1,\"a\":3}"))
                .isEqualTo("{\"b\":2, \"a\":1,\"a\":3}");
    }

    @Test
    void mapGivesTheEntryOrTheDefault() {
        String map = "{\"map\": {\"of\": {\"column\": \"c\"}, \"entries\": {\"A\": \"active\"}, \"default\": %s}}";

        assertThat(value("text", "text", map.formatted("\"x\""), "A")).isEqualTo("active");
        assertThat(value("text", "text", map.formatted("\"x\""), "B")).isEqualTo("x");
        assertThat(value("text", "text", map.formatted("null"), "B")).isNull();
    }

    @Test
    void coalesceTakesTheFirstThatIsNotNull() {
        String coalesce = "{\"coalesce\": [{\"column\": \"c\"}, {\"column\": \"d\"}, {\"constant\": \"z\"}]}";

        assertThat(value("text", "text", coalesce, "")).isEmpty();
        assertThat(value("text", "text", coalesce, null)).isEqualTo("d");
    }

    @Test
    void coalesceStopsBeforeAColumnThatWasNotSent() {
        String coalesce = "{\"coalesce\": [{\"column\": \"c\"}, {\"column\": \"d\"}]}";
        Transformer transformer = oneColumn("text", "text", coalesce);

        assertThat(values(transformer, "c", "x")).isEqualTo(Map.of("v", "x"));
        assertThat(values(transformer, "d", "x")).isEmpty();
    }

    @Test
    void concatLeavesOutNullAndItsSeparator() {
        String concat =
                "{\"concat\": [{\"column\": \"c\"}, {\"constant\": null}, {\"column\": \"d\"}], \"separator\": \", \"}";

        assertThat(value("text", "text", concat, "c")).isEqualTo("c, d");
        assertThat(value("text", "text", concat, "")).isEqualTo(", d");
        assertThat(value("text", "text", concat, null)).isEqualTo("d");
    }

    @Test
    void constantIsTheSameForEveryRow() {
        assertThat(value("text", "numeric(9,2)", "{\"constant\": 2}", "c")).isEqualTo("2.00");
        assertThat(value("text", "boolean", "{\"constant\": true}", "c")).isEqualTo("true");
        assertThat(value("text", "uuid", "{\"constant\": null}", "c")).isNull();
    }

    private static @Nullable String value(
            String sourceType, String targetType, String expression, @Nullable String value) {
        Transformer transformer = oneColumn(sourceType, targetType, expression);
        return apply(transformer, insert("s.row", row("id", "1", "c", value, "d", "d")))
                .writes()
                .getFirst()
                .values()
                .get("v");
    }

    private static Map<String, @Nullable String> values(Transformer transformer, String sent, @Nullable String value) {
        return apply(transformer, update("s.row", row("id", "1", sent, value), row("id", "1")))
                .writes()
                .getFirst()
                .values();
    }
}
