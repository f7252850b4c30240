package io.shadowwrite.cli;

import io.shadowwrite.protocol.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Files that a command makes: all of them or none, and never in place of what is there. */
final class NewFiles {

    private final Map<Path, String> texts = new LinkedHashMap<>();

    NewFiles add(Path file, String text) {
        texts.put(file, text);
        return this;
    }

    /** Refuses what is there already, so that nobody waits for a draft that has no place. */
    static void requireAbsent(List<Path> files) {
        for (Path file : files) {
            if (Files.exists(file)) {
                throw new CommandFailed(
                        ExitCode.USAGE,
                        "%s is there already; name another file, or move it away".formatted(file),
                        null);
            }
        }
    }

    /** Writes each beside its place first, so that what fails for want of room or rights leaves nothing. */
    void write() {
        Map<Path, Path> written = new LinkedHashMap<>();
        List<Path> placed = new ArrayList<>();
        try {
            for (Map.Entry<Path, String> each : texts.entrySet()) {
                Path beside = each.getKey().resolveSibling(each.getKey().getFileName() + ".new");
                Files.writeString(beside, each.getValue(), StandardOpenOption.CREATE_NEW);
                written.put(beside, each.getKey());
            }
            for (Map.Entry<Path, Path> each : written.entrySet()) {
                Files.move(each.getKey(), each.getValue());
                placed.add(each.getValue());
            }
        } catch (IOException e) {
            written.keySet().forEach(NewFiles::remove);
            placed.forEach(NewFiles::remove);
            throw new CommandFailed(
                    ExitCode.INVALID,
                    "%s cannot be written (%s); no file was, name some in a directory that is yours"
                            .formatted(texts.keySet(), e),
                    e);
        }
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // The failure that brought us here is the one to tell.
            return;
        }
    }
}
