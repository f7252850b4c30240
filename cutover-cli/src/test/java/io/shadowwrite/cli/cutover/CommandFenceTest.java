package io.shadowwrite.cli.cutover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shadowwrite.testsupport.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    void endsWhatTheCommandStartedToo() throws IOException {
        Path pid = Files.createTempFile("fence", ".pid");
        CommandFence fence = of("sleep 600 & echo $! > " + pid + "; wait", Duration.ofSeconds(5));

        assertThatThrownBy(fence::engage).isInstanceOf(CutoverBlocked.class);

        long started = Long.parseLong(Files.readString(pid).strip());
        Await.until(
                "what it started is gone",
                Duration.ofSeconds(30),
                () -> ProcessHandle.of(started).filter(ProcessHandle::isAlive).isEmpty());
    }

    @Test
    void saysBeforehandThatACommandCannotBeStarted() throws InterruptedException {
        CommandFence fence = new CommandFence(List.of("/no/such/program"), Duration.ofSeconds(5));

        assertThat(fence.objection()).contains("/no/such/program");
    }
}
