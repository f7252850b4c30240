package io.shadowwrite.cli;

import io.shadowwrite.cli.cutover.Abort;
import io.shadowwrite.cli.cutover.PausedWriters;
import io.shadowwrite.protocol.Envelope;
import io.shadowwrite.protocol.ExitCode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Takes a permit away, lets the consumer go on and releases the fence; whatever of it there is. */
@Command(
        name = "abort",
        description = {
            "Undoes an attempt to cut over, also one whose program was killed, and gives a permit back.",
            "Say the same --fence as execute was told. It may be repeated. For a permit the name of the source's database",
            "has to be typed: the consumer goes on, and applies what the source was written since."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Exit code: 0 when nothing of an attempt is left, 1 when something could not be undone, 13 when the cutover is",
            "finished, or when the name typed is another."
        })
final class CutoverAbortCommand implements Callable<Integer> {

    private static final Duration ANSWER_BOUND = Duration.ofSeconds(30);

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

    @ArgGroup(exclusive = false, multiplicity = "0..1", heading = "For a permit, and for --fence=read-only:%n")
    @Nullable SourceOptions source;

    @Mixin
    TypedName name = new TypedName();

    @Override
    public Integer call() throws SQLException, InterruptedException {
        Abort abort = new Abort(api.connectAsOperatorBriefly(), fence.fence(source), decision.who, decision.reason);
        LogSequenceNumber permit = abort.permit();
        if (permit != null) {
            ask(permit);
        }
        Abort.Result result = abort.run(permit);
        boolean clean = result.failures().isEmpty();
        String reason = result.done().isEmpty()
                ? "nothing was held, nothing permitted, and no fence is known to stand"
                : String.join("; ", result.done());
        output.tell(
                console,
                new Envelope(
                        Envelope.VERSION,
                        "cutover abort",
                        clean ? "DONE" : "NOT_UNDONE",
                        reason,
                        result,
                        result.failures(),
                        List.of()),
                out -> {
                    out.println(reason);
                    result.failures().forEach(each -> out.println("NOT UNDONE " + each));
                });
        return (clean ? ExitCode.DONE : ExitCode.UNEXPECTED).code();
    }

    /** An attempt without a permit has allowed nobody anything; after a permit only a person knows where writers write. */
    private void ask(LogSequenceNumber permit) throws SQLException {
        if (source == null) {
            throw CommandFailed.usage(
                    "a permit holds the consumer, and is not given back without the name of the source's database: --source-url and --source-user are needed");
        }
        console.err()
                .printf(
                        "A permit is taken away: whatever the source was written from %s on is applied to the target now, also over what writers have written there. Before that every writer has to be back on the source; if one is not, finish.%n",
                        permit.asString());
        console.err().flush();
        try (Connection control = source.connection().openBounded("shadow-cutover", ANSWER_BOUND)) {
            name.require("the source's database", new PausedWriters(control).database());
        }
    }
}
