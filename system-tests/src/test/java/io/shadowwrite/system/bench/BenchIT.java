package io.shadowwrite.system.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.system.Checkout;
import io.shadowwrite.system.bench.report.Entrant;
import io.shadowwrite.system.bench.report.Load;
import io.shadowwrite.system.bench.report.Measurement;
import io.shadowwrite.system.bench.report.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The benchmark at a size at which no figure means anything, so none is judged. */
class BenchIT {

    private final Path directory = Checkout.freshDirectory("bench-it");

    @Test
    @Timeout(300)
    void everyEntrantCatchesUpWithEveryWorkload() throws IOException {
        Path json = directory.resolve("bench.json");

        Report report = Bench.run(Options.parse(
                "--home", Checkout.HOME.toString(), "--events", "2000", "--rounds", "1", "--json", json.toString()));

        Stream.of(Load.A, Load.B, Load.C)
                .forEach(load -> Stream.of(Entrant.OURS, Entrant.NATIVE_OFF)
                        .forEach(entrant -> assertThat(report.results().of(entrant, load))
                                .as("%s, %s", entrant, load)
                                .hasSize(1)));
        assertThat(report.results().of(Entrant.NATIVE_ON, Load.A)).hasSize(1);
        Measurement ours =
                report.results().of(Entrant.OURS_BESIDE_READER, Load.A).getFirst();
        assertThat(ours.events()).isEqualTo(2001);
        assertThat(ours.cpuSeconds()).containsKeys("walsender", "consumer", "slot reader", "api", "target");
        assertThat(ours.walPerEvent()).isGreaterThan(100);
        assertThat(report.results().latency(Entrant.OURS).orElseThrow().p50()).isPositive();
        assertThat(Files.readString(json)).contains("\"entrant\" : \"reader\"", "\"sync_millis\"", "\"must_reached\"");
    }
}
