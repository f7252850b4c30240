package io.shadowwrite.cli;

import io.shadowwrite.protocol.ControlState;
import io.shadowwrite.protocol.Envelope;
import io.shadowwrite.protocol.ExitCode;
import io.shadowwrite.protocol.HaltRequest;
import io.shadowwrite.protocol.Hold;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Takes the hold that has no lease; asked again with the same words it changes nothing. */
@Command(
        name = "pause",
        description = {
            "Lets nothing more be applied until 'resume'. The readers go on receiving, so the source keeps no more WAL",
            "than they have not been able to hand on: do not forget it."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Exit code: 0 when nothing is being applied any more, 13 when somebody else holds."})
final class PauseCommand implements Callable<Integer> {

    /** What tells a person's hold from that of the gate. */
    static final String HOLDER = "pause by ";

    @Mixin
    Console console = new Console();

    @Mixin
    OutputOptions output = new OutputOptions();

    @Mixin
    ApiOptions api = new ApiOptions();

    @Mixin
    DecisionOptions decision = new DecisionOptions();

    @Option(
            names = "--at",
            paramLabel = "LSN",
            description = "Go on up to there: what commits at it or later is not applied (default: nothing more is).",
            converter = LsnConverter.class)
    @Nullable LogSequenceNumber at;

    @Override
    public Integer call() {
        String holder = HOLDER + decision.who + ": " + decision.reason;
        ControlState state = api.connectAsOperator().halt(new HaltRequest(holder, Hold.Kind.GATE, at, null));
        String reason = "nothing that commits at %s or later is applied"
                .formatted((at == null ? state.position() : at).asString());
        List<String> next = List.of("./shadow resume --reason R");

        output.tell(
                console,
                new Envelope(Envelope.VERSION, "pause", "PAUSED", reason, state, List.of(), next),
                out -> out.println("paused: " + reason));
        return ExitCode.DONE.code();
    }
}
