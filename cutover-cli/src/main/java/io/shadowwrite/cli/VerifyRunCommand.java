package io.shadowwrite.cli;

import io.shadowwrite.protocol.ExitCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Unmatched;

/** The verifier is a program of its own, which the launcher starts instead of this one; here only its start is told. */
@Command(
        name = "run",
        description = "Runs one verification: ./shadow verify run starts the verifier job.",
        mixinStandardHelpOptions = true)
final class VerifyRunCommand implements Callable<Integer> {

    @Mixin
    Console console = new Console();

    /** Those of the verifier job, which knows them. */
    @Unmatched
    List<String> options = new ArrayList<>();

    @Override
    public Integer call() {
        console.err().println("""
                        The verifier is a program of its own. Start it with
                          ./shadow verify run %s --shadow.contract.location=FILE --shadow.migration-id=ID \\
                            --shadow.api.url=URL --shadow.source.url=URL --shadow.source.user=USER \\
                            --shadow.target.url=URL --shadow.target.user=USER
                        or its image with the same options.""".formatted(options.isEmpty() ? "--mode=hourly" : String.join(" ", options)));
        console.err().flush();
        return ExitCode.USAGE.code();
    }
}
