package io.shadowwrite.cli;

import picocli.CommandLine.Command;

/** What has to do with the contract file itself. */
@Command(
        name = "contract",
        description = "Drafts, checks and compares contracts.",
        mixinStandardHelpOptions = true,
        subcommands = {InitCommand.class, ValidateCommand.class, DiffCommand.class})
final class ContractCommand {}
