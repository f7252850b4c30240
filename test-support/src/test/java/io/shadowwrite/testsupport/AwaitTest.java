package io.shadowwrite.testsupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AwaitTest {

    private static final Duration SHORT = Duration.ofMillis(30);

    @Test
    void returnsTheFirstWantedValue() {
        AtomicInteger counter = new AtomicInteger();

        int value = Await.untilValue("three", Duration.ofSeconds(5), counter::incrementAndGet, n -> n == 3);

        assertThat(value).isEqualTo(3);
    }

    @Test
    void namesWhatWasAwaitedAndTheLastValue() {
        assertThatThrownBy(() -> Await.untilValue("the answer", SHORT, () -> 41, n -> n == 42))
                .isInstanceOf(AssertionError.class)
                .hasMessage("Not within PT0.03S: the answer (last value: 41)");
    }

    @Test
    void keepsTheRefusalOfAProbeAsCause() {
        IllegalStateException refusal = new IllegalStateException("connection refused");

        assertThatThrownBy(() -> Await.until("it answers", SHORT, () -> {
                    throw refusal;
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("connection refused")
                .hasCause(refusal);
    }
}
