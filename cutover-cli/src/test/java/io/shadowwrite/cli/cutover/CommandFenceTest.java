package io.shadowwrite.cli.cutover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandFenceTest {

    private static CommandFence of(String script, Duration bound) {
        return new CommandFence(List.of("/bin/sh", "-c", script, "fence"), bound);
    }

    private static CommandFence of(String script) {
        return of(script, Duration.ofSeconds(30));
    }

    @Test
    void engagesAndReleasesWhereTheCommandDoes() throws InterruptedException {
        CommandFence fence = of("exit 0");

        assertThat(fence.objection()).isNull();
        fence.engage();
        fence.release();
    }

    @Test
    void doesNotBelieveACommandThatFails() {
        assertThatThrownBy(() -> of("test $1 = status").engage())
                .isInstanceOf(CutoverBlocked.class)
                .hasMessageContaining("'engage' with 1");
        assertThatThrownBy(() -> of("test $1 = engage").engage())
                .isInstanceOf(CutoverBlocked.class)
                .hasMessageContaining("not paused");
        assertThatThrownBy(() -> of("exit 3").release()).isInstanceOf(Fence.FenceStays.class);
    }

    @Test
    void doesNotWaitForACommandThatNeverEnds() {
        assertThatThrownBy(() -> of("exec sleep 600", Duration.ofMillis(200)).engage())
                .isInstanceOf(CutoverBlocked.class)
                .hasMessageContaining("did not end");
    }

    @Test
    void saysBeforehandThatACommandCannotBeStarted() throws InterruptedException {
        CommandFence fence = new CommandFence(List.of("/no/such/program"), Duration.ofSeconds(5));

        assertThat(fence.objection()).contains("/no/such/program");
    }
}
