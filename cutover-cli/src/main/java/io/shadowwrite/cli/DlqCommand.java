package io.shadowwrite.cli;

import picocli.CommandLine.Command;

/** Changes that could not be applied, and what shall become of them. */
@Command(
        name = "dlq",
        description = "Lists dead letters, and corrects, replays or gives them up.",
        mixinStandardHelpOptions = true,
        subcommands = {
            DlqListCommand.class,
            DlqShowCommand.class,
            DlqCorrectCommand.class,
            DlqReplayCommand.class,
            DlqResolveCommand.class
        })
final class DlqCommand {}
