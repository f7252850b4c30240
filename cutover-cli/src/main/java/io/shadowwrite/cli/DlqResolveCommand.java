package io.shadowwrite.cli;

import io.shadowwrite.protocol.BehindDecision;
import io.shadowwrite.protocol.Envelope;
import io.shadowwrite.protocol.ExitCode;
import io.shadowwrite.protocol.LetterSelection;
import io.shadowwrite.protocol.LetterState;
import io.shadowwrite.protocol.ResolveRequest;
import io.shadowwrite.protocol.ResolveResult;
import io.shadowwrite.protocol.SelectionResolve;
import io.shadowwrite.protocol.ShadowApi;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Gives letters up: their changes are never applied, so nothing is given up that was not counted first. */
@Command(
        name = "resolve",
        description = {
            "Gives dead letters up; their changes are never applied.",
            "By number, or by query with the number of letters that 'dlq replay --dry-run' counts for it."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Exit code: 0 when they are given up, 13 when the numbers are not those that were found."})
final class DlqResolveCommand implements Callable<Integer> {

    @Mixin
    Console console = new Console();

    @Mixin
    OutputOptions output = new OutputOptions();

    @Mixin
    ApiOptions api = new ApiOptions();

    @Mixin
    LetterQuery query = new LetterQuery();

    @Mixin
    DecisionOptions decision = new DecisionOptions();

    @Parameters(paramLabel = "LETTER", arity = "0..1", description = "Number of a letter.")
    @Nullable Long letter;

    @Option(
            names = "--count",
            description = "How many open letters match the query; with any other number nothing happens.")
    @Nullable Integer count;

    @Option(names = "--behind", description = "What becomes of letters that wait behind: ${COMPLETION-CANDIDATES}.")
    BehindDecision.@Nullable Choice behind;

    @Option(names = "--behind-count", description = "How many those are, as 'dlq show' says.")
    @Nullable Integer behindCount;

    @Override
    public Integer call() {
        if ((letter == null) != query.narrows()) {
            throw CommandFailed.usage("name a letter or a query; one of them");
        }
        BehindDecision waiting = waiting();
        ShadowApi connected = api.connectAsOperator();
        ResolveResult result = letter != null
                ? connected.resolve(letter, new ResolveRequest(decision.who, decision.reason, waiting))
                : resolveMatching(connected, waiting);
        tell(result);
        return ExitCode.DONE.code();
    }

    private @Nullable BehindDecision waiting() {
        if ((behind == null) != (behindCount == null)) {
            throw CommandFailed.usage("--behind and --behind-count belong together");
        }
        return behind == null || behindCount == null ? null : new BehindDecision(behind, behindCount);
    }

    private ResolveResult resolveMatching(ShadowApi connected, @Nullable BehindDecision waiting) {
        if (count == null) {
            throw CommandFailed.usage("say with --count how many letters are to be given up");
        }
        LetterSelection selection = connected.select(query.filter(LetterState.OPEN));
        if (selection.more() || selection.count() != count) {
            throw new CommandFailed(
                    ExitCode.REFUSED,
                    "%s%d open letter(s) match, not %d; nothing was given up. Look at them with 'dlq list'%s"
                            .formatted(
                                    selection.more() ? "more than " : "",
                                    selection.count(),
                                    count,
                                    selection.more() ? " and narrow the query" : ""),
                    null);
        }
        return connected.resolveSelection(
                selection.id(), new SelectionResolve(selection.count(), decision.who, decision.reason, waiting));
    }

    private void tell(ResolveResult result) {
        String summary =
                "%d given up, %d that waited behind them still wait".formatted(result.resolved(), result.open());
        output.tell(
                console,
                new Envelope(Envelope.VERSION, "dlq resolve", "DONE", summary, result, List.of(), List.of()),
                out -> out.println(summary));
    }
}
