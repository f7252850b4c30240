package io.shadowwrite.api.start;

import io.shadowwrite.api.problem.SqlProblem;
import io.shadowwrite.protocol.ExitCode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindException;

/** The API cannot start as it is set up; nothing was changed. Printed without a stack trace. */
public final class StartRefused extends RuntimeException {

    private static final int MOST_CAUSES = 50;

    private final ExitCode exitCode;
    private final transient List<String> problems;

    private StartRefused(ExitCode exitCode, String message, List<String> problems, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
        this.problems = List.copyOf(problems);
    }

    /** What is set up cannot work; every problem at once, each with its fix. */
    public static StartRefused invalid(String what, List<String> problems) {
        return new StartRefused(
                ExitCode.INVALID, "%s: %s".formatted(what, String.join("; ", problems)), problems, null);
    }

    public static StartRefused unreachable(String message, Throwable cause) {
        return new StartRefused(ExitCode.UNREACHABLE, message, List.of(message), cause);
    }

    /** Each with its fix. */
    public List<String> problems() {
        return problems;
    }

    /** What the process ends with. */
    public int getExitCode() {
        return exitCode.code();
    }

    /**
     * The exit code that a failure to start stands for; 0 when it is none of ours. Spring Boot's own exit codes do not do:
     * it tells them to listeners that a half-started application cannot build.
     */
    public static int exitCodeIn(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < MOST_CAUSES; depth++) {
            if (cause instanceof StartRefused refused) {
                return refused.getExitCode();
            }
            if (cause instanceof ConfigurationPropertiesBindException) {
                return ExitCode.INVALID.code();
            }
            cause = cause.getCause();
        }
        SqlProblem sql = SqlProblem.of(failure);
        // Whatever of the start it hit: the target went away, and another start may find it again.
        return sql != null && sql.unavailable() ? ExitCode.UNREACHABLE.code() : 0;
    }
}
