package io.shadowwrite.cli;

import io.shadowwrite.cli.diff.Change;
import io.shadowwrite.cli.diff.Change.Effect;
import io.shadowwrite.cli.diff.ContractDiff;
import io.shadowwrite.cli.diff.ContractFile;
import io.shadowwrite.protocol.Envelope;
import io.shadowwrite.protocol.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/** Reads two files. */
@Command(
        name = "diff",
        description = "Tells what a contract says otherwise than another, what breaks, and what has to follow.",
        mixinStandardHelpOptions = true,
        footer = {"", "Exit code: 0 when both mean the same, 10 when not, 3 when one of them is invalid."})
final class DiffCommand implements Callable<Integer> {

    @Mixin
    Console console = new Console();

    @Mixin
    OutputOptions output = new OutputOptions();

    @Parameters(index = "0", paramLabel = "OLD", description = "The contract that is in use.")
    Path before = Path.of("old.json");

    @Parameters(index = "1", paramLabel = "NEW", description = "The contract that shall be.")
    Path after = Path.of("new.json");

    /**
     * Everything in one record.
     *
     * @param sameBytes whether the files are the same, byte by byte
     * @param models affected models by what has to follow
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    private record Report(
            String oldSha256,
            String newSha256,
            boolean sameBytes,
            boolean sameMeaning,
            List<Change> changes,
            Map<Effect, Set<String>> models) {}

    @Override
    public Integer call() throws IOException {
        ContractFile old = ContractFile.read(before);
        ContractFile young = ContractFile.read(after);
        List<Change> changes = ContractDiff.of(old, young);
        String oldHash = old.contract().sha256();
        String newHash = young.contract().sha256();
        Report report =
                new Report(oldHash, newHash, oldHash.equals(newHash), changes.isEmpty(), changes, affected(changes));
        output.tell(
                console,
                new Envelope(
                        Envelope.VERSION,
                        "contract diff",
                        changes.isEmpty() ? "SAME_MEANING" : "DIFFERS",
                        verdict(report),
                        report,
                        List.of(),
                        nextSteps(report)),
                out -> print(out, report));
        return (changes.isEmpty() ? ExitCode.DONE : ExitCode.DIRTY).code();
    }

    private static Map<Effect, Set<String>> affected(List<Change> changes) {
        Map<Effect, Set<String>> models = new EnumMap<>(Effect.class);
        changes.forEach(change -> change.effects()
                .forEach(effect ->
                        models.computeIfAbsent(effect, _ -> new TreeSet<>()).addAll(change.models())));
        // A load is compared anyway.
        models.computeIfPresent(Effect.VERIFY, (_, verified) -> {
            verified.removeAll(models.getOrDefault(Effect.BACKFILL, Set.of()));
            return verified.isEmpty() ? null : verified;
        });
        return models;
    }

    private static String verdict(Report report) {
        if (report.sameBytes()) {
            return "the files are the same";
        }
        return report.sameMeaning()
                ? "both mean the same, but their bytes differ, and so do their hashes: programs with one refuse to work with programs with the other"
                : "%d change(s)".formatted(report.changes().size());
    }

    private static List<String> nextSteps(Report report) {
        List<String> steps = new ArrayList<>();
        if (report.sameBytes()) {
            return steps;
        }
        steps.add(
                "A window that is open with %s stays with that file: a program that starts with the new one is refused (CONTRACT_MISMATCH), and what runs halts when it meets it"
                        .formatted(report.oldSha256()));
        if (report.sameMeaning()) {
            steps.add("Keep the old file until the window is over, byte by byte");
            return steps;
        }
        steps.add("To use the new contract, end the window and open another one; clean hours are counted from zero");
        report.models()
                .forEach((effect, models) -> steps.add(
                        switch (effect) {
                            case BACKFILL ->
                                "Empty these, and open the window on an empty source, because nothing loads rows yet: %s"
                                        .formatted(String.join(", ", models));
                            case VERIFY -> "Compare again: %s".formatted(String.join(", ", models));
                            case LEFTOVERS ->
                                "Nothing changes or removes old rows that belong to nothing now; empty these: %s"
                                        .formatted(String.join(", ", models));
                        }));
        return steps;
    }

    private static void print(PrintWriter out, Report report) {
        for (Change change : report.changes()) {
            out.println(
                    "%-10s %s [%s]%s".formatted(change.part(), change.what(), change.pointer(), consequence(change)));
            print(out, "was", change.was());
            print(out, "is", change.is());
        }
        out.println(verdict(report));
        nextSteps(report).forEach(step -> out.println("next       " + step));
    }

    private static void print(PrintWriter out, String word, @Nullable String text) {
        if (text != null) {
            out.println(
                    "           %-3s %s".formatted(word, text.length() <= 200 ? text : text.substring(0, 200) + "…"));
        }
    }

    private static String consequence(Change change) {
        return change.effects().isEmpty()
                ? ""
                : " -> %s %s"
                        .formatted(
                                String.join(
                                        ", ",
                                        change.effects().stream()
                                                .map(Effect::words)
                                                .toList()),
                                String.join(", ", change.models()));
    }
}
