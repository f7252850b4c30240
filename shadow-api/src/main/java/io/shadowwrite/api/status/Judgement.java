package io.shadowwrite.api.status;

import io.shadowwrite.protocol.Conservation;
import io.shadowwrite.protocol.Criterion;
import io.shadowwrite.protocol.Hold;
import io.shadowwrite.protocol.ReaderPosition;
import io.shadowwrite.protocol.TickClock;
import io.shadowwrite.protocol.UnconservedTransaction;
import io.shadowwrite.protocol.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The four criteria and what stands against a cutover; a pure function of the facts. */
final class Judgement {

    /** A tick is due every hour and has one to finish in. */
    private static final int OLDEST_TICK_HOURS = 2;

    /** Behind both readers; the count comes along every second. */
    private static final long MOST_UNCOUNTED_BYTES = 1L << 30;

    private static final String UNDECIDED = "no comparison has come to a verdict yet, or the latest did not";

    private static final String CUT =
            "the latest run found more than it kept; mend what it names, and run the verifier again";

    private final Facts facts;

    Judgement(Facts facts) {
        this.facts = facts;
    }

    List<Criterion> criteria() {
        return List.of(events(), equality(), run(), replays());
    }

    private Criterion events() {
        String question = "Did the consumer see and apply the same events as the independent reader saw?";
        if (!isConserved()) {
            return new Criterion("SC1", question, false, unconserved());
        }
        if (isUndecided()) {
            return new Criterion("SC1", question, null, UNDECIDED);
        }
        if (!isCounted()) {
            return new Criterion(
                    "SC1",
                    question,
                    null,
                    "what became of the changes is not counted yet in %d bytes that both readers have stored"
                            .formatted(facts.uncountedBytes()));
        }
        if (facts.receiptMismatches() == 0 && facts.findingsCut()) {
            return new Criterion("SC1", question, null, CUT);
        }
        return new Criterion(
                "SC1",
                question,
                facts.receiptMismatches() == 0,
                "%d events attested by the latest run, %d receipt window(s) differ"
                        .formatted(facts.eventsAttested(), facts.receiptMismatches()));
    }

    /** Whether the latest run says anything; it may be that of a cutover which nobody is waiting for any more. */
    private boolean hasVerdict() {
        return facts.lastRun() != null && facts.lastRun().verdict() != Verdict.INCONCLUSIVE;
    }

    /** Receipts that differ differ, also where the rest came to no verdict. */
    private boolean isUndecided() {
        return !hasVerdict() && facts.receiptMismatches() == 0;
    }

    private boolean isCounted() {
        return facts.uncountedBytes() <= MOST_UNCOUNTED_BYTES;
    }

    /** Whether nothing is known to be missing; a range that was not counted yet says nothing against it. */
    private boolean isConserved() {
        return facts.conservation() == null
                || !Boolean.FALSE.equals(facts.conservation().holds());
    }

    private String unconserved() {
        Conservation conservation = Objects.requireNonNull(facts.conservation());
        UnconservedTransaction first = Objects.requireNonNull(conservation.firstUnconserved());
        return "of %d source transaction(s) not every change has exactly one disposition, first of the one committed at %s (%s)"
                .formatted(conservation.unconservedTransactions(), first.commitLsn(), first.detail());
    }

    private Criterion equality() {
        String question = "With writers paused and the pipeline drained, are the two databases equal?";
        return facts.cutoverVerdict() == null
                ? new Criterion("SC2", question, null, "judged at cutover")
                : new Criterion(
                        "SC2",
                        question,
                        facts.cutoverVerdict().equals(Verdict.CLEAN.name()),
                        "the latest comparison at cutover was " + facts.cutoverVerdict());
    }

    private Criterion run() {
        String question = "Have the hourly comparisons been clean long enough?";
        if (facts.tickAgeHours() == null) {
            return new Criterion("SC3", question, null, "no hour has been judged yet");
        }
        boolean recent = Math.abs(facts.tickAgeHours()) <= OLDEST_TICK_HOURS;
        return new Criterion(
                "SC3",
                question,
                recent && facts.streak() >= facts.requiredTicks(),
                "%d of %d clean%s hours in a row%s"
                        .formatted(
                                facts.streak(),
                                facts.requiredTicks(),
                                facts.tickClock() == TickClock.SIMULATED ? " SIMULATED" : "",
                                recent ? "" : ", but the youngest is %d hours old".formatted(facts.tickAgeHours())));
    }

    private Criterion replays() {
        String question = "If events are retried or replayed, is the final state the same?";
        if (!hasVerdict()) {
            return new Criterion("SC4", question, null, UNDECIDED);
        }
        if (facts.duplicates() == 0 && facts.findingsCut()) {
            return new Criterion("SC4", question, null, CUT);
        }
        return new Criterion(
                "SC4",
                question,
                facts.duplicates() == 0,
                "every event is applied under a unique key; the latest run found %d key(s) with two current versions"
                        .formatted(facts.duplicates()));
    }

    /** What to say when nothing stands against a cutover. */
    String readiness() {
        return switch (facts.tickClock()) {
            case SOURCE -> "every criterion that can be judged before cutover is met";
            case SIMULATED -> "every criterion is met by the hours of a SIMULATED clock: a demonstration, and no proof";
        };
    }

    String nextWhenReady() {
        return switch (facts.tickClock()) {
            case SOURCE -> "pause the writers and cut over";
            case SIMULATED -> "cut over as a demonstration; for a proof open a window on the source's clock";
        };
    }

    /** What stands against a cutover, most urgent first, each with what to do. */
    List<Obstacle> obstacles() {
        List<Obstacle> obstacles = new ArrayList<>();
        for (ReaderPosition reader : facts.readers()) {
            if (reader.state().startsWith("HALTED")) {
                obstacles.add(new Obstacle(
                        "%s is %s: %s".formatted(reader.side(), reader.state(), reader.reason()),
                        "follow docs/runbook.md for the reason, then restart the reader"));
            }
        }
        Hold hold = facts.hold();
        if (hold != null && hold.kind() == Hold.Kind.LOAD) {
            obstacles.add(new Obstacle(
                    "the window is still being loaded; nothing of the stream is applied yet",
                    "wait for ./shadow backfill run; ./shadow backfill status shows how far it is"));
        }
        if (hold != null && hold.kind() == Hold.Kind.GATE && !hold.ofCutover()) {
            obstacles.add(new Obstacle(
                    "the consumer is held by " + hold.holder(), "end the pause: ./shadow resume --reason R"));
        }
        if (facts.openDeadLetters() > 0) {
            obstacles.add(new Obstacle(
                    "%d dead letter(s) are open".formatted(facts.openDeadLetters()), "replay or resolve them"));
        }
        for (Criterion criterion : criteria()) {
            if (!criterion.code().equals("SC2") && !Boolean.TRUE.equals(criterion.met())) {
                obstacles.add(new Obstacle("%s: %s".formatted(criterion.code(), criterion.detail()), step(criterion)));
            }
        }
        return obstacles;
    }

    private String step(Criterion criterion) {
        if (criterion.code().equals("SC1") && !isConserved()) {
            return "follow docs/runbook.md#not-conserved";
        }
        if (criterion.code().equals("SC1") && !isUndecided() && !isCounted()) {
            return "follow docs/runbook.md#conservation-lag";
        }
        return criterion.met() == null
                ? "run the verifier, and keep it running every hour"
                : "look at the findings of the latest run (GET /shadow/verifier/runs)";
    }

    /** One reason not to cut over. */
    record Obstacle(String reason, String step) {}
}
