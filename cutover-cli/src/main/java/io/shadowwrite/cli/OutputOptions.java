package io.shadowwrite.cli;

import io.shadowwrite.protocol.Envelope;
import java.io.PrintWriter;
import java.util.function.Consumer;
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

    /** Says what came of a command: as an envelope to machines, as a table to people. */
    void tell(Console console, Envelope envelope, Consumer<PrintWriter> table) {
        PrintWriter out = console.out();
        if (json()) {
            Output.json(out, envelope);
        } else {
            table.accept(out);
            out.flush();
        }
    }
}
