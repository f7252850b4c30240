package io.shadowwrite.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.shadowwrite.program.StartFailure;
import io.shadowwrite.protocol.ExitCode;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;

class StartFailureTest {

    @Test
    void anUnknownSettingEndsWithThree() {
        Throwable thrown = catchThrowable(() -> SpringApplication.run(
                ConsumerApplication.class,
                "--server.port=0",
                "--shadow.migration-id=test",
                "--shadow.contract.location=never read",
                "--shadow.source.url=jdbc:postgresql://127.0.0.1:1/nothing",
                "--shadow.source.user=nobody",
                "--shadow.delivery.max-chagnes=1"));

        assertThat(StartFailure.in(thrown)).hasValueSatisfying(failure -> {
            assertThat(failure.exitCode()).isEqualTo(ExitCode.INVALID);
            assertThat(failure.getMessage()).contains("shadow.delivery.max-chagnes");
        });
    }
}
