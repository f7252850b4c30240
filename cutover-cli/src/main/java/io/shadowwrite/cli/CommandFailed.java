package io.shadowwrite.cli;

import io.shadowwrite.protocol.ExitCode;
import org.jspecify.annotations.Nullable;

/** A command that ended without its result, for a reason that the user can do something about. */
final class CommandFailed extends RuntimeException {

    private final ExitCode code;

    CommandFailed(ExitCode code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** What was typed makes no sense. */
    static CommandFailed usage(String message) {
        return new CommandFailed(ExitCode.USAGE, message, null);
    }

    ExitCode code() {
        return code;
    }
}
