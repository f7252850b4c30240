package io.shadowwrite.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The operator's command line; each subcommand is one class. */
@Command(
        name = "shadow",
        description = "Operates a shadow-write migration.",
        mixinStandardHelpOptions = true,
        version = "shadow-write 0.1.0",
        subcommands = {
            StatusCommand.class,
            ContractCommand.class,
            PreflightCommand.class,
            DlqCommand.class,
            PauseCommand.class,
            ResumeCommand.class,
            VerifyCommand.class,
            CutoverCommand.class,
            ExplainCommand.class,
            DecommissionCommand.class
        })
public final class ShadowCommand {

    private ShadowCommand() {}

    /** Runs one command and ends the JVM with its exit code. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new ShadowCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(new ProblemHandler());
    }
}
