package io.shadowwrite.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Not for ever, and then with the way out. */
@Timeout(30)
class PatienceTest {

    private final AtomicInteger requests = new AtomicInteger();

    @Test
    void anApiThatIsAwayForLongerIsNotWaitedForAndTheFixIsNamed() {
        Patience patience = new Patience(Duration.ofSeconds(1), "see its log, and repeat");

        assertThatThrownBy(() -> patience.call(this::isAway))
                .isInstanceOf(ShadowProblem.class)
                .hasMessageContaining("within 1 s; see its log, and repeat");
        assertThat(requests).hasValueGreaterThan(1);
    }

    @Test
    void anApiThatComesBackAnswers() throws InterruptedException {
        Patience patience = new Patience(Duration.ofSeconds(20), "see its log, and repeat");

        assertThat(patience.call(() -> requests.get() < 2 ? isAway() : "answer"))
                .isEqualTo("answer");
    }

    @Test
    void aRefusalIsTheCallersAtOnce() {
        Patience patience = new Patience(Duration.ofSeconds(20), "see its log, and repeat");

        assertThatThrownBy(() -> patience.call(() -> {
                    requests.incrementAndGet();
                    throw new ShadowProblem(ProblemType.BROKEN_INVARIANT, "decided already");
                }))
                .hasMessageContaining("decided already");
        assertThat(requests).hasValue(1);
    }

    private String isAway() {
        requests.incrementAndGet();
        throw new ShadowProblem(ProblemType.TARGET_UNAVAILABLE, "nobody there");
    }
}
