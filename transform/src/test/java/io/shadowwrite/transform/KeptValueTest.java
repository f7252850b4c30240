package io.shadowwrite.transform;

import static io.shadowwrite.transform.Fixture.apply;
import static io.shadowwrite.transform.Fixture.row;
import static io.shadowwrite.transform.Fixture.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.shadowwrite.replication.Row;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** An update whose row lacks a column that the expression takes; the old key alone is known. */
class KeptValueTest {

    private static final String CONCAT = "{\"concat\": [{\"column\": \"c\"}, {\"column\": \"d\"}]}";
    private static final String COALESCE = "{\"coalesce\": [{\"trim\": {\"column\": \"c\"}}, {\"column\": \"d\"}]}";
    private static final String WITH_KEY =
            "{\"concat\": [{\"column\": \"id\", \"cast\": \"text\"}, {\"column\": \"c\"}]}";
    private static final Row KEY = row("id", "1");

    @Test
    void isKeptWhenNothingOfItWasSent() {
        assertThat(values(CONCAT, KEY)).isEmpty();
        assertThat(values(COALESCE, KEY)).isEmpty();
    }

    @Test
    void mayBeStaleWhenAnotherPartWasSent() {
        assertParked(CONCAT, row("id", "1", "c", "x"));
        assertParked(CONCAT, row("id", "1", "d", "x"));
        assertParked(CONCAT, row("id", "1", "d", null));
    }

    @Test
    void isKeptWhenAPartThatCannotBeNullComesFirst() {
        assertThat(values(COALESCE, row("id", "1", "d", "x"))).isEmpty();
    }

    @Test
    void mayBeStaleWhenAPartBeforeItBecameNull() {
        assertParked(COALESCE, row("id", "1", "c", null));
    }

    @Test
    void mayBeStaleWhenThePartBeforeItIsLookedUpInWhatWasNotSent() {
        assertParked("""
                {"coalesce": [{"map": {"of": {"column": "c"}, "entries": {"a": "b"}, "default": null}}, {"column": "d"}]}
                """, row("id", "1", "d", "x"));
    }

    @Test
    void isKeptBesideAKeyThatStayed() {
        assertThat(values(WITH_KEY, row("id", "1", "d", "x"))).isEmpty();
    }

    @Test
    void isStaleBesideAKeyThatChanged() {
        assertParked(WITH_KEY, row("id", "2", "d", "x"));
    }

    @Test
    void isNotNeededWhereTheOldRowIsSent() {
        Row old = row("id", "1", "c", "a", "d", "b");

        assertThat(apply(transformer(CONCAT), update("s.row", row("id", "1", "c", "x"), old))
                        .writes()
                        .getFirst()
                        .values())
                .isEqualTo(Map.of("v", "xb"));
    }

    private static void assertParked(String expression, Row after) {
        TransformProblem problem = catchThrowableOfType(TransformProblem.class, () -> values(expression, after));

        assertThat(problem.code()).isEqualTo(TransformProblem.Code.VALUE_PARTLY_UNCHANGED);
        assertThat(problem.parkable()).isTrue();
        assertThat(problem)
                .hasMessageContaining("column v of model M takes [")
                .hasMessageContaining("REPLICA IDENTITY FULL");
    }

    private static Map<String, @Nullable String> values(String expression, Row after) {
        return apply(transformer(expression), update("s.row", after, KEY))
                .writes()
                .getLast()
                .values();
    }

    private static Transformer transformer(String expression) {
        return Fixture.oneColumn("text", "text", expression);
    }
}
