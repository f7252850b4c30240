package io.shadowwrite.system.removal;

import io.shadowwrite.system.Checkout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The sources of the sample host, and copies of them that a test may change. */
final class Sample {

    static final Path HOME = Checkout.HOME.resolve("samples/unified-service");

    private Sample() {}

    /** Copies everything but what was built. */
    static Path copyTo(Path directory) {
        try (Stream<Path> files = Files.walk(HOME)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path relative = HOME.relativize(file);
                if (!relative.startsWith("target")) {
                    Path copy = directory.resolve(relative);
                    Files.createDirectories(copy.getParent());
                    Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a command answered. */
    record Answer(int code, String text) {}

    /** Takes us out of a copy, by the script that lies in it. */
    static Answer strip(Path copy, String... options) {
        return run(
                copy,
                Stream.concat(Stream.of(copy.resolve("shadow/strip").toString()), Stream.of(options))
                        .toList());
    }

    /** Runs a command to its end, with both of its streams in one. */
    static Answer run(Path directory, List<String> command) {
        try {
            Path output = Files.createTempFile("removal-", ".txt");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            Process process = builder.start();
            if (!process.waitFor(120, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(command + " did not end: " + Files.readString(output));
            }
            Answer answer = new Answer(process.exitValue(), Files.readString(output));
            Files.delete(output);
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a command ran", e);
        }
    }
}
