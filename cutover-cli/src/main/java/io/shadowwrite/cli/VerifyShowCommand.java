package io.shadowwrite.cli;

import io.shadowwrite.cli.verify.StoredRuns;
import io.shadowwrite.protocol.Envelope;
import io.shadowwrite.protocol.ExitCode;
import io.shadowwrite.protocol.Finding;
import io.shadowwrite.protocol.FindingClass;
import io.shadowwrite.protocol.FindingSummary;
import io.shadowwrite.protocol.RunSummary;
import io.shadowwrite.protocol.ShadowApi;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A stored run and its findings; row values only when asked for, because terminals are shared. */
@Command(
        name = "show",
        description = "Shows a run of the verifier and what it found.",
        mixinStandardHelpOptions = true,
        footer = {"", "Exit code: 0 when there is such a run, whatever it found."})
final class VerifyShowCommand implements Callable<Integer> {

    @Mixin
    Console console = new Console();

    @Mixin
    OutputOptions output = new OutputOptions();

    @Mixin
    ApiOptions api = new ApiOptions();

    @Parameters(
            paramLabel = "RUN",
            arity = "0..1",
            description = "Its id, or as much of its beginning as tells it from others (default: the latest).")
    @Nullable String run;

    @Option(names = "--class", description = "Only findings of this class: ${COMPLETION-CANDIDATES}.")
    @Nullable FindingClass findingClass;

    @Option(names = "--model", description = "Only findings of this model.")
    @Nullable String model;

    @Option(names = "--images", description = "Show both rows of every finding: values of rows.")
    boolean images;

    @Option(names = "--limit", description = "Most findings to show (default: ${DEFAULT-VALUE}).", defaultValue = "100")
    int limit = 100;

    /**
     * A finding as it is shown.
     *
     * @param images both rows; null unless asked for
     */
    record Shown(FindingSummary finding, @Nullable Finding images) {}

    /**
     * All of it.
     *
     * @param more whether more findings match than are shown
     */
    record Report(RunSummary run, List<Shown> findings, boolean more) {}

    @Override
    public Integer call() {
        if (limit < 1) {
            throw CommandFailed.usage("--limit is at least 1");
        }
        ShadowApi connected = api.connect();
        StoredRuns runs = new StoredRuns(connected);
        RunSummary found = RunName.find(runs, run);
        StoredRuns.Found some = runs.findings(found.runId(), findingClass, model, limit);
        List<Shown> shown = new ArrayList<>();
        for (FindingSummary finding : some.findings()) {
            shown.add(new Shown(finding, images ? connected.finding(found.runId(), finding.ordinal()) : null));
        }
        print(new Report(found, shown, some.more()));
        return ExitCode.DONE.code();
    }

    private void print(Report report) {
        List<String> next = report.findings().isEmpty()
                ? List.of()
                : List.of("Compare one again: ./shadow verify recheck %s/%d"
                        .formatted(
                                report.run().runId(),
                                report.findings().getFirst().finding().ordinal()));
        output.tell(
                console,
                new Envelope(
                        Envelope.VERSION,
                        "verify show",
                        report.run().verdict().name(),
                        report.run().reason(),
                        report,
                        List.of(),
                        next),
                out -> {
                    VerifyTable.print(out, report);
                    next.forEach(step -> out.println("next       " + step));
                });
    }
}
