package io.shadowwrite.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.concurrent.TimeUnit;

/** Commands of the machine that the tests run on. */
final class HostCommand {

    private static final int NO_SUCH_COMMAND = 127;
    private static final int SECONDS = 60;

    private HostCommand() {}

    static void must(String... words) {
        assertThat(code(words)).as(String.join(" ", words)).isZero();
    }

    /** Its exit code. */
    static int code(String... words) {
        try {
            Process process = new ProcessBuilder(words)
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.DISCARD)
                    .start();
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(words[0] + " does not end");
            }
            return process.exitValue();
        } catch (IOException missing) {
            return NO_SUCH_COMMAND;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
