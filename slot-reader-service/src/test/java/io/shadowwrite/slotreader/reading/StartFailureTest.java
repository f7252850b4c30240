package io.shadowwrite.slotreader.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.shadowwrite.delivery.testing.SourceFixture;
import io.shadowwrite.program.StartFailure;
import io.shadowwrite.protocol.ExitCode;
import io.shadowwrite.slotreader.SlotReaderApplication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;

/** That the whole program comes as far as its source, and no further with a setting it does not know. */
class StartFailureTest {

    @TempDir
    private Path directory;

    @Test
    void anUnknownSettingEndsWithThree() throws IOException {
        StartFailure failure = start("--shadow.reading.max-recipts=1");

        assertThat(failure.exitCode()).isEqualTo(ExitCode.INVALID);
        assertThat(failure.getMessage()).contains("shadow.reading.max-recipts");
    }

    @Test
    void aSourceThatCannotBeReachedEndsWithFour() throws IOException {
        StartFailure failure = start("--shadow.disabled=false");

        assertThat(failure.exitCode()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(failure.getMessage()).contains("CONNECTION_REFUSED");
    }

    private StartFailure start(String option) throws IOException {
        Path contract = Files.writeString(directory.resolve("contract.json"), SourceFixture.CONTRACT);
        Throwable thrown = catchThrowable(() -> SpringApplication.run(
                SlotReaderApplication.class,
                "--server.port=0",
                "--shadow.migration-id=test",
                "--shadow.contract.location=" + contract,
                "--shadow.source.url=jdbc:postgresql://127.0.0.1:1/nothing",
                "--shadow.source.user=nobody",
                option));
        return StartFailure.in(thrown).orElseThrow(() -> new AssertionError("an unexpected failure", thrown));
    }
}
