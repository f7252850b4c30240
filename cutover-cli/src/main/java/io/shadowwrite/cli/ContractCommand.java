package io.shadowwrite.cli;

import picocli.CommandLine.Command;

/** What has to do with the contract file itself. */
@Command(
        name = "contract",
        description = "Drafts and checks contracts.",
        mixinStandardHelpOptions = true,
        subcommands = {InitCommand.class, ValidateCommand.class})
final class ContractCommand {}
