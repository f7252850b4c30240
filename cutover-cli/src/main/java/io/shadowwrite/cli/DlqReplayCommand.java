package io.shadowwrite.cli;

import io.shadowwrite.protocol.Envelope;
import io.shadowwrite.protocol.ExitCode;
import io.shadowwrite.protocol.LetterOutcome;
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
import java.util.concurrent.TimeUnit;
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

    @Option(
            names = "--rate",
            paramLabel = "LETTERS",
            description = "Most letters to try in a second, for a query (default: as fast as it goes).")
    @Nullable Integer rate;

    /**
     * What came of it.
     *
     * @param matched letters that were asked for
     * @param replayed letters that were applied now; those behind a letter that was asked for by number are among them
     * @param waiting letters that still wait behind those asked for by number
     * @param stops the letters at which it ended, and why
     * @param letters what has become of each that the query matched; none for those asked for by number
     */
    record Outcome(int matched, int replayed, int waiting, List<ReplayStop> stops, List<LetterOutcome> letters) {

        boolean complete() {
            return waiting == 0 && stops.isEmpty();
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        boolean byQuery = all || query.narrows();
        if (letters.isEmpty() != byQuery) {
            throw CommandFailed.usage("name letters, or a query, or --all; one of them");
        }
        if (dryRun && !byQuery) {
            throw CommandFailed.usage("--dry-run is for a query; 'dlq show LETTER' says what waits behind a letter");
        }
        if (rate != null && (rate < 1 || !byQuery)) {
            throw CommandFailed.usage("--rate is at least 1, and for a query or --all");
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
        return new Outcome(letters.size(), replayed, waiting, stops, List.of());
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
    private Outcome replayMatching(ShadowApi connected) throws InterruptedException {
        int matched = 0;
        int replayed = 0;
        List<LetterOutcome> outcomes = new ArrayList<>();
        for (int selections = 0; selections < MOST_SELECTIONS; selections++) {
            LetterSelection selection = connected.select(query.filter(LetterState.OPEN));
            matched += selection.count();
            if (dryRun || selection.count() == 0) {
                return new Outcome(matched, replayed, 0, List.of(), outcomes);
            }
            SelectionResult result = replay(connected, selection);
            replayed += result.replayed();
            outcomes.addAll(result.outcomes());
            if (!selection.more() || !result.stops().isEmpty() || result.replayed() == 0) {
                return new Outcome(matched, replayed, 0, result.stops(), outcomes);
            }
        }
        throw new CommandFailed(
                ExitCode.DIRTY, "%d applied, and more match again and again; run it again".formatted(replayed), null);
    }

    /** All of a selection, in parts when it shall not go faster than asked for. */
    private SelectionResult replay(ShadowApi connected, LetterSelection selection) throws InterruptedException {
        int replayed = 0;
        List<ReplayStop> stops = new ArrayList<>();
        List<LetterOutcome> outcomes = new ArrayList<>();
        @Nullable Integer from = 0;
        // Every part goes on by one letter at least, so this ends.
        while (from != null) {
            long began = System.nanoTime();
            SelectionResult part = connected.replaySelection(
                    selection.id(), new SelectionReplay(selection.count(), decision.who, decision.reason, from, rate));
            replayed += part.replayed();
            stops.addAll(part.stops());
            outcomes.addAll(part.outcomes());
            console.err()
                    .printf(
                            "%d of %d letter(s) tried, %d applied%s%n",
                            part.next() == null ? selection.count() : part.next(),
                            selection.count(),
                            replayed,
                            selection.more() ? ", more match" : "");
            from = part.next();
            if (from != null) {
                TimeUnit.NANOSECONDS.sleep(TimeUnit.SECONDS.toNanos(1) - (System.nanoTime() - began));
            }
        }
        return new SelectionResult(replayed, stops, outcomes, null);
    }

    private void tell(Outcome outcome) {
        String summary = dryRun
                ? "%d letter(s) match, at least; nothing was applied".formatted(outcome.matched())
                : "%d applied, %d refused, %d still wait"
                        .formatted(outcome.replayed(), outcome.stops().size(), outcome.waiting());
        output.tell(
                console,
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
                        List.of()),
                out -> {
                    outcome.stops()
                            .forEach(stop ->
                                    out.printf("letter %d  %s: %s%n", stop.letter(), stop.problem(), stop.detail()));
                    out.println(summary);
                });
    }
}
