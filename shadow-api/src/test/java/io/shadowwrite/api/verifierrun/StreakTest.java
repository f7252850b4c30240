package io.shadowwrite.api.verifierrun;

import static io.shadowwrite.api.TestApi.lsn;
import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.api.TestApi;
import io.shadowwrite.protocol.GapPolicy;
import io.shadowwrite.protocol.RunStart;
import io.shadowwrite.protocol.TickClock;
import io.shadowwrite.protocol.Verdict;
import io.shadowwrite.protocol.VerifierRun;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The run of clean hours, derived from stored runs. A case is what is stored, in that order: the hour and its verdict, C clean,
 * D dirty, I inconclusive, B begun and under way, K begun and killed long ago, L left out after it
 * had begun; "-" is a run of mode cutover and of no hour.
 */
class StreakTest {

    private static final Instant MIDNIGHT = Instant.parse("2026-11-01T00:00:00Z");

    private final TestApi api = TestApi.shared();

    @BeforeEach
    void openWindow() {
        api.open();
        api.conserved();
    }

    @ParameterizedTest(name = "{0} is {1} where a gap resets, {2} where it holds")
    @CsvSource({
        // Nothing, and hours in a row
        "'',                           0, 0",
        "1C,                           1, 1",
        "1C 2C 3C,                     3, 3",
        "3C 1C 2C,                     3, 3",
        // A dirty hour breaks it, whatever the policy
        "1D,                           0, 0",
        "1C 2C 3D,                     0, 0",
        "1C 2D 3C 4C,                  2, 2",
        "1C 2D 4C 5C,                  2, 2",
        "1D 2C 3D 4C,                  1, 1",
        // A missed hour
        "1C 2C 4C,                     1, 3",
        "1C 3C 4C 5C,                  3, 4",
        "1C 3C 5C,                     1, 3",
        "1C 3D 5C 6C,                  2, 2",
        // An inconclusive hour
        "1I,                           0, 0",
        "1C 2I,                        0, 1",
        "1C 2I 3C,                     1, 2",
        "1I 2C 3C,                     2, 2",
        "1C 2D 3I 4C,                  1, 1",
        "1C 2I 4I 5C 6C,               2, 3",
        // An inconclusive run leaves its hour to a later one, and takes it from none
        "1C 2I 2C 3C,                  3, 3",
        "1C 2I 2I 2C,                  2, 2",
        "1C 2C 2I,                     2, 2",
        "1C 2I 2D,                     0, 0",
        "1C 2D 2I,                     0, 0",
        "1C 2I 2D 3C,                  1, 1",
        // A second verdict on an hour counts for no hour, but a finding is one against all that was judged before
        "1C 2C 2C,                     2, 2",
        "1C 2C 2C 3C,                  3, 3",
        "1C 2D 2C,                     0, 0",
        "1C 2D 2C 3C,                  1, 1",
        "1C 2C 2D,                     0, 0",
        "1C 2C 2D 3C 4C,               2, 2",
        "1C 2C 3C 2D,                  0, 0",
        "1C 2C 2D 2C,                  0, 0",
        // Runs of no hour
        "1C -D 2C,                     2, 2",
        "1C -I -C 2C,                  2, 2",
        // Runs that began: under way they do not count, killed they are inconclusive
        "1B,                           0, 0",
        "1C 2B,                        1, 1",
        "1C 2K,                        0, 1",
        "1C 2K 3C,                     1, 2",
        "1C 2K 2C 3C,                  3, 3",
        "1C 2K 2D 3C,                  1, 1",
        "1C 2C 2B,                     2, 2",
        "1C 2C 2K,                     2, 2",
        "1C 2B 3C,                     1, 2",
        // Left out after it had begun: no verdict on its hour, which is missing only once the next one is there
        "1C 2L,                        1, 1",
        "1C 2L 2C 3C,                  3, 3",
        "1C 2L 3C,                     1, 2",
    })
    void countsHours(String runs, int reset, int hold) {
        for (String run : runs.isEmpty() ? List.<String>of() : List.of(runs.split(" "))) {
            store(run.substring(0, 1), run.charAt(1));
        }

        assertThat(under(GapPolicy.RESET)).isEqualTo(reset);
        assertThat(under(GapPolicy.HOLD)).isEqualTo(hold);
    }

    private int under(GapPolicy policy) {
        api.target().execute("update shadow.backfill_state set gap_policy = '%s'".formatted(policy));
        return api.service().status().streak();
    }

    private void store(String hour, char what) {
        switch (what) {
            case 'C' -> store(hour, Verdict.CLEAN);
            case 'D' -> store(hour, Verdict.DIRTY);
            case 'I' -> store(hour, Verdict.INCONCLUSIVE);
            case 'B' -> begin(hour);
            case 'L' -> store(begin(hour), "hourly", null, Verdict.INCONCLUSIVE);
            case 'K' -> {
                UUID killed = begin(hour);
                api.target()
                        .execute("update shadow.verifier_run set recorded_at = recorded_at - interval '61 minutes'"
                                + " where run_id = '" + killed + "'");
            }
            default -> throw new IllegalArgumentException("no such run: " + what);
        }
    }

    private UUID begin(String hour) {
        UUID id = UUID.randomUUID();
        api.service().startRun(new RunStart(id, "hourly", instant(hour), TickClock.SOURCE, instant(hour)));
        return id;
    }

    private void store(String hour, Verdict verdict) {
        boolean tick = !hour.equals("-");
        store(UUID.randomUUID(), tick ? "hourly" : "cutover", tick ? instant(hour) : null, verdict);
    }

    private void store(UUID id, String mode, @Nullable Instant hour, Verdict verdict) {
        Instant now = Instant.parse("2026-11-20T00:00:00Z");
        api.service()
                .storeRun(new VerifierRun(
                        id,
                        mode,
                        hour,
                        TickClock.SOURCE,
                        "barrier",
                        lsn(2_000),
                        now,
                        now,
                        verdict,
                        "a reason",
                        0,
                        List.of(),
                        0,
                        List.of(),
                        List.of()));
    }

    private static Instant instant(String hour) {
        return MIDNIGHT.plus(Duration.ofHours(Integer.parseInt(hour)));
    }
}
