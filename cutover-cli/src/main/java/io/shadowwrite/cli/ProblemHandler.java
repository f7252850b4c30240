package io.shadowwrite.cli;

import io.shadowwrite.cli.draft.TargetProblem;
import io.shadowwrite.contract.ContractProblem;
import io.shadowwrite.contract.InvalidContract;
import io.shadowwrite.protocol.Envelope;
import io.shadowwrite.protocol.ExitCode;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.verification.session.VerificationProblem;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** What is wrong on standard error, the envelope on standard output when JSON was asked for, and the exit code. */
final class ProblemHandler implements IExecutionExceptionHandler {

    private static final Set<StreamProblem.Code> UNREACHABLE = EnumSet.of(
            StreamProblem.Code.CONNECTION_REFUSED,
            StreamProblem.Code.CONNECTION_LOST,
            StreamProblem.Code.DATABASE_MISSING,
            StreamProblem.Code.STALLED,
            StreamProblem.Code.PRIVILEGE);

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        String message = failure instanceof InterruptedException ? "told to end" : String.valueOf(failure.getMessage());
        command.getErr().println(message);
        if (wantsJson(command.getParseResult())) {
            Output.json(
                    command.getOut(),
                    new Envelope(
                            Envelope.VERSION,
                            command.getCommandName(),
                            "FAILED",
                            message,
                            null,
                            failure instanceof InvalidContract invalid
                                    ? invalid.problems().stream()
                                            .map(ContractProblem::toString)
                                            .toList()
                                    : List.of(message),
                            List.of()));
        }
        return codeOf(failure).code();
    }

    /** As the command that failed was told, and not the one above it. */
    private static boolean wantsJson(ParseResult told) {
        return told.hasMatchedOption("--json")
                || (told.hasMatchedOption("--output")
                        && told.matchedOptionValue("--output", Output.TABLE) == Output.JSON);
    }

    private static ExitCode codeOf(Exception failure) {
        return switch (failure) {
            case CommandFailed failed -> failed.code();
            case InvalidContract _ -> ExitCode.INVALID;
            case StreamProblem problem -> codeOf(problem.code());
            case TargetProblem _ -> ExitCode.UNREACHABLE;
            case ShadowProblem problem -> problem.type().exitCode();
            case VerificationProblem _ -> ExitCode.UNREACHABLE;
            default -> ExitCode.UNEXPECTED;
        };
    }

    private static ExitCode codeOf(StreamProblem.Code code) {
        if (code == StreamProblem.Code.SOURCE_ERROR) {
            return ExitCode.UNEXPECTED;
        }
        return UNREACHABLE.contains(code) ? ExitCode.UNREACHABLE : ExitCode.INVALID;
    }
}
