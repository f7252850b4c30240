package io.shadowwrite.delivery.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.shadowwrite.delivery.testing.SourceFixture;
import io.shadowwrite.program.StartFailure;
import io.shadowwrite.protocol.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;

/** Why a reader does not start, in one line, and what it ends with. */
class StartFailureTest {

    @TempDir
    private Path directory;

    @Test
    void anUnreadableContractEndsWithThree() {
        StartFailure failure = start(directory.resolve("missing.json"));

        assertThat(failure.exitCode()).isEqualTo(ExitCode.INVALID);
        assertThat(failure.getMessage()).contains("missing.json", "cannot be read");
    }

    @Test
    void everyProblemOfAContractIsTold() throws IOException {
        Path contract = Files.writeString(
                directory.resolve("contract.json"),
                "{\"version\": 7, \"name\": \"x\", \"models\": {}, \"surces\": {}}");

        StartFailure failure = start(contract);

        assertThat(failure.exitCode()).isEqualTo(ExitCode.INVALID);
        assertThat(failure.getMessage()).contains("surces", "version");
    }

    @Test
    void anUnknownSettingEndsWithThree() throws IOException {
        StartFailure failure = start(contract(), "--shadow.slot.nmae=typo");

        assertThat(failure.exitCode()).isEqualTo(ExitCode.INVALID);
        assertThat(failure.getMessage()).contains("shadow.slot.nmae");
    }

    @Test
    void partsThatLeaveNoRoomForTheNextEndWithThree() throws IOException {
        StartFailure failure = start(contract(), "--shadow.slot.part-changes=2501");

        assertThat(failure.exitCode()).isEqualTo(ExitCode.INVALID);
        assertThat(failure.getMessage()).contains("shadow.slot.part-changes is 2501 and at most 2500");
    }

    @Test
    void aMissingSettingEndsWithThree() throws IOException {
        StartFailure failure = start(contract(), "--shadow.source.user=");

        assertThat(failure.exitCode()).isEqualTo(ExitCode.INVALID);
        assertThat(failure.getMessage()).contains("shadow.source.user is missing");
    }

    @Test
    void aSourceThatCannotBeReachedEndsWithFour() throws IOException {
        StartFailure failure = start(contract());

        assertThat(failure.exitCode()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(failure.getMessage()).contains("CONNECTION_REFUSED");
    }

    private Path contract() throws IOException {
        return Files.writeString(directory.resolve("contract.json"), SourceFixture.CONTRACT);
    }

    private static StartFailure start(Path contract, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "--shadow.slot.name=test",
                "--shadow.contract.location=" + contract,
                "--shadow.source.url=jdbc:postgresql://127.0.0.1:1/nothing",
                "--shadow.source.user=nobody"));
        // Of two values of one option the program would see both.
        for (String option : more) {
            String name = option.substring(0, option.indexOf('=') + 1);
            arguments.removeIf(argument -> argument.startsWith(name));
            arguments.add(option);
        }
        Throwable thrown =
                catchThrowable(() -> SpringApplication.run(ReaderProgram.class, arguments.toArray(String[]::new)));
        return StartFailure.in(thrown).orElseThrow(() -> new AssertionError("an unexpected failure", thrown));
    }
}
