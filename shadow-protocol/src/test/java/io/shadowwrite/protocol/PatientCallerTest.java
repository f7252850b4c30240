package io.shadowwrite.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PatientCallerTest {

    private final List<Duration> pauses = new ArrayList<>();
    private int calls;

    @Test
    void asksAgainUntilThereIsAnAnswer() throws InterruptedException {
        PatientCaller caller = new PatientCaller(pauses::add);

        assertThat(caller.call(() -> failing(4, ProblemType.TARGET_UNAVAILABLE)))
                .isEqualTo("answer");

        assertThat(calls).isEqualTo(5);
        assertThat(pauses).hasSize(4);
    }

    @Test
    void waitsLongerAndLongerButNeverMuchMoreThanFiveSeconds() throws InterruptedException {
        PatientCaller caller = new PatientCaller(time -> {
            pauses.add(time);
            if (pauses.size() == 200) {
                throw new InterruptedException("enough");
            }
        });

        assertThatExceptionOfType(InterruptedException.class)
                .isThrownBy(() -> caller.call(() -> failing(Integer.MAX_VALUE, ProblemType.TARGET_CONFLICT)));

        assertThat(pauses.getFirst()).isLessThan(Duration.ofMillis(200));
        assertThat(pauses.getLast()).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(6));
        assertThat(pauses).allMatch(pause -> pause.compareTo(Duration.ofSeconds(6)) <= 0);
    }

    @Test
    void stopsCallingWhileTheBreakerIsOpen() {
        PatientCaller caller = new PatientCaller(time -> {
            pauses.add(time);
            if (pauses.size() == 50) {
                throw new InterruptedException("enough");
            }
        });

        assertThatExceptionOfType(InterruptedException.class)
                .isThrownBy(() -> caller.call(() -> failing(Integer.MAX_VALUE, ProblemType.TARGET_UNAVAILABLE)));

        assertThat(calls).isEqualTo(10);
    }

    @Test
    void givesUpOnARequestThatMeetsADefectAgainAndAgain() {
        PatientCaller caller = new PatientCaller(pauses::add);

        assertThatExceptionOfType(ShadowProblem.class)
                .isThrownBy(() -> caller.call(() -> failing(Integer.MAX_VALUE, ProblemType.INTERNAL)))
                .matches(problem -> problem.type() == ProblemType.INTERNAL);

        assertThat(calls).isEqualTo(PatientCaller.MOST_DEFECTS);
        assertThat(pauses).hasSize(PatientCaller.MOST_DEFECTS - 1);
    }

    @Test
    void getsPastADefectThatPasses() throws InterruptedException {
        PatientCaller caller = new PatientCaller(pauses::add);

        assertThat(caller.call(() -> failing(PatientCaller.MOST_DEFECTS - 1, ProblemType.INTERNAL)))
                .isEqualTo("answer");
    }

    @Test
    void leavesAProblemThatDoesNotPassToTheCaller() {
        PatientCaller caller = new PatientCaller(pauses::add);

        assertThatExceptionOfType(ShadowProblem.class)
                .isThrownBy(() -> caller.call(() -> failing(1, ProblemType.EPOCH_FENCED)))
                .matches(problem -> problem.type() == ProblemType.EPOCH_FENCED);
        assertThat(pauses).isEmpty();
    }

    @Test
    void oneAttemptMayStayWithoutAnAnswer() {
        PatientCaller caller = new PatientCaller(pauses::add);

        assertThat(caller.once(() -> failing(1, ProblemType.TARGET_UNAVAILABLE)))
                .isEmpty();
        assertThat(caller.once(() -> failing(1, ProblemType.TARGET_UNAVAILABLE)))
                .contains("answer");
    }

    private String failing(int times, ProblemType type) {
        calls++;
        if (calls <= times) {
            throw new ShadowProblem(type, "as the test wants it");
        }
        return "answer";
    }
}
