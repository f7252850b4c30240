package io.shadowwrite.cli;

import io.shadowwrite.protocol.ExitCode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The name of a database, typed by a person who knows which migration this is about. */
final class TypedName {

    @Option(
            names = "--source-database",
            paramLabel = "NAME",
            description =
                    "The name of the source's database, or of the target's when the source is gone; asked for on a terminal when it is not given.")
    @Nullable String typed;

    /**
     * Refuses unless the name was typed.
     *
     * @param what whose name it is: "the source's database"
     */
    void require(String what, String database) {
        String answer = typed == null ? ask(what) : typed;
        if (!database.equals(answer)) {
            throw new CommandFailed(
                    ExitCode.REFUSED,
                    answer == null
                            ? "nothing was done: confirm with --source-database and the name of " + what
                            : "nothing was done: '%s' is not the name of %s".formatted(answer, what),
                    null);
        }
    }

    @SuppressWarnings("SystemConsoleNull") // Since JDK 25 it is null again without a terminal.
    private static @Nullable String ask(String what) {
        java.io.Console terminal = System.console();
        return terminal != null && terminal.isTerminal()
                ? terminal.readLine("Type the name of %s to go on: ", what)
                : null;
    }
}
