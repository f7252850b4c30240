package io.shadowwrite.cli;

import io.shadowwrite.cli.draft.SourceFit;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.ContractReader;
import io.shadowwrite.contract.SourceTable;
import io.shadowwrite.protocol.ExitCode;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Reads only. */
@Command(
        name = "validate",
        description = "Checks a contract by itself and, with --source-url, against the live source.",
        mixinStandardHelpOptions = true)
final class ValidateCommand implements Callable<Integer> {

    @Mixin
    Console console = new Console();

    @Parameters(paramLabel = "FILE", description = "The contract.")
    Path file = Path.of("contract.json");

    @ArgGroup(exclusive = false)
    @Nullable SourceOptions source;

    @Override
    public Integer call() throws SQLException {
        Contract contract = new ContractReader().read(file);
        List<String> problems = source == null ? List.of() : unfit(contract, source);
        if (!problems.isEmpty()) {
            throw new CommandFailed(
                    ExitCode.INVALID,
                    "contract %s does not fit the source, %d problem(s):%n  %s"
                            .formatted(file, problems.size(), String.join("\n  ", problems)),
                    null);
        }
        long unmapped = contract.sources().values().stream()
                .filter(SourceTable.Unmapped.class::isInstance)
                .count();
        console.out()
                .println("contract %s is valid%s: %d source table(s), %d of them unmapped, %d model(s), sha256 %s"
                        .formatted(
                                contract.name(),
                                source == null ? "" : " and fits the source",
                                contract.sources().size(),
                                unmapped,
                                contract.models().size(),
                                contract.sha256()));
        return ExitCode.DONE.code();
    }

    private static List<String> unfit(Contract contract, SourceOptions source) throws SQLException {
        try (Connection connection = source.open()) {
            return SourceFit.problems(contract, connection);
        }
    }
}
