package io.shadowwrite.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.protocol.RunStart;
import io.shadowwrite.protocol.TickClock;
import io.shadowwrite.protocol.VerifierRun;
import io.shadowwrite.verification.TickResult;
import io.shadowwrite.verification.pin.PinKind;
import io.shadowwrite.verification.verdict.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.postgresql.replication.LogSequenceNumber;

class RunsTest {

    private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");

    @Test
    void keepsTheHourForWhichTheRunBeganWhenThePinCameInTheNextOne() {
        Instant lateInTheHour = NOON.plus(Duration.ofMinutes(59));
        RunStart start = new RunStart(UUID.randomUUID(), Mode.HOURLY.label(), NOON, TickClock.SOURCE, lateInTheHour);

        VerifierRun run = Runs.of(start, Mode.HOURLY, pinnedAt(NOON.plus(Duration.ofHours(1))));

        assertThat(run.runId()).isEqualTo(start.runId());
        assertThat(run.tickHour()).isEqualTo(NOON);
    }

    @Test
    void givesTheHourBackOfARunThatWasLeftOutAfterItHadBegun() {
        RunStart start = new RunStart(UUID.randomUUID(), Mode.HOURLY.label(), NOON, TickClock.SOURCE, NOON);

        VerifierRun run = Runs.ofNoHour(start, Mode.HOURLY, pinnedAt(NOON));

        assertThat(run.runId()).isEqualTo(start.runId());
        assertThat(run.mode()).isEqualTo(start.mode());
        assertThat(run.tickHour()).isNull();
    }

    private static TickResult pinnedAt(Instant hour) {
        return new TickResult(
                hour,
                LogSequenceNumber.valueOf(4_711),
                hour,
                hour,
                Verdict.CLEAN,
                "a reason",
                0,
                List.of(),
                Map.of(),
                0,
                List.of(),
                List.of(),
                PinKind.BARRIER,
                null,
                null);
    }
}
