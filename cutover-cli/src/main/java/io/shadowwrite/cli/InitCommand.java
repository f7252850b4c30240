package io.shadowwrite.cli;

import io.shadowwrite.cli.draft.IdentityDraft;
import io.shadowwrite.protocol.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes two new files and changes neither database. */
@Command(
        name = "init",
        description = "Drafts a contract, and the DDL of a target for it, from a live source.",
        mixinStandardHelpOptions = true)
final class InitCommand implements Callable<Integer> {

    @Mixin
    Console console = new Console();

    @Mixin
    SourceOptions source = new SourceOptions();

    @Option(
            names = "--identity",
            required = true,
            description = "Copy every table as it is; change the draft by hand where the target differs.")
    boolean identity;

    @Option(
            names = "--schema",
            description = "A schema to take; repeat it for more (default: all but the server's own).")
    List<String> schemas = List.of();

    @Option(
            names = "--name",
            description = "Name of the migration (default: ${DEFAULT-VALUE}).",
            defaultValue = "identity")
    String name = "identity";

    @Option(
            names = "--contract",
            description = "File for the contract (default: ${DEFAULT-VALUE}).",
            defaultValue = "contract.json")
    Path contract = Path.of("contract.json");

    @Option(
            names = "--ddl",
            description = "File for the DDL of the target (default: ${DEFAULT-VALUE}).",
            defaultValue = "target.sql")
    Path ddl = Path.of("target.sql");

    @Override
    public Integer call() throws SQLException {
        for (Path file : List.of(contract, ddl)) {
            if (Files.exists(file)) {
                throw new CommandFailed(
                        ExitCode.USAGE,
                        "%s is there already; name another file, or move it away".formatted(file),
                        null);
            }
        }
        try (Connection connection = source.open()) {
            IdentityDraft draft = draft(connection);
            write(ddl, draft.ddl());
            write(contract, draft.contract());
            report(draft);
        }
        return ExitCode.DONE.code();
    }

    private IdentityDraft draft(Connection connection) {
        try {
            return IdentityDraft.of(connection, name, schemas);
        } catch (IdentityDraft.NothingToCopy nothing) {
            throw new CommandFailed(ExitCode.INVALID, String.valueOf(nothing.getMessage()), nothing);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text, StandardOpenOption.CREATE_NEW);
        } catch (IOException e) {
            throw new CommandFailed(
                    ExitCode.INVALID,
                    "%s cannot be written (%s); name a file in a directory that is yours".formatted(file, e),
                    e);
        }
    }

    private void report(IdentityDraft draft) {
        PrintWriter progress = console.err();
        draft.todos().forEach(todo -> progress.println("TODO " + todo));
        PrintWriter out = console.out();
        out.println("wrote %s and %s; %d thing(s) left to decide"
                .formatted(contract, ddl, draft.todos().size()));
        out.println(
                "Next: psql --set ON_ERROR_STOP=1 --file %s in an empty target, then start the programs with --shadow.contract.location=%s"
                        .formatted(ddl, contract));
    }
}
