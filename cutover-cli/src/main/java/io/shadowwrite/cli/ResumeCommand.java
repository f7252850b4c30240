package io.shadowwrite.cli;

import io.shadowwrite.protocol.ControlState;
import io.shadowwrite.protocol.Envelope;
import io.shadowwrite.protocol.ExitCode;
import io.shadowwrite.protocol.Hold;
import io.shadowwrite.protocol.ResumeRequest;
import io.shadowwrite.protocol.ShadowApi;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Ends a hold, and nobody else's by accident. */
@Command(
        name = "resume",
        description = "Ends a pause; the hold of a gate or a verifier only when its holder is named.",
        mixinStandardHelpOptions = true,
        footer = {"", "Exit code: 0 when nothing holds any more, 13 when it is not a pause that holds."})
final class ResumeCommand implements Callable<Integer> {

    @Mixin
    Console console = new Console();

    @Mixin
    OutputOptions output = new OutputOptions();

    @Mixin
    ApiOptions api = new ApiOptions();

    @Mixin
    DecisionOptions decision = new DecisionOptions();

    @Option(names = "--holder", description = "Who holds, as 'status' tells it; needed for all but a pause.")
    @Nullable String holder;

    @Override
    public Integer call() {
        ShadowApi connected = api.connectAsOperator();
        Hold hold = connected.controlState().hold();
        if (hold == null) {
            tell("nothing held", connected.controlState());
            return ExitCode.DONE.code();
        }
        if (!hold.holder().equals(holder == null ? pausing(hold) : holder)) {
            throw new CommandFailed(
                    ExitCode.REFUSED,
                    "it is %s that holds; name it with --holder if you are sure".formatted(hold.holder()),
                    null);
        }
        ControlState after = connected.resume(new ResumeRequest(hold.holder()));
        Hold other = after.hold();
        if (other != null) {
            throw new CommandFailed(
                    ExitCode.REFUSED, "meanwhile %s holds; nothing else was ended".formatted(other.holder()), null);
        }
        console.err().printf("%s ends what was held by %s: %s%n", decision.who, hold.holder(), decision.reason);
        tell("resumed", after);
        return ExitCode.DONE.code();
    }

    private static @Nullable String pausing(Hold hold) {
        return hold.holder().startsWith(PauseCommand.HOLDER) ? hold.holder() : null;
    }

    private void tell(String state, ControlState after) {
        String reason = "%s; everything is applied from %s on"
                .formatted(state, after.position().asString());
        output.tell(
                console,
                new Envelope(Envelope.VERSION, "resume", "APPLYING", reason, after, List.of(), List.of()),
                out -> out.println(reason));
    }
}
