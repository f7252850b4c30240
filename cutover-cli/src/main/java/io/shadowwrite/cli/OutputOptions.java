package io.shadowwrite.cli;

import picocli.CommandLine.Option;

/** For people or for machines. */
final class OutputOptions {

    @Option(
            names = "--output",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).",
            defaultValue = "TABLE")
    Output output = Output.TABLE;

    @Option(names = "--json", description = "The same as --output=json.")
    boolean json;

    boolean json() {
        return json || output == Output.JSON;
    }
}
