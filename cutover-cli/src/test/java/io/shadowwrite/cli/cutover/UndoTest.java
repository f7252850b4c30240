package io.shadowwrite.cli.cutover;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UndoTest {

    private final Undo undo = new Undo();
    private final List<String> done = new ArrayList<>();

    @AfterEach
    void isNotToldToEndAnyMore() {
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void goesOnAfterWhatFails() {
        boolean fence = undo.each("the fence", () -> {
            throw new IllegalStateException("it stays");
        });
        boolean hold = undo.each("the hold", () -> done.add("hold"));

        assertThat(undo.over()).containsExactly("the fence: it stays");
        assertThat(fence).isFalse();
        assertThat(hold).isTrue();
        assertThat(done).containsExactly("hold");
    }

    @Test
    void beginsAgainWhatBeingToldToEndBrokeOff() {
        undo.each("the fence", () -> {
            done.add("fence");
            if (done.size() == 1) {
                throw new InterruptedException();
            }
        });
        undo.each("the hold", () -> done.add("hold"));

        assertThat(undo.over()).isEmpty();
        assertThat(done).containsExactly("fence", "fence", "hold");
        assertThat(Thread.interrupted()).as("it is told again in the end").isTrue();
    }

    @Test
    void waitsForEachPartThoughItWasToldToEndBefore() {
        Thread.currentThread().interrupt();

        undo.each("the hold", () -> {
            Thread.sleep(1);
            done.add("hold");
        });

        assertThat(undo.over()).isEmpty();
        assertThat(done).containsExactly("hold");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void givesUpWhatIsBrokenOffTwice() {
        undo.each("the fence", () -> {
            throw new InterruptedException();
        });

        assertThat(undo.over()).containsExactly("the fence: interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }
}
