package io.shadowwrite.system.suite;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A runnable program of the suite, found by the module that builds it. */
public enum Program {
    API("shadow-api"),
    CONSUMER("consumer-service"),
    SLOT_READER("slot-reader-service"),
    VERIFIER("verifier-job"),
    BACKFILL("backfill-job"),
    CLI("cutover-cli");

    private final String module;

    Program(String module) {
        this.module = module;
    }

    /** The module's name, also the name of the program's log. */
    public String module() {
        return module;
    }

    /** Whether it runs until it is stopped. */
    boolean isDaemon() {
        return switch (this) {
            case API, CONSUMER, SLOT_READER -> true;
            case VERIFIER, BACKFILL, CLI -> false;
        };
    }

    /**
     * The program's runnable jar.
     *
     * @param home the checkout
     * @throws IllegalStateException when it is not built
     */
    Path jar(Path home) {
        Path target = home.resolve(module).resolve("target");
        try (Stream<Path> files = Files.isDirectory(target) ? Files.list(target) : Stream.empty()) {
            return files.filter(file -> file.getFileName().toString().endsWith("-exec.jar"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException(
                            "%s is not built; run ./mvnw -DskipTests package".formatted(module)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
