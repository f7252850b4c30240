package io.shadowwrite.cli;

import io.shadowwrite.cli.draft.DraftRefused;
import io.shadowwrite.cli.draft.IdentityDraft;
import io.shadowwrite.cli.draft.MappedDraft;
import io.shadowwrite.protocol.ExitCode;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes new files and changes neither database. */
@Command(
        name = "init",
        description = "Drafts a contract from a live source and a live target, or one that copies a source as it is.",
        mixinStandardHelpOptions = true)
final class InitCommand implements Callable<Integer> {

    @Mixin
    Console console = new Console();

    @Mixin
    SourceOptions source = new SourceOptions();

    @ArgGroup(multiplicity = "1")
    Kind kind = new Kind();

    @Option(
            names = "--schema",
            description = "A schema of the source to take; repeat it for more (default: all but the server's own).")
    List<String> schemas = List.of();

    @Option(
            names = "--target-schema",
            description = "A schema of the target to take; repeat it for more (default: all but the server's own).")
    List<String> targetSchemas = List.of();

    @Option(
            names = "--match",
            paramLabel = "SCHEMA.TABLE=SCHEMA.TABLE",
            description = "A table of the source and one of the target that belong together whatever they are called;"
                    + " repeat it for more, also for one table of the source.")
    List<String> matches = List.of();

    @Option(
            names = "--zone",
            description = "The zone, for example Europe/Berlin, of timestamps of the source that have none.")
    @Nullable String zone;

    @Option(
            names = "--name",
            description = "Name of the migration (default: identity, or the names of both databases).")
    @Nullable String name;

    @Option(
            names = "--contract",
            description = "File for the contract (default: ${DEFAULT-VALUE}).",
            defaultValue = "contract.json")
    Path contract = Path.of("contract.json");

    @Option(names = "--ddl", description = "With --identity, file for the DDL of the target (default: target.sql).")
    @Nullable Path ddl;

    /** Where the target comes from: the draft makes it, or it is there. */
    static final class Kind {

        @Option(
                names = "--identity",
                required = true,
                description = "Copy every table as it is; change the draft by hand where the target differs.")
        boolean identity;

        @ArgGroup(exclusive = false, multiplicity = "1")
        @Nullable TargetOptions target;
    }

    @Override
    public Integer call() throws SQLException {
        try {
            if (kind.target == null) {
                identity();
            } else {
                mapped(kind.target);
            }
        } catch (DraftRefused refused) {
            throw new CommandFailed(ExitCode.INVALID, String.valueOf(refused.getMessage()), refused);
        }
        return ExitCode.DONE.code();
    }

    private void identity() throws SQLException {
        refuse(
                "--identity",
                Stream.of(
                        zone == null ? "" : "--zone",
                        matches.isEmpty() ? "" : "--match",
                        targetSchemas.isEmpty() ? "" : "--target-schema"));
        Path statements = ddl == null ? Path.of("target.sql") : ddl;
        NewFiles.requireAbsent(List.of(contract, statements));
        try (Connection connection = source.open()) {
            IdentityDraft draft = IdentityDraft.of(connection, name == null ? "identity" : name, schemas);
            new NewFiles()
                    .add(statements, draft.ddl())
                    .add(contract, draft.contract())
                    .write();
            draft.todos().forEach(todo -> console.err().println("TODO " + todo));
            console.out()
                    .println("wrote %s and %s; %d thing(s) left to decide"
                            .formatted(contract, statements, draft.todos().size()));
            console.out()
                    .println(
                            "Next: psql --set ON_ERROR_STOP=1 --file %s in an empty target, then start the programs with --shadow.contract.location=%s"
                                    .formatted(statements, contract));
        }
    }

    private void mapped(TargetOptions options) throws SQLException {
        refuse("--target-url", Stream.of(ddl == null ? "" : "--ddl"));
        if (zone != null && !ZoneId.getAvailableZoneIds().contains(zone)) {
            throw new CommandFailed(
                    ExitCode.USAGE, "--zone %s is no time zone; write it like Europe/Berlin".formatted(zone), null);
        }
        NewFiles.requireAbsent(List.of(contract, TodoFile.beside(contract)));
        try (Connection from = source.open();
                Connection to = options.open()) {
            String called = name == null ? "%s-to-%s".formatted(from.getCatalog(), to.getCatalog()) : name;
            MappedDraft draft =
                    MappedDraft.of(from, to, new MappedDraft.Settings(called, schemas, targetSchemas, matches, zone));
            NewFiles files = new NewFiles().add(contract, draft.contract());
            if (!draft.todos().isEmpty()) {
                files.add(TodoFile.beside(contract), TodoFile.text(contract, draft));
            }
            files.write();
            report(draft);
        }
    }

    private void report(MappedDraft draft) {
        draft.decisions().forEach(console.err()::println);
        draft.todos().forEach(todo -> console.err().println("TODO " + todo));
        int left = draft.todos().size();
        console.out()
                .println(
                        left == 0
                                ? "wrote %s; nothing is left to decide".formatted(contract)
                                : "wrote %s; %d thing(s) left to decide, also in %s"
                                        .formatted(contract, left, TodoFile.beside(contract)));
        console.out()
                .println("Next: %sthen ./shadow contract validate %s --against-db with the same connections"
                        .formatted(left == 0 ? "read it through, " : "decide, ", contract));
    }

    /** Options that have no meaning beside another one. */
    private static void refuse(String beside, Stream<String> given) {
        String names = given.filter(option -> !option.isEmpty()).collect(Collectors.joining(", "));
        if (!names.isEmpty()) {
            throw new CommandFailed(ExitCode.USAGE, "%s has no meaning with %s".formatted(names, beside), null);
        }
    }
}
