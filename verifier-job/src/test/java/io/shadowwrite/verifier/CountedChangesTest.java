package io.shadowwrite.verifier;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.ShadowApiClient;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.replication.LogSequenceNumber;

class CountedChangesTest {

    @Test
    @Timeout(60)
    void losesNoVerdictToAQuestionWithoutAnAnswer() {
        ShadowApi nobody = ShadowApiClient.connect(URI.create("http://127.0.0.1:1"), "token", Duration.ofSeconds(5));

        assertThatCode(() -> new CountedChanges(nobody, Duration.ofSeconds(1)).await(LogSequenceNumber.valueOf(1)))
                .doesNotThrowAnyException();
    }
}
