package io.shadowwrite.cli;

import io.shadowwrite.protocol.Finding;
import io.shadowwrite.protocol.FindingSummary;
import io.shadowwrite.protocol.RunSummary;
import java.io.PrintWriter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A run for people: the verdict first, then why, then what was found. */
final class VerifyTable {

    private VerifyTable() {}

    static void print(PrintWriter out, VerifyShowCommand.Report report) {
        RunSummary run = report.run();
        out.printf("verdict    %s%s%n", run.verdict(), run.finishedAt() == null ? " (has not ended)" : "");
        out.printf("reason     %s%n", run.reason());
        out.printf("mode       %s%n", run.mode());
        out.printf(
                "pin        %s%n", run.pinLsn() == null ? "none" : run.pinLsn().asString());
        out.printf("hour       %s%n", run.tickHour() == null ? "counts for none" : run.tickHour());
        out.printf("began      %s%n", run.startedAt());
        out.printf("run        %s%n", run.runId());
        out.printf(
                "findings   %d, of which %d are shown%s%n",
                run.findingsTotal(),
                report.findings().size(),
                report.more() ? ", more are stored: --limit, --class, --model" : "");
        for (VerifyShowCommand.Shown shown : report.findings()) {
            print(out, shown.finding());
            Finding images = shown.images();
            if (images != null) {
                print(out, "source", images.sourceImage());
                print(out, "target", images.targetImage());
            }
        }
    }

    private static void print(PrintWriter out, FindingSummary finding) {
        out.printf(
                "%6d  %s  %s  %s  %s  %s%n",
                finding.ordinal(),
                finding.findingClass(),
                finding.sourceTable(),
                finding.model(),
                finding.targetKey(),
                String.join(",", finding.columns())
                        + (finding.originalClass() == null
                                ? ""
                                : " (%s if it stays)".formatted(finding.originalClass())));
    }

    private static void print(PrintWriter out, String side, @Nullable Map<String, @Nullable String> image) {
        out.printf("        %s %s%n", side, image == null ? "-" : image);
    }
}
