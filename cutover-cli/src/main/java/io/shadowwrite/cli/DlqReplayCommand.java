package io.shadowwrite.cli;

import io.shadowwrite.protocol.Envelope;
import io.shadowwrite.protocol.ExitCode;
import io.shadowwrite.protocol.LetterSelection;
import io.shadowwrite.protocol.LetterState;
import io.shadowwrite.protocol.ReplayRequest;
import io.shadowwrite.protocol.ReplayResult;
import io.shadowwrite.protocol.ReplayStop;
import io.shadowwrite.protocol.SelectionReplay;
import io.shadowwrite.protocol.SelectionResult;
import io.shadowwrite.protocol.ShadowApi;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Applies letters again, in their order; whatever was applied before stays applied once. */
@Command(
        name = "replay",
        description = {
            "Applies dead letters.",
            "By number: a letter and all that wait behind it. By query: those open letters that match, and no others."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Exit code: 0 when nothing of it waits any more, 10 when something was refused or still waits."})
final class DlqReplayCommand implements Callable<Integer> {

    /** Of a thousand letters each; shadow-api parks far fewer before it refuses more. */
    private static final int MOST_SELECTIONS = 1_000;

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

    @Parameters(paramLabel = "LETTER", arity = "0..*", description = "Numbers of letters.")
    List<Long> letters = List.of();

    @Option(names = "--all", description = "Every open letter.")
    boolean all;

    @Option(names = "--dry-run", description = "Only say how many match the query.")
    boolean dryRun;

    /**
     * What came of it.
     *
     * @param matched letters that were asked for
     * @param replayed letters that were applied now; those behind a letter that was asked for by number are among them
     * @param waiting letters that still wait behind those asked for by number
     * @param stops the letters at which it ended, and why
     */
    record Outcome(int matched, int replayed, int waiting, List<ReplayStop> stops) {

        boolean complete() {
            return waiting == 0 && stops.isEmpty();
        }
    }

    @Override
    public Integer call() {
        boolean byQuery = all || query.narrows();
        if (letters.isEmpty() != byQuery) {
            throw CommandFailed.usage("name letters, or a query, or --all; one of them");
        }
        if (dryRun && !byQuery) {
            throw CommandFailed.usage("--dry-run is for a query; 'dlq show LETTER' says what waits behind a letter");
        }
        ShadowApi connected = api.connectAsOperator();
        Outcome outcome = byQuery ? replayMatching(connected) : replayEach(connected);
        tell(outcome);
        return (dryRun || outcome.complete() ? ExitCode.DONE : ExitCode.DIRTY).code();
    }

    private Outcome replayEach(ShadowApi connected) {
        int replayed = 0;
        int waiting = 0;
        List<ReplayStop> stops = new ArrayList<>();
        for (long letter : letters) {
            ReplayResult last = replayChain(connected, letter);
            replayed += last.replayed();
            waiting += last.open();
            if (last.stop() != null) {
                stops.add(last.stop());
            }
            console.err()
                    .printf("letter %d: %s, %d applied, %d wait%n", letter, last.state(), last.replayed(), last.open());
        }
        return new Outcome(letters.size(), replayed, waiting, stops);
    }

    /** One request applies only so many; each that goes on has applied some, so this ends. */
    private ReplayResult replayChain(ShadowApi connected, long letter) {
        ReplayRequest request = new ReplayRequest(decision.who, decision.reason);
        ReplayResult first = connected.replay(letter, request);
        ReplayResult last = first;
        int replayed = first.replayed();
        @Nullable Long next = first.next();
        while (next != null && last.replayed() > 0) {
            last = connected.replay(next, request);
            replayed += last.replayed();
            next = last.next();
        }
        return new ReplayResult(first.state(), replayed, last.open(), last.stop(), next);
    }

    /** A selection is frozen before it is replayed; while it is cut off and something was applied, there is another. */
    private Outcome replayMatching(ShadowApi connected) {
        int matched = 0;
        int replayed = 0;
        for (int selections = 0; selections < MOST_SELECTIONS; selections++) {
            LetterSelection selection = connected.select(query.filter(LetterState.OPEN));
            matched += selection.count();
            if (dryRun || selection.count() == 0) {
                return new Outcome(matched, replayed, 0, List.of());
            }
            SelectionResult result = connected.replaySelection(
                    selection.id(), new SelectionReplay(selection.count(), decision.who, decision.reason));
            replayed += result.replayed();
            console.err()
                    .printf(
                            "%d of %d letter(s) applied%s%n",
                            result.replayed(), selection.count(), selection.more() ? ", more match" : "");
            if (!selection.more() || !result.stops().isEmpty() || result.replayed() == 0) {
                return new Outcome(matched, replayed, 0, result.stops());
            }
        }
        throw new CommandFailed(
                ExitCode.DIRTY, "%d applied, and more match again and again; run it again".formatted(replayed), null);
    }

    private void tell(Outcome outcome) {
        String summary = dryRun
                ? "%d letter(s) match, at least; nothing was applied".formatted(outcome.matched())
                : "%d applied, %d refused, %d still wait"
                        .formatted(outcome.replayed(), outcome.stops().size(), outcome.waiting());
        if (output.json()) {
            Output.json(
                    console.out(),
                    new Envelope(
                            Envelope.VERSION,
                            "dlq replay",
                            dryRun ? "DRY_RUN" : outcome.complete() ? "DONE" : "STOPPED",
                            summary,
                            outcome,
                            outcome.stops().stream()
                                    .map(ReplayStop::problem)
                                    .distinct()
                                    .toList(),
                            List.of()));
            return;
        }
        outcome.stops()
                .forEach(stop ->
                        console.out().printf("letter %d  %s: %s%n", stop.letter(), stop.problem(), stop.detail()));
        console.out().println(summary);
    }
}
