package io.shadowwrite.cli;

import io.shadowwrite.protocol.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Prints what the runbook says; asks nobody. */
@Command(
        name = "explain",
        description =
                "Says what an alarm, a problem, a verdict or another heading of the runbook means, and what to do.",
        mixinStandardHelpOptions = true)
final class ExplainCommand implements Callable<Integer> {

    @Mixin
    Console console = new Console();

    @Parameters(
            paramLabel = "NAME",
            description = "As it was told: NOT_COUNTED, value_mismatch, conservation-lag, Cutover.")
    String name = "";

    @Override
    public Integer call() {
        Runbook runbook = Runbook.packaged();
        String section = runbook.section(name)
                .orElseThrow(() -> CommandFailed.usage("the runbook has no heading '%s'; it has %s"
                        .formatted(name, String.join(", ", runbook.like(name)))));
        console.out().println(section);
        console.out().flush();
        return ExitCode.DONE.code();
    }
}
