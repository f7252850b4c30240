package io.shadowwrite.system.quickstart;

import io.shadowwrite.protocol.FindingClass;
import io.shadowwrite.protocol.FindingSummary;
import io.shadowwrite.protocol.RunSummary;
import io.shadowwrite.protocol.Verdict;
import io.shadowwrite.system.suite.Chaos;
import io.shadowwrite.system.suite.Program;
import io.shadowwrite.system.traffic.TrafficReport;
import io.shadowwrite.testsupport.Await;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The validation window: a letter that is settled, a fault that is caught, hours that are judged, and much traffic. That comes
 * after most of the hours, because each of them compares everything.
 */
final class Validation {

    private static final Duration DRAINED_WITHIN = Duration.ofMinutes(4);
    private static final Duration PARKED_WITHIN = Duration.ofMinutes(1);
    private static final double CHAOS_CHANGES_PER_SECOND = 2_500;

    private final Stage stage;
    private final Steps steps;

    Validation(Stage stage) {
        this.stage = stage;
        this.steps = stage.steps();
    }

    void run() {
        steps.phase(3, "validation window");
        settleALetter();
        stage.hours().expect(Verdict.CLEAN, "the first simulated hour");
        catchAFault();
        stage.hours().expectClean(stage.options().hours());
        stream();
        stage.underTraffic(() -> stage.hours().expect(Verdict.CLEAN, "one hour more, under traffic"));
        drain();
    }

    /** At full speed, unless chaos must strike every daemon. */
    private void stream() {
        long started = System.nanoTime();
        long before = stage.traffic().changes();
        double pace = stage.options().chaos() ? CHAOS_CHANGES_PER_SECOND : Double.POSITIVE_INFINITY;
        CompletableFuture<TrafficReport> burst =
                Stage.inBackground(() -> stage.traffic().run(stage.options().changes(), pace, () -> false));
        if (stage.options().chaos()) {
            chaos(burst);
        }
        burst.join();
        long written = stage.traffic().changes() - before;
        steps.say("%,d row changes written in %.1f s".formatted(written, seconds(started)));
        drain();
        steps.say("all of them in the target after %.1f s: %,.0f changes/s end to end"
                .formatted(seconds(started), written / seconds(started)));
    }

    private static double seconds(long sinceNanos) {
        return (System.nanoTime() - sinceNanos) / 1e9;
    }

    private void chaos(CompletableFuture<TrafficReport> traffic) {
        Chaos chaos = Chaos.start(stage.suite(), stage.options().seed());
        try (chaos) {
            traffic.join();
        }
        steps.say("chaos killed with -9: %s".formatted(chaos.kills()));
        stage.suite().awaitApi();
        steps.step("stream again after chaos", "read the logs in " + stage.directory(), stage.suite()::awaitStreaming);
    }

    void drain() {
        steps.step(
                "drain both readers",
                "read %s and %s"
                        .formatted(
                                stage.suite().log(Program.CONSUMER),
                                stage.suite().log(Program.SLOT_READER)),
                () -> stage.suite().awaitDrained(DRAINED_WITHIN));
    }

    private void settleALetter() {
        PlantedLetter planted = PlantedLetter.plant(stage.source(), stage.target());
        steps.say("planted: the target refuses one source row");
        steps.step("settle the dead letter", "look at ./shadow dlq list", () -> {
            Await.until(
                    "a dead letter is open",
                    PARKED_WITHIN,
                    () -> stage.suite().api().status().openDeadLetters() == 1);
            drain();
            Operator.Answer listed = stage.operator().asks("dlq", "list").mustEndWith(0);
            steps.say("dlq list: " + listed.line(planted.key()).strip());
            planted.mend(stage.target());
            Operator.Answer replayed = stage.operator()
                    .asks("dlq", "replay", "--table=partners.tag", "--reason=the rule in the target was wrong")
                    .mustEndWith(0);
            steps.say("dlq replay: " + replayed.lines().getLast());
            if (!planted.arrived(stage.target())) {
                throw new IllegalStateException("the row did not come to the target");
            }
        });
    }

    private void catchAFault() {
        PlantedFault fault = PlantedFault.plant(stage.contract(), stage.target());
        steps.say("planted: one value of %s.%s changed in the target"
                .formatted(fault.model().name(), fault.column()));
        RunSummary dirty = stage.hours().expect(Verdict.DIRTY, "verify after the planted fault");
        List<FindingSummary> findings = stage.suite()
                .api()
                .findings(dirty.runId(), 10, null, null, null)
                .findings();
        boolean named = findings.size() == 1
                && findings.getFirst().findingClass() == FindingClass.VALUE_MISMATCH
                && findings.getFirst().model().equals(fault.model().name())
                && findings.getFirst().columns().equals(List.of(fault.column()));
        if (!named) {
            throw new Steps.StepFailed(
                    "name the planted fault",
                    "compare the findings of run " + dirty.runId(),
                    new IllegalStateException("found " + findings.size() + " finding(s) instead of the planted one"));
        }
        FindingSummary finding = findings.getFirst();
        steps.say("found: %s in %s, key %s, column %s; the run of clean hours is %d again"
                .formatted(
                        finding.findingClass(),
                        finding.model(),
                        finding.targetKey(),
                        finding.columns(),
                        stage.suite().api().status().streak()));
        fault.repair(stage.target());
        steps.say("repaired");
    }
}
