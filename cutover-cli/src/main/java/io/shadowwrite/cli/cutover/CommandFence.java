package io.shadowwrite.cli.cutover;

import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A program of yours pauses the writers: it is called with {@code engage}, {@code status} or {@code release}, ends with 0
 * when that is done (for status: when writers are paused), and may be called again with the same word.
 *
 * @param command the program and its first arguments
 * @param bound after which it is killed, and has failed
 */
public record CommandFence(List<String> command, Duration bound) implements Fence {

    private static final File NOTHING = new File("/dev/null");

    public CommandFence {
        command = List.copyOf(command);
        if (command.isEmpty()) {
            throw new IllegalArgumentException("a command has at least one word");
        }
    }

    @Override
    public String kind() {
        return "command";
    }

    @Override
    public String would() {
        return "run '%s engage', and 'release' when the attempt is undone".formatted(String.join(" ", command));
    }

    /** Whatever it answers: that it can be started is all that can be known before. */
    @Override
    public @Nullable String objection() throws InterruptedException {
        try {
            run("status");
            return null;
        } catch (IOException e) {
            return "the fence command does not work: " + e.getMessage();
        }
    }

    @Override
    public @Nullable String strange() {
        return null;
    }

    @Override
    public String engage() throws InterruptedException {
        try {
            int code = run("engage");
            if (code != 0) {
                throw new CutoverBlocked("FENCE", "the fence command ended 'engage' with " + code);
            }
            int standing = run("status");
            if (standing != 0) {
                throw new CutoverBlocked(
                        "FENCE", "the fence command says with %d that writers are not paused".formatted(standing));
            }
            return "the command says that writers are paused";
        } catch (IOException e) {
            throw new CutoverBlocked("FENCE", "the fence command does not work: " + e.getMessage());
        }
    }

    @Override
    public void release() throws InterruptedException {
        try {
            int code = run("release");
            if (code != 0) {
                throw new FenceStays(
                        "the fence command ended 'release' with %d: writers may stay paused".formatted(code), null);
            }
        } catch (IOException e) {
            throw new FenceStays("the fence command does not work, writers may stay paused: " + e.getMessage(), e);
        }
    }

    private int run(String word) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(command);
        all.add(word);
        Process process = new ProcessBuilder(all)
                .redirectInput(ProcessBuilder.Redirect.from(NOTHING))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            if (process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS)) {
                return process.exitValue();
            }
            throw new IOException("'%s' did not end within %ds".formatted(word, bound.toSeconds()));
        } finally {
            // First what it started: left alone it would go on, and pause writers after they were let go.
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
