package io.shadowwrite.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class VerifierApplicationTest {

    private static final String CONTRACT = """
            {"version": 1, "name": "small",
             "models": {"Item": {"kind": "crud", "table": "unified.item", "key": ["id"], "columns": {"id": "bigint"}}},
             "sources": {"app.item": {"columns": {"id": "bigint"}, "key": ["id"], "identity": "default",
               "writes": [{"model": "Item", "key": {"id": {"column": "id"}}, "set": {}}]}}}
            """;

    @TempDir
    private Path folder;

    @Test
    void namesAMissingSettingInOneLine(CapturedOutput output) {
        int code = VerifierApplication.run("--mode=hourly");

        assertThat(code).isEqualTo(3);
        assertThat(problems(output)).singleElement().asString().contains("is missing");
    }

    @Test
    void namesAMistypedSettingInOneLine(CapturedOutput output) throws IOException {
        int code = run(CONTRACT, "--shadow.verifier.reader=3");

        assertThat(code).isEqualTo(3);
        assertThat(problems(output)).singleElement().asString().contains("shadow.verifier.reader");
    }

    @Test
    void namesEveryProblemOfTheContract(CapturedOutput output) throws IOException {
        int code = run(CONTRACT.replace("\"column\": \"id\"", "\"column\": \"idd\""));

        assertThat(code).isEqualTo(3);
        assertThat(output.getErr()).contains("idd").doesNotContain("\tat ");
    }

    @Test
    void refusesASimulatedHourThatIsNone(CapturedOutput output) throws IOException {
        int code = run(CONTRACT, "--simulated-clock=2026-11-01T12:30:00Z");

        assertThat(code).isEqualTo(3);
        assertThat(problems(output)).singleElement().asString().contains("--simulated-clock is a full UTC hour");
    }

    @Test
    void refusesAModeThatDoesNotExist(CapturedOutput output) throws IOException {
        int code = run(CONTRACT, "--mode=dayly");

        assertThat(code).isEqualTo(3);
        assertThat(problems(output)).singleElement().asString().contains("--mode=hourly");
    }

    @ParameterizedTest
    @CsvSource({
        "--mode=cutover,--final-lsn",
        "--mode=cutover --final-lsn=0/,--final-lsn is",
        "--mode=cutover --final-lsn=-5,--final-lsn is",
        "--mode=cutover --final-lsn=5 --snapshot=a,takes no --snapshot",
        "--mode=cutover --final-lsn=5 --snapshot-lsn=5,takes no --snapshot-lsn",
        "--mode=hourly --final-lsn=5,takes no --final-lsn",
        "--mode=post-backfill --snapshot-lsn=5,needs --snapshot",
        "--mode=post-backfill --snapshot=a,--snapshot is",
        "--mode=post-backfill --snapshot=00000003-0000001B-1,needs --snapshot-lsn",
        "--mode=cutover --final-lsn=5 --simulated-clock=2026-11-01T12:00:00Z,takes no --simulated-clock",
        "--mode=hourly --simulated-hours=2,needs --simulated-clock",
        "--simulated-clock=2026-11-01T12:00:00Z --simulated-hours=0,--simulated-hours is 1 to 168",
        "--simulated-clock=2026-11-01T12:00:00Z --simulated-hours=169,--simulated-hours is 1 to 168",
        "--mode=hourly --shadow.target.url=,shadow.target.url is missing"
    })
    void refusesOptionsThatDoNotBelongTogether(String options, String problem, CapturedOutput output)
            throws IOException {
        int code = run(CONTRACT, options.split(" "));

        assertThat(code).isEqualTo(3);
        assertThat(problems(output)).singleElement().asString().contains(problem);
    }

    @Test
    void needsNoTargetAtCutover(CapturedOutput output) throws IOException {
        int code = run(
                CONTRACT, "--mode=cutover", "--final-lsn=0/16B3748", "--shadow.target.url=", "--shadow.target.user=");

        assertThat(code).isEqualTo(4);
        assertThat(output.getErr()).contains("shadow-api did not answer");
    }

    @Test
    void refusesAnOptionThatDoesNotExist(CapturedOutput output) throws IOException {
        int code = run(CONTRACT, "--fail_on=dirty");

        assertThat(code).isEqualTo(3);
        assertThat(problems(output)).singleElement().asString().contains("--fail_on");
    }

    @Test
    void endsWithFourWhenTheApiDoesNotAnswer(CapturedOutput output) throws IOException {
        int code = run(CONTRACT, "--fail-on", "dirty", "--output", "json");

        assertThat(code).isEqualTo(4);
        assertThat(output.getErr()).contains("shadow-api did not answer").doesNotContain("\tat ");
        assertThat(output.getOut()).contains("\"state\":\"FAILED\"", "\"command\":\"verify run\"", "did not answer");
    }

    @Test
    void doesNothingWhenItIsSwitchedOff() throws IOException {
        assertThat(run(CONTRACT, "--shadow.disabled=true")).isZero();
    }

    private int run(String contract, String... more) throws IOException {
        Path file = Files.writeString(folder.resolve("contract.json"), contract);
        List<String> arguments = new ArrayList<>(List.of(
                "--shadow.contract.location=" + file,
                "--shadow.migration-id=test",
                "--shadow.api.url=http://127.0.0.1:" + unusedPort(),
                "--shadow.api.patience=1s",
                "--shadow.source.url=jdbc:postgresql://127.0.0.1:1/none",
                "--shadow.source.user=nobody",
                "--shadow.target.url=jdbc:postgresql://127.0.0.1:1/none",
                "--shadow.target.user=nobody"));
        for (String one : more) {
            String name = one.split("=", 2)[0];
            arguments.removeIf(given -> given.startsWith(name + "="));
        }
        arguments.addAll(List.of(more));
        return VerifierApplication.run(arguments.toArray(String[]::new));
    }

    private static int unusedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static List<String> problems(CapturedOutput output) {
        return output.getErr().lines().filter(line -> line.contains("ERROR")).toList();
    }
}
