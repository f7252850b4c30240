package io.shadowwrite.cli;

import picocli.CommandLine.Option;

/** What is kept with everything that a person decides. */
final class DecisionOptions {

    @Option(names = "--reason", required = true, description = "Why; it is kept with the decision.")
    String reason = "";

    @Option(
            names = "--who",
            description = "Who decides; it is kept as well (default: the name of this login).",
            defaultValue = "${sys:user.name}")
    String who = "";
}
