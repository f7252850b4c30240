package io.shadowwrite.cli;

import io.shadowwrite.protocol.ExitCode;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The verifier is a program of its own, which the launcher starts instead of this one; here only its start is told. */
@Command(
        name = "run",
        description = "Runs one verification: ./shadow verify run starts the verifier job.",
        mixinStandardHelpOptions = true)
final class VerifyRunCommand implements Callable<Integer> {

    @Mixin
    Console console = new Console();

    @Parameters(paramLabel = "OPTION", arity = "0..*", description = "Options of the verifier job.", hidden = true)
    List<String> options = List.of();

    @Override
    public Integer call() {
        console.err().println("""
                        The verifier is a program of its own. Start it with
                          ./shadow verify run --mode=hourly --shadow.contract.location=FILE --shadow.migration-id=ID \\
                            --shadow.api.url=URL --shadow.source.url=URL --shadow.source.user=USER \\
                            --shadow.target.url=URL --shadow.target.user=USER
                        or its image with the same options.""");
        console.err().flush();
        return ExitCode.USAGE.code();
    }
}
