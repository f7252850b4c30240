package io.shadowwrite.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.testsupport.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The script as a new user runs it: it stays, and one command takes everything away. */
@Timeout(660)
class QuickstartIT {

    private final Path output = Checkout.freshDirectory("quickstart").resolve("output.log");

    /** In a tree that is being edited the script would build, and replace jars under the feet of other tests. */
    @BeforeEach
    void countsAsBuilt() throws IOException {
        Files.setLastModifiedTime(
                Checkout.HOME.resolve("system-tests/target/quickstart.classpath"), FileTime.from(Instant.now()));
    }

    @AfterEach
    void takeAway() throws IOException, InterruptedException {
        run("--down");
    }

    @Test
    void staysUntilItIsTakenDownAndLeavesNothing() throws IOException, InterruptedException {
        assertThat(run("--changes", "3000", "--hours", "2")).as(text()).isZero();
        assertThat(text()).contains("PROOF HOLDS").contains("./quickstart --down");
        List<ProcessHandle> processes = children();
        List<Path> data =
                processes.stream().flatMap(QuickstartIT::dataDirectory).toList();
        assertThat(processes).as("two servers and three programs").hasSize(5);
        assertThat(data).hasSize(2).allMatch(Files::exists);

        assertThat(run("--down")).as(text()).isZero();

        Await.until(
                "every process ended",
                Duration.ofSeconds(20),
                () -> processes.stream().noneMatch(ProcessHandle::isAlive));
        assertThat(data).noneMatch(Files::exists);
        assertThat(Checkout.HOME.resolve(".quickstart")).doesNotExist();
    }

    private static List<ProcessHandle> children() throws IOException {
        String pid = Files.readString(Checkout.HOME.resolve(".quickstart/pid")).strip();
        return ProcessHandle.of(Long.parseLong(pid)).orElseThrow().children().toList();
    }

    private static Stream<Path> dataDirectory(ProcessHandle process) {
        List<String> arguments = List.of(process.info().arguments().orElse(new String[0]));
        int option = arguments.indexOf("-D");
        return option < 0 ? Stream.empty() : Stream.of(Path.of(arguments.get(option + 1)));
    }

    private int run(String... arguments) throws IOException, InterruptedException {
        List<String> command = Stream.concat(
                        Stream.of(Checkout.HOME.resolve("quickstart").toString()), Arrays.stream(arguments))
                .toList();
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        // As all programs of system tests: the second compiler does not pay in their few minutes.
        builder.environment().put("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1");
        Process process = builder.start();
        if (!process.waitFor(600, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            return -1;
        }
        return process.exitValue();
    }

    private String text() throws IOException {
        return Files.exists(output) ? Files.readString(output) : "";
    }
}
