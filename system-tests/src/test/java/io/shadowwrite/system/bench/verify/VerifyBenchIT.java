package io.shadowwrite.system.bench.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.shadowwrite.system.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The benchmark at a size at which no figure means anything, so none is judged. */
class VerifyBenchIT {

    @Test
    @Timeout(300)
    void findsBothSidesEqualAndTellsWhatItMeasured() throws IOException {
        Path json = Checkout.freshDirectory("verify-bench-it").resolve("verify.json");

        VerifyReport report = VerifyBench.run(VerifyOptions.parse(
                "--home",
                Checkout.HOME.toString(),
                "--rows",
                "2000",
                "--rounds",
                "1",
                "--readers",
                "2",
                "--json",
                json.toString()));

        assertThat(report.sourceRows()).isGreaterThan(2_000).isEqualTo(report.targetRows());
        assertThat(report.mapped()).isGreaterThan(2_000);
        assertThat(report.plain()).hasSize(1);
        assertThat(report.merge()).hasSize(1);
        assertThat(report.verifier()).singleElement().satisfies(pass -> {
            assertThat(pass.seconds()).isPositive();
            assertThat(pass.cpu()).isPositive();
        });
        assertThat(report.peakHeap()).isPositive();
        assertThat(report.text()).contains("verifier / plain scan", "verifier / sorted merge", ">= 0.4");
        assertThat(Files.readString(json)).contains("\"must_reached\"", "\"source_cpu\"", "\"key_map_rows\"");
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VerifyOptions.parse("--fast"))
                .withMessageContaining("--fast");
        assertThatIllegalArgumentException().isThrownBy(() -> VerifyOptions.parse("--rows", "1"));
        assertThatIllegalArgumentException().isThrownBy(() -> VerifyOptions.parse("--rows"));
    }
}
