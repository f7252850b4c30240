package io.shadowwrite.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.shadowwrite.program.StartFailure;
import io.shadowwrite.protocol.ExitCode;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;

class StartFailureTest {

    @ParameterizedTest
    @CsvSource({"5000, 1", "2500, 2", "1250, 4", "2147483647, 4"})
    void batchesThatFillWhatAReaderHoldsAreRefused(int maxChanges, int requestsInFlight) {
        assertThatThrownBy(() -> delivery(maxChanges, requestsInFlight))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("max-changes", "requests-in-flight", "5000", "or less");
    }

    @Test
    void batchesThatLeaveRoomAreTaken() {
        assertThat(delivery(4_999, 1).maxChanges()).isEqualTo(4_999);
        assertThat(delivery(1_249, 4).requestsInFlight()).isEqualTo(4);
    }

    private static ConsumerProperties.Delivery delivery(int maxChanges, int requestsInFlight) {
        Duration any = Duration.ofSeconds(1);
        return new ConsumerProperties.Delivery(maxChanges, requestsInFlight, any, any, any, any);
    }

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
