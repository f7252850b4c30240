package io.shadowwrite.cli;

import picocli.CommandLine.Command;

/** The end of a migration, or of a window that is given up. */
@Command(
        name = "decommission",
        description = "Shows what a migration left in both databases, removes it, and proves that nothing is left.",
        mixinStandardHelpOptions = true,
        subcommands = {DecommissionPlanCommand.class, DecommissionExecuteCommand.class, DecommissionCheckCommand.class})
final class DecommissionCommand {}
