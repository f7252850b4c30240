package io.shadowwrite.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The programs of one PostgreSQL version on this machine. */
record Installation(Path bin) {

    private static final Path DEBIAN = Path.of("/usr/lib/postgresql");

    /** The first installation that has wal2json, in order: SHADOW_PG_BIN, pg_config, Debian's, newest first. */
    static Optional<Installation> find() {
        return candidates().stream()
                .filter(Installation::isComplete)
                .filter(Installation::hasWal2json)
                .findFirst();
    }

    private static List<Installation> candidates() {
        List<Installation> found = new ArrayList<>();
        String explicit = System.getenv("SHADOW_PG_BIN");
        if (explicit != null && !explicit.isBlank()) {
            return List.of(new Installation(Path.of(explicit)));
        }
        onPath("pg_config")
                .ifPresent(config -> found.add(new Installation(
                        Path.of(Command.of(config.toString(), "--bindir").runOrThrow()))));
        found.addAll(debian());
        return found;
    }

    private static List<Installation> debian() {
        if (!Files.isDirectory(DEBIAN)) {
            return List.of();
        }
        List<Path> versions = new ArrayList<>();
        try (DirectoryStream<Path> children = Files.newDirectoryStream(DEBIAN, "[0-9]*")) {
            children.forEach(versions::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Comparator<Path> byVersion = Comparator.comparingDouble(
                path -> Double.parseDouble(path.getFileName().toString()));
        return versions.stream()
                .sorted(byVersion.reversed())
                .map(version -> new Installation(version.resolve("bin")))
                .toList();
    }

    private static Optional<Path> onPath(String program) {
        String path = System.getenv("PATH");
        Predicate<Path> runnable = Files::isExecutable;
        return path == null
                ? Optional.empty()
                : List.of(path.split(":", -1)).stream()
                        .filter(directory -> !directory.isEmpty())
                        .map(directory -> Path.of(directory, program))
                        .filter(runnable)
                        .findFirst();
    }

    private boolean isComplete() {
        return Files.isExecutable(bin.resolve("initdb")) && Files.isExecutable(bin.resolve("postgres"));
    }

    private boolean hasWal2json() {
        Path config = bin.resolve("pg_config");
        Path libraries = Files.isExecutable(config)
                ? Path.of(Command.of(config.toString(), "--pkglibdir").runOrThrow())
                : bin.resolveSibling("lib");
        return Files.exists(libraries.resolve("wal2json.so")) || Files.exists(libraries.resolve("wal2json.dylib"));
    }

    String program(String name) {
        return bin.resolve(name).toString();
    }

    /** Whether this server version has the setting; one it does not know keeps it from starting. */
    boolean knows(String setting, Path data) {
        return Command.of(program("postgres"), "-D", data.toString(), "-C", setting)
                        .asServerUser()
                        .run()
                        .exitCode()
                == 0;
    }
}
