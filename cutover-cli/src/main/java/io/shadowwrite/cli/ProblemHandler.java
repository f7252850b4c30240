package io.shadowwrite.cli;

import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** One line on standard error, the envelope on standard output when JSON was asked for, and the exit code. */
final class ProblemHandler implements IExecutionExceptionHandler {

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        command.getErr().println(failure.getMessage());
        if (parsed.hasMatchedOption("--output") && parsed.matchedOptionValue("--output", Output.TABLE) == Output.JSON) {
            String message = String.valueOf(failure.getMessage());
            Output.json(
                    command.getOut(),
                    new Envelope(
                            Envelope.VERSION,
                            command.getCommandName(),
                            "FAILED",
                            message,
                            null,
                            List.of(message),
                            List.of()));
        }
        return failure instanceof ShadowProblem problem ? codeOf(problem.type()).code() : ExitCode.UNEXPECTED.code();
    }

    private static ExitCode codeOf(ProblemType type) {
        return switch (type) {
            case WINDOW_MISMATCH, CONTRACT_MISMATCH, OPTIONS_DRIFT, SOURCE_CHANGED, MALFORMED_REQUEST ->
                ExitCode.INVALID;
            case TOKEN_NOT_CONFIGURED, TOKEN_WRONG, TOKEN_INSUFFICIENT, TARGET_UNAVAILABLE -> ExitCode.UNREACHABLE;
            case NOT_FOUND,
                    METHOD_NOT_ALLOWED,
                    WINDOW_NOT_OPEN,
                    WINDOW_ALREADY_OPEN,
                    EPOCH_FENCED,
                    OUT_OF_ORDER,
                    OUT_OF_TURN,
                    HOLD_TAKEN,
                    MODEL_UNKNOWN,
                    ROW_NOT_FOUND,
                    POSITION_BEHIND,
                    READERS_BUSY,
                    READ_TOO_LONG,
                    VALUE_UNREADABLE,
                    BROKEN_INVARIANT,
                    DEAD_LETTER_UNKNOWN,
                    DEAD_LETTER_STATE,
                    DEAD_LETTER_BLOCKED,
                    DEAD_LETTER_INCOMPLETE,
                    DEAD_LETTERS_BEHIND,
                    DEAD_LETTER_HALTS,
                    DEAD_LETTERS_FULL,
                    CONFIRMATION_STALE,
                    IDEMPOTENCY_CONFLICT,
                    ROW_EXISTS,
                    ROW_MISSING,
                    ROW_PARKED,
                    STALE_WRITE,
                    WRITE_REJECTED,
                    WRITE_TOO_LONG,
                    TARGET_CONFLICT,
                    INTERNAL -> ExitCode.UNEXPECTED;
        };
    }
}
