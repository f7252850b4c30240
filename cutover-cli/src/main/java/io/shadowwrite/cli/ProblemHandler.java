package io.shadowwrite.cli;

import io.shadowwrite.protocol.ExitCode;
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
        ExitCode exit =
                failure instanceof ShadowProblem problem ? problem.type().exitCode() : ExitCode.UNEXPECTED;
        return exit.code();
    }
}
