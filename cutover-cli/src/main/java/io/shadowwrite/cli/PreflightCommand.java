package io.shadowwrite.cli;

import io.shadowwrite.cli.check.Finding;
import io.shadowwrite.cli.check.Finding.Side;
import io.shadowwrite.cli.check.FixScript;
import io.shadowwrite.cli.check.Preflight;
import io.shadowwrite.cli.draft.TargetProblem;
import io.shadowwrite.contract.ContractReader;
import io.shadowwrite.protocol.Envelope;
import io.shadowwrite.protocol.ExitCode;
import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.source.SourceConnection;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Looks at both databases and changes neither; a temporary slot is created and dropped. */
@Command(
        name = "preflight",
        description = "Checks source and target before a window is opened, and prints what would mend them.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Exit code: 0 when nothing blocks, 3 when the contract is invalid, 4 when a database cannot be reached,",
            "11 when something blocks. What only warns does not change it."
        })
final class PreflightCommand implements Callable<Integer> {

    @Mixin
    Console console = new Console();

    @Mixin
    OutputOptions output = new OutputOptions();

    @Mixin
    SourceOptions source = new SourceOptions();

    @Mixin
    TargetOptions target = new TargetOptions();

    @Option(
            names = "--contract",
            description = "The contract (default: ${DEFAULT-VALUE}).",
            defaultValue = "contract.json")
    Path file = Path.of("contract.json");

    @Option(
            names = "--fix-sql",
            description =
                    "Print a script for psql instead of the findings: what mends them, or a comment where SQL cannot.")
    boolean fixSql;

    @Option(
            names = "--slot",
            description =
                    "Name of a slot that a reader will have; repeat it (default: cdc_shadow_primary and cdc_shadow_verifier).")
    List<String> slots = List.of("cdc_shadow_primary", "cdc_shadow_verifier");

    @Option(
            names = "--open-since",
            paramLabel = "SECONDS",
            description = "Tell transactions that are open for longer (default: ${DEFAULT-VALUE}).",
            defaultValue = "30")
    int openSinceSeconds = 30;

    @Option(
            names = "--scan-seconds",
            paramLabel = "SECONDS",
            description = "How long to read the rows of one table (default: ${DEFAULT-VALUE}).",
            defaultValue = "10")
    int scanSeconds = 10;

    @Override
    public Integer call() throws SQLException {
        Preflight preflight = new Preflight(
                new ContractReader().read(file),
                slots,
                Duration.ofSeconds(openSinceSeconds),
                Duration.ofSeconds(Math.max(1, scanSeconds)));
        List<Finding> findings = findings(preflight);
        ExitCode code = exitCode(findings);
        if (fixSql) {
            FixScript.of(findings, PsqlAddress.of(source.url), PsqlAddress.of(target.url))
                    .forEach(console.out()::println);
        } else {
            output.tell(console, envelope(findings, code), out -> print(out, findings));
        }
        return code.code();
    }

    private List<Finding> findings(Preflight preflight) throws SQLException {
        List<Finding> findings = new ArrayList<>();
        try (Connection there = openSource(preflight, findings);
                Connection here = openTarget(findings)) {
            if (there != null) {
                findings.addAll(preflight.source(there, source.connection()));
            }
            if (here != null) {
                findings.addAll(preflight.target(here));
            }
            if (there != null && here != null) {
                findings.addAll(preflight.both(there, here));
            }
        }
        return findings;
    }

    private @Nullable Connection openSource(Preflight preflight, List<Finding> findings) {
        try {
            SourceConnection address = source.connection();
            return address.openBounded("shadow-preflight", preflight.scanBound().plusSeconds(30));
        } catch (StreamProblem problem) {
            findings.add(Finding.unreachable(Side.SOURCE, String.valueOf(problem.getMessage())));
            return null;
        }
    }

    private @Nullable Connection openTarget(List<Finding> findings) {
        try {
            return target.open();
        } catch (CommandFailed failed) {
            if (failed.code() != ExitCode.UNREACHABLE) {
                throw failed;
            }
            findings.add(Finding.unreachable(Side.TARGET, String.valueOf(failed.getMessage())));
            return null;
        } catch (TargetProblem problem) {
            findings.add(Finding.unreachable(Side.TARGET, String.valueOf(problem.getMessage())));
            return null;
        }
    }

    private static ExitCode exitCode(List<Finding> findings) {
        if (findings.stream().anyMatch(finding -> finding.code().equals(Finding.UNREACHABLE))) {
            return ExitCode.UNREACHABLE;
        }
        return findings.stream().anyMatch(Finding::blocks) ? ExitCode.GATE_BLOCKED : ExitCode.DONE;
    }

    private static String summary(List<Finding> findings) {
        long blocking = findings.stream().filter(Finding::blocks).count();
        return blocking == 0 && findings.isEmpty()
                ? "nothing found; a window can be opened"
                : "%d finding(s) block, %d warn%s"
                        .formatted(
                                blocking,
                                findings.size() - blocking,
                                blocking == 0 ? "; a window can be opened" : "; do not open a window yet");
    }

    private static void print(PrintWriter out, List<Finding> findings) {
        for (Finding finding : findings) {
            out.println("%-6s %-6s %s: %s%s"
                    .formatted(
                            finding.severity(),
                            finding.side(),
                            finding.code(),
                            finding.what(),
                            finding.pointer().isEmpty() ? "" : " [%s]".formatted(finding.pointer())));
            out.println("              fix: %s".formatted(finding.fix()));
        }
        out.println(summary(findings));
    }

    private static Envelope envelope(List<Finding> findings, ExitCode code) {
        return new Envelope(
                Envelope.VERSION,
                "preflight",
                code == ExitCode.DONE ? "READY" : "BLOCKED",
                summary(findings),
                findings,
                findings.stream().filter(Finding::blocks).map(Finding::what).toList(),
                findings.stream().map(Finding::fix).distinct().toList());
    }
}
