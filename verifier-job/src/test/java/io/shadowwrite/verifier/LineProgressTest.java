package io.shadowwrite.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.verification.progress.Step;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineProgressTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private long nanos = 5;
    private final LineProgress progress =
            new LineProgress(new PrintStream(bytes, true, StandardCharsets.UTF_8), () -> nanos);

    private List<String> lines() {
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    @Test
    void tellsEveryStepInALineThatBeginsWithItsName() {
        progress.step(Step.PIN_HELD, "");
        pass(Duration.ofMillis(1_200));
        progress.step(Step.PIN_SOURCE, "at 0/16B3748\nand more");

        assertThat(lines()).containsExactly("step pin.held 0.0s", "step pin.source 1.2s at 0/16B3748 and more");
    }

    @Test
    void tellsRowsRateAndTimeLeftOnceInAWhile() {
        progress.step(Step.COMPARE, "2 comparison(s)");
        progress.expect(Step.COMPARE, 600);
        progress.expect(Step.COMPARE, 400);
        pass(Duration.ofSeconds(1));
        progress.rows(Step.COMPARE, 100);
        pass(Duration.ofSeconds(1));
        progress.rows(Step.COMPARE, 100);
        progress.rows(Step.COMPARE, 50);

        assertThat(lines())
                .containsExactly(
                        "step compare 0.0s 2 comparison(s)", "rows compare 200 of about 1000, 100/s, about 8 s left");
    }

    @Test
    void countsEveryTickByItself() {
        for (int tick = 0; tick < 2; tick++) {
            progress.step(Step.PIN_BEGIN, "");
            progress.expect(Step.COMPARE, 1_000);
            progress.step(Step.COMPARE, "");
            pass(LineProgress.PAUSE);
            progress.rows(Step.COMPARE, 200);
        }

        assertThat(lines().getLast()).isEqualTo("rows compare 200 of about 1000, 100/s, about 8 s left");
    }

    @Test
    void promisesNoTimeWhenItDoesNotKnowHowManyRowsThereAre() {
        progress.step(Step.DRILL, "");
        pass(LineProgress.PAUSE);
        progress.rows(Step.DRILL, 10);
        progress.expect(Step.COMPARE, 5);
        pass(LineProgress.PAUSE);
        progress.rows(Step.COMPARE, 10);

        assertThat(lines()).containsExactly("step drill 0.0s", "rows drill 10, 5/s", "rows compare 10 of about 5, 5/s");
    }

    @Test
    void saysThatItGoesOnWhenNothingWasToldForAWhile() {
        progress.remind();
        progress.step(Step.COMPARE, "");
        progress.expect(Step.COMPARE, 500);
        pass(LineProgress.QUIET.minusMillis(1));
        progress.remind();
        pass(Duration.ofMillis(1));
        progress.remind();
        progress.remind();
        progress.step(Step.VERDICT, "CLEAN");

        assertThat(lines())
                .containsExactly(
                        "step compare 0.0s", "still compare 10.0s, about 500 rows", "step verdict 10.0s CLEAN");
    }

    @Test
    void everyStepIsOnThePage() throws IOException {
        String page = Files.readString(Path.of("../docs/architecture.md"));

        assertThat(Arrays.stream(Step.values()).map(step -> "`" + step.id() + "`"))
                .allSatisfy(name -> assertThat(page).contains(name));
    }

    @Test
    void namesOfStepsAreFitForScripts() {
        assertThat(Arrays.stream(Step.values()).map(Step::id))
                .allSatisfy(id -> assertThat(id).matches("[a-z]+(\\.[a-z]+)*"))
                .doesNotHaveDuplicates();
    }
}
