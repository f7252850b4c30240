package io.shadowwrite.cli;

import picocli.CommandLine.Command;

/** The gate between the two databases. */
@Command(
        name = "cutover",
        description =
                "Takes the migration from paused writers to a permit to repoint them, and ends there; or undoes that.",
        mixinStandardHelpOptions = true,
        subcommands = {
            CutoverPlanCommand.class,
            CutoverExecuteCommand.class,
            CutoverStatusCommand.class,
            CutoverFinishCommand.class,
            CutoverAbortCommand.class
        })
final class CutoverCommand {}
