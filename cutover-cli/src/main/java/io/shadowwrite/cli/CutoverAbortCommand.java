package io.shadowwrite.cli;

import io.shadowwrite.cli.cutover.Abort;
import io.shadowwrite.protocol.Envelope;
import io.shadowwrite.protocol.ExitCode;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Takes a permit away, lets the consumer go on and releases the fence; whatever of it there is. */
@Command(
        name = "abort",
        description = {
            "Undoes an attempt to cut over, also one whose program was killed, and gives a permit back.",
            "Say the same --fence as execute was told. It may be repeated."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Exit code: 0 when nothing of an attempt is left, 1 when something could not be undone."})
final class CutoverAbortCommand implements Callable<Integer> {

    @Mixin
    Console console = new Console();

    @Mixin
    OutputOptions output = new OutputOptions();

    @Mixin
    ApiOptions api = new ApiOptions();

    @Mixin
    DecisionOptions decision = new DecisionOptions();

    @Mixin
    FenceOptions fence = new FenceOptions();

    @ArgGroup(exclusive = false, multiplicity = "0..1", heading = "For --fence=read-only:%n")
    @Nullable SourceOptions source;

    @Override
    public Integer call() throws InterruptedException {
        Abort.Result result =
                new Abort(api.connectAsOperatorBriefly(), fence.fence(source), decision.who, decision.reason).run();
        boolean clean = result.failures().isEmpty();
        String reason =
                result.done().isEmpty() ? "nothing was held and nothing permitted" : String.join("; ", result.done());
        if (output.json()) {
            Output.json(
                    console.out(),
                    new Envelope(
                            Envelope.VERSION,
                            "cutover abort",
                            clean ? "DONE" : "NOT_UNDONE",
                            reason,
                            result,
                            result.failures(),
                            List.of()));
        } else {
            console.out().println(reason);
            result.failures().forEach(each -> console.out().println("NOT UNDONE " + each));
            console.out().flush();
        }
        return (clean ? ExitCode.DONE : ExitCode.UNEXPECTED).code();
    }
}
