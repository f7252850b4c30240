package io.shadowwrite.cli;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Where the command that mixes this in speaks. */
@Command
final class Console {

    @Spec(Spec.Target.MIXEE)
    @Nullable CommandSpec command;

    /** For data. */
    PrintWriter out() {
        return commandLine().getOut();
    }

    /** For progress and for what is wrong. */
    PrintWriter err() {
        return commandLine().getErr();
    }

    private CommandLine commandLine() {
        if (command == null) {
            throw new IllegalStateException("a command runs only on the command line");
        }
        return command.commandLine();
    }
}
