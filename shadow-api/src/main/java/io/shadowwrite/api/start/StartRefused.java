package io.shadowwrite.api.start;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ExitCodeGenerator;

/** The API cannot start as it is set up; nothing was changed. Printed without a stack trace. */
public final class StartRefused extends RuntimeException implements ExitCodeGenerator {

    /** Contract or configuration invalid. */
    public static final int INVALID = 3;

    /** Cannot connect, or not allowed to. */
    public static final int UNREACHABLE = 4;

    private final int exitCode;
    private final transient List<String> problems;

    private StartRefused(int exitCode, String message, List<String> problems, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
        this.problems = List.copyOf(problems);
    }

    /** What is set up cannot work; every problem at once, each with its fix. */
    public static StartRefused invalid(String what, List<String> problems) {
        return new StartRefused(INVALID, "%s: %s".formatted(what, String.join("; ", problems)), problems, null);
    }

    public static StartRefused unreachable(String message, Throwable cause) {
        return new StartRefused(UNREACHABLE, message, List.of(message), cause);
    }

    /** Each with its fix. */
    public List<String> problems() {
        return problems;
    }

    @Override
    public int getExitCode() {
        return exitCode;
    }
}
