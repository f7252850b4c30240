package io.shadowwrite.system.removal;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.system.removal.Sample.Answer;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Builds the host without us. */
final class HostBuild {

    private HostBuild() {}

    /**
     * What the pom of a host that we were taken out of brings along, resolved as the host's team would: nothing that only
     * we brought is on it.
     */
    static List<String> classPath(Path stripped) throws IOException {
        Path file = stripped.resolve("class.path");
        Answer answer = Sample.run(
                stripped,
                List.of(
                        Path.of(Objects.requireNonNull(System.getProperty("maven.home")), "bin", "mvn")
                                .toString(),
                        "--offline",
                        "--quiet",
                        "--batch-mode",
                        "-Dmaven.repo.local=" + System.getProperty("maven.repository"),
                        "org.apache.maven.plugins:maven-dependency-plugin:build-classpath",
                        "-DincludeScope=runtime",
                        "-Dmdep.outputFile=" + file));
        assertThat(answer.code()).as(answer.text()).isZero();
        return Arrays.asList(Files.readString(file).strip().split(File.pathSeparator));
    }

    /** Compiles the host, and what stands for us if anything does, with warnings as errors; the folder to run it from. */
    static Path compile(Path host, List<String> classPath, Path... more) throws IOException {
        Path classes = Files.createDirectories(host.resolve("classes"));
        copyResources(host.resolve("src/main/resources"), classes);
        JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "a JDK runs this");
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<Path> sources = Stream.concat(Stream.of(host.resolve("src/main/java")), Stream.of(more))
                    .flatMap(HostBuild::sources)
                    .toList();
            List<String> options = List.of(
                    "-d",
                    classes.toString(),
                    "-classpath",
                    String.join(File.pathSeparator, classPath),
                    "-parameters",
                    "-proc:none",
                    "-Xlint:all,-processing,-classfile,-path",
                    "-Werror");
            boolean compiled = compiler.getTask(
                            said, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
                    .call();
            assertThat(compiled).as(said.toString()).isTrue();
        }
        return classes;
    }

    private static Stream<Path> sources(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copyResources(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
    }
}
