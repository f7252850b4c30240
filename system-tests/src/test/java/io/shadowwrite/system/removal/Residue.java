package io.shadowwrite.system.removal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Names of ours in what belongs to a host: its code, configuration, schemas and build, outside of the markers. */
final class Residue {

    static final String BEGIN = "SHADOW-REGISTRATION-BEGIN";
    static final String END = "SHADOW-REGISTRATION-END";

    /** The folder of the host's checkout that is ours, and the one that it does not write itself. */
    private static final List<String> NOT_THE_HOSTS = List.of("shadow", "target");

    private static final Pattern NAMES = Pattern.compile(
            "shadow|provenance|as_of_lsn|idempotency_?key|idempotencyKey|pk_map|event_ledger|backfill_state|dead_letter|cdc_|commit_lsn",
            Pattern.CASE_INSENSITIVE);

    private Residue() {}

    /** One line each, with file and number; none when the host names nothing of ours. */
    static List<String> in(Path host) {
        List<String> found = new ArrayList<>();
        for (Path file : files(host)) {
            boolean ours = false;
            int number = 0;
            for (String line : lines(file)) {
                number++;
                if (line.contains(BEGIN) || line.contains(END)) {
                    ours = line.contains(BEGIN);
                } else if (!ours && NAMES.matcher(line).find()) {
                    found.add("%s:%d: %s".formatted(host.relativize(file), number, line.strip()));
                }
            }
        }
        return found;
    }

    private static List<Path> files(Path host) {
        try (Stream<Path> files = Files.walk(host)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !NOT_THE_HOSTS.contains(
                            host.relativize(file).getName(0).toString()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
