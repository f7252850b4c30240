package io.shadowwrite.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.protocol.Finding;
import io.shadowwrite.protocol.FindingClass;
import io.shadowwrite.protocol.RunStored;
import io.shadowwrite.protocol.TickClock;
import io.shadowwrite.protocol.Verdict;
import io.shadowwrite.protocol.VerifierRun;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ReportTest {

    private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");
    private static final UUID RUN = UUID.fromString("11111111-2222-4333-8444-555555555555");

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private Report report(boolean images) {
        return new Report(new PrintStream(bytes, true, StandardCharsets.UTF_8), images);
    }

    private String told() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static StoredTick tick(int kept, long total) {
        List<Finding> findings = IntStream.range(0, kept)
                .mapToObj(i -> new Finding(
                        FindingClass.VALUE_MISMATCH,
                        "app.item",
                        "Item",
                        "{\"id\":%d}".formatted(i),
                        List.of("name"),
                        Map.of("name", "secret"),
                        Map.of("name", "other")))
                .toList();
        VerifierRun run = new VerifierRun(
                RUN,
                "cutover",
                null,
                TickClock.SOURCE,
                "paused",
                LogSequenceNumber.valueOf(4_711),
                NOON,
                NOON,
                Verdict.DIRTY,
                "a reason",
                7,
                List.of(),
                total,
                findings,
                List.of());
        return new StoredTick(run, Map.of("app.note", 3L), new RunStored(RUN, Verdict.DIRTY, "a reason", 5, 168));
    }

    @Test
    void tellsPeopleWhatWasLeftOut() {
        report(false).table(tick(60, 1_000));

        assertThat(told())
                .contains(
                        "verdict    DIRTY",
                        "mode       cutover",
                        "(paused)",
                        "hour       counts for none",
                        "findings   1000, of which 60 are kept and 50 are shown",
                        "shadow.verifier.findings-cap",
                        "./shadow verify show " + RUN)
                .doesNotContain("secret");
    }

    @Test
    void tellsNothingOfACapThatCutNothing() {
        report(true).table(tick(2, 2));

        assertThat(told())
                .contains("findings   2, of which 2 are kept and 2 are shown", "secret")
                .doesNotContain("findings-cap", "verify show");
    }

    @Test
    void wrapsTheRunForScripts() {
        report(false).json(tick(2, 9));

        JsonNode envelope = JsonMapper.builder().build().readTree(told());
        assertThat(envelope.path("command").asString()).isEqualTo("verify run");
        assertThat(envelope.path("state").asString()).isEqualTo("DIRTY");
        assertThat(envelope.path("api_version").asString()).isNotBlank();
        assertThat(envelope.path("next_steps").get(0).asString()).isEqualTo("./shadow verify show " + RUN);
        JsonNode data = envelope.path("data");
        assertThat(data.path("findings_only_counted").asInt()).isEqualTo(7);
        assertThat(data.path("required_ticks").asInt()).isEqualTo(168);
        assertThat(data.path("run").path("pin_lsn").asString()).isEqualTo("4711");
        assertThat(data.path("run").path("findings").get(0).path("source_image").isNull())
                .isTrue();
    }
}
