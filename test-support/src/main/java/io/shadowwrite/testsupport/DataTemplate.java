package io.shadowwrite.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** A freshly initialised data directory, made once per JVM because a copy takes a tenth of the time. */
record DataTemplate(Path data) {

    /** Our settings live in a file of their own, so ALTER SYSTEM still wins over them. */
    static final String SETTINGS_FILE = "shadow.conf";

    private static final ConcurrentMap<Installation, DataTemplate> MADE = new ConcurrentHashMap<>();

    static DataTemplate of(Installation installation) {
        return MADE.computeIfAbsent(installation, DataTemplate::initialise);
    }

    private static DataTemplate initialise(Installation installation) {
        Path directory = Scratch.newDirectory();
        Scratch.atExit(() -> Scratch.delete(directory));
        Path data = directory.resolve("data");
        Command.of(
                        installation.program("initdb"),
                        "--no-sync",
                        "--pgdata=" + data,
                        "--username=" + Database.USER,
                        "--auth=trust",
                        "--encoding=UTF8",
                        "--locale=C.UTF-8")
                .asServerUser()
                .runOrThrow();
        try {
            Files.writeString(
                    data.resolve("postgresql.conf"),
                    "\ninclude_if_exists = '" + SETTINGS_FILE + "'\n",
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new DataTemplate(data);
    }

    void copyTo(Path target) {
        Command.of("cp", "-a", data.toString(), target.toString())
                .asServerUser()
                .runOrThrow();
    }
}
