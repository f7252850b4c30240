package io.shadowwrite.verifier;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.shadowwrite.protocol.Envelope;
import io.shadowwrite.protocol.Finding;
import io.shadowwrite.protocol.ModelCoverage;
import io.shadowwrite.protocol.TickClock;
import io.shadowwrite.protocol.Verdict;
import io.shadowwrite.protocol.VerifierRun;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Tells a person or a script what a run found. Row values appear only when they are asked for. */
final class Report {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String COMMAND = "verify run";
    private static final int MOST_FINDINGS_IN_TABLE = 50;

    private final PrintStream out;
    private final boolean images;

    Report(PrintStream out, boolean images) {
        this.out = out;
        this.images = images;
    }

    /**
     * What the JSON report holds beside the run itself.
     *
     * @param findingsOnlyCounted findings beyond the cap, of which no more than their number is kept
     */
    record Document(
            VerifierRun run,
            Map<String, Long> unmapped,
            @JsonProperty("findings_only_counted") long findingsOnlyCounted,
            int streak,
            @JsonProperty("required_ticks") int requiredTicks) {}

    void json(StoredTick tick) {
        VerifierRun run = tick.run();
        print(new Envelope(
                Envelope.VERSION,
                COMMAND,
                run.verdict().name(),
                run.reason(),
                new Document(
                        images ? run : run.withoutImages(),
                        tick.unmapped(),
                        run.findingsTotal() - run.findings().size(),
                        tick.stored().streak(),
                        tick.stored().requiredTicks()),
                List.of(),
                nextSteps(run)));
    }

    /** Why there is no run although nothing failed. */
    void leftOut(String reason) {
        print(new Envelope(
                Envelope.VERSION, COMMAND, "LEFT_OUT", reason, null, List.of(), List.of("docs/runbook.md#cutover")));
    }

    /** Why there is no run. */
    void failure(String reason) {
        print(new Envelope(Envelope.VERSION, COMMAND, "FAILED", reason, null, List.of(reason), List.of()));
    }

    private void print(Envelope envelope) {
        out.println(JSON.writeValueAsString(envelope));
        out.flush();
    }

    private static List<String> nextSteps(VerifierRun run) {
        if (run.findingsTotal() > 0) {
            return List.of("./shadow verify show " + run.runId(), "docs/runbook.md#verdicts");
        }
        return run.verdict() == Verdict.INCONCLUSIVE ? List.of("docs/runbook.md#inconclusive") : List.of();
    }

    void table(StoredTick tick) {
        VerifierRun run = tick.run();
        out.printf("verdict    %s%n", run.verdict());
        out.printf("reason     %s%n", run.reason());
        out.printf("mode       %s%n", run.mode());
        out.printf(
                "pin        %s (%s)%n",
                run.pinLsn() == null ? "none" : run.pinLsn().asString(), run.pinKind());
        if (run.barrierRefused() != null) {
            out.printf("no barrier %s%n", run.barrierRefused());
        }
        out.printf(
                "hour       %s%s%n",
                run.tickHour() == null ? "counts for none" : run.tickHour(),
                run.tickClock() == TickClock.SIMULATED ? " of a SIMULATED clock" : "");
        out.printf("attested   %d events%n", run.eventsAttested());
        out.printf(
                "streak     %d of %d%n", tick.stored().streak(), tick.stored().requiredTicks());
        out.printf("run        %s%n", run.runId());
        coverage(run.coverage());
        tick.unmapped().forEach((table, rows) -> out.printf("unmapped   %s: %d rows%n", table, rows));
        findings(run);
        out.flush();
    }

    private void coverage(List<ModelCoverage> models) {
        if (models.isEmpty()) {
            return;
        }
        int width =
                models.stream().mapToInt(model -> model.model().length()).max().orElse(0);
        String line = "%-" + Math.max(width, 5) + "s  %12s  %12s  %s%n";
        out.printf("%n" + line, "MODEL", "SOURCE ROWS", "TARGET ROWS", "DIFFERING BUCKETS");
        for (ModelCoverage model : models) {
            out.printf(line, model.model(), model.sourceRows(), model.targetRows(), model.differingBuckets());
        }
    }

    private void findings(VerifierRun run) {
        if (run.findingsTotal() == 0) {
            return;
        }
        int shown = Math.min(run.findings().size(), MOST_FINDINGS_IN_TABLE);
        out.printf(
                "%nfindings   %d, of which %d are kept and %d are shown%n",
                run.findingsTotal(), run.findings().size(), shown);
        if (run.findings().size() < run.findingsTotal()) {
            out.println("           the others are only counted; to keep more, raise shadow.verifier.findings-cap");
        }
        if (shown < run.findings().size()) {
            out.printf("           for the others: ./shadow verify show %s%n", run.runId());
        }
        for (Finding finding : run.findings().subList(0, shown)) {
            out.printf(
                    "%s  %s  %s  %s  %s%n",
                    finding.findingClass(),
                    finding.sourceTable(),
                    finding.model(),
                    finding.targetKey(),
                    String.join(",", finding.columns()));
            if (images) {
                out.printf("    source %s%n    target %s%n", finding.sourceImage(), finding.targetImage());
            }
        }
    }
}
