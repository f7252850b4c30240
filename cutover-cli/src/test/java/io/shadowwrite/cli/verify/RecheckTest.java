package io.shadowwrite.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.cli.verify.Recheck.Answer;
import io.shadowwrite.cli.verify.Recheck.Both;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.postgresql.replication.LogSequenceNumber;

class RecheckTest {

    private static final LogSequenceNumber BEFORE = LogSequenceNumber.valueOf(100);

    private final AtomicInteger looks = new AtomicInteger();

    private static @Nullable List<@Nullable String> row(@Nullable String... values) {
        return Arrays.asList(values);
    }

    private static Both both(@Nullable List<@Nullable String> expected, @Nullable List<@Nullable String> found) {
        return new Both(expected, found, found == null ? 0 : 1, BEFORE, LogSequenceNumber.valueOf(99));
    }

    private static Both touched(@Nullable List<@Nullable String> expected, @Nullable List<@Nullable String> found) {
        return new Both(expected, found, 1, BEFORE, BEFORE);
    }

    private Answer run(Both... sides) {
        Iterator<Both> next = List.of(sides).iterator();
        return new Recheck(() -> {
                    looks.incrementAndGet();
                    return next.next();
                })
                .run();
    }

    @Test
    void isDoneAtTheFirstLookThatShowsThemEqual() {
        assertThat(run(both(row("a", null), row("a", null)))).isInstanceOf(Answer.Equal.class);
        assertThat(run(both(null, null))).isInstanceOf(Answer.Equal.class);
        assertThat(looks).hasValue(2);
    }

    @Test
    void believesADifferenceThatStays() {
        Answer answer = run(both(row("a", "x", null), row("a", "y", "")), both(row("a", "x", null), row("a", "y", "")));

        assertThat(answer)
                .isInstanceOfSatisfying(
                        Answer.Differs.class,
                        differs -> assertThat(differs.both().differing()).containsExactly(1, 2));
    }

    @Test
    void believesARowThatIsMissingOrTooMuch() {
        assertThat(run(both(row("a"), null), both(row("a"), null))).isInstanceOf(Answer.Differs.class);
        assertThat(run(both(null, row("a")), both(null, row("a")))).isInstanceOf(Answer.Differs.class);
    }

    @Test
    void seesASecondCurrentRowBesideAnEqualOne() {
        Both twice = new Both(row("a"), row("a"), 2, BEFORE, null);

        assertThat(run(twice, twice)).isInstanceOf(Answer.Differs.class);
    }

    @Test
    void waitsForADifferenceToCalmDown() {
        assertThat(run(both(row("a"), row("b")), both(row("a"), row("c")), both(row("c"), row("c"))))
                .isInstanceOf(Answer.Equal.class);
    }

    @Test
    void decidesNothingOnARowThatIsBeingWritten() {
        Both busy = touched(row("a"), row("b"));

        assertThat(run(busy, busy, busy, busy, busy)).isInstanceOf(Answer.Busy.class);
        assertThat(run(both(row("a"), row("b")), busy, both(row("a"), row("b")), busy, both(row("a"), row("b"))))
                .isInstanceOf(Answer.Busy.class);
        assertThat(looks).hasValue(2 * Recheck.MOST_LOOKS);
    }

    @Test
    void comparesALongValueWithTheBeginningThatTheSourceGives() {
        String text = "ä".repeat(3_000);
        String shortened = "ä".repeat(1_000) + "\u00016000 bytes, MD5 " + "d41d8cd98f00b204e9800998ecf8427e";

        assertThat(both(row(shortened), row(text)).differing()).containsExactly(0);
        assertThat(both(row(text.substring(0, 2_000)), row(text.substring(0, 2_000)))
                        .differing())
                .isEmpty();
    }
}
