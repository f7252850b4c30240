package io.shadowwrite.cli;

import io.shadowwrite.cli.check.Finding;
import io.shadowwrite.cli.check.Finding.Side;
import io.shadowwrite.cli.check.NullValues;
import io.shadowwrite.cli.check.TargetDatabase;
import io.shadowwrite.cli.draft.SourceFit;
import io.shadowwrite.cli.draft.TargetProblem;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.ContractReader;
import io.shadowwrite.contract.SourceTable;
import io.shadowwrite.protocol.Envelope;
import io.shadowwrite.protocol.ExitCode;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Reads only. */
@Command(
        name = "validate",
        description = "Checks a contract by itself and against the databases that are named.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Exit code: 0 when it is valid and fits, 3 when not, 4 when a database cannot be reached. Warnings do not change it."
        })
final class ValidateCommand implements Callable<Integer> {

    @Mixin
    Console console = new Console();

    @Mixin
    OutputOptions output = new OutputOptions();

    @Parameters(paramLabel = "FILE", description = "The contract.")
    Path file = Path.of("contract.json");

    @Option(names = "--against-db", description = "Demand that both databases are named, and checked.")
    boolean againstDb;

    @ArgGroup(exclusive = false)
    @Nullable SourceOptions source;

    @ArgGroup(exclusive = false)
    @Nullable TargetOptions target;

    @Override
    public Integer call() {
        if (againstDb && (source == null || target == null)) {
            throw new CommandFailed(
                    ExitCode.USAGE,
                    "--against-db needs --source-url, --source-user, --target-url and --target-user",
                    null);
        }
        Contract contract = new ContractReader().read(file);
        List<Finding> findings = findings(contract);
        List<Finding> problems = findings.stream().filter(Finding::blocks).toList();
        report(contract, findings, problems);
        return (problems.isEmpty() ? ExitCode.DONE : ExitCode.INVALID).code();
    }

    private List<Finding> findings(Contract contract) {
        List<Finding> findings = new ArrayList<>();
        try (Connection there = source == null ? null : source.open();
                Connection here = target == null ? null : target.open()) {
            if (there != null) {
                SourceFit.misfits(contract, there).forEach(misfit -> findings.add(Finding.of(Side.SOURCE, misfit)));
            }
            if (here != null) {
                findings.addAll(TargetDatabase.misfits(contract, here));
            }
            if (there != null && here != null) {
                findings.addAll(NullValues.findings(contract, there, here));
            }
        } catch (SQLException e) {
            // The source tells its own.
            throw TargetProblem.of("looking at the target", e);
        }
        return findings;
    }

    private void report(Contract contract, List<Finding> findings, List<Finding> problems) {
        String verdict = problems.isEmpty()
                ? valid(contract)
                : "contract %s does not fit%s, %d problem(s)".formatted(file, sides(" the "), problems.size());
        output.tell(
                console,
                new Envelope(
                        Envelope.VERSION,
                        "contract validate",
                        problems.isEmpty() ? "VALID" : "INVALID",
                        verdict,
                        findings,
                        problems.stream().map(ValidateCommand::line).toList(),
                        problems.stream().map(Finding::fix).distinct().toList()),
                out -> {
                    findings.stream()
                            .filter(finding -> !finding.blocks())
                            .forEach(finding -> console.err().println("warning: " + line(finding)));
                    if (problems.isEmpty()) {
                        out.println(verdict);
                    } else {
                        console.err().println(verdict + ":");
                        problems.forEach(problem -> console.err().println("  " + line(problem)));
                    }
                });
    }

    private static String line(Finding finding) {
        return "%s: %s; %s".formatted(finding.pointer(), finding.what(), finding.fix());
    }

    private String valid(Contract contract) {
        long unmapped = contract.sources().values().stream()
                .filter(SourceTable.Unmapped.class::isInstance)
                .count();
        return "contract %s is valid%s: %d source table(s), %d of them unmapped, %d model(s), sha256 %s"
                .formatted(
                        contract.name(),
                        source == null && target == null ? "" : " and fits" + sides(" the "),
                        contract.sources().size(),
                        unmapped,
                        contract.models().size(),
                        contract.sha256());
    }

    private String sides(String before) {
        if (source != null && target != null) {
            return before + "source and the target";
        }
        return before + (source == null ? "target" : "source");
    }
}
