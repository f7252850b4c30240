package io.shadowwrite.cli.cutover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.shadowwrite.protocol.Hold;
import io.shadowwrite.protocol.ReaderPosition;
import io.shadowwrite.protocol.Side;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.replication.LogSequenceNumber;

/** A drain ends when both readers are there, with its time, or with a reader that does nothing more. */
@Timeout(60)
class DrainTest {

    private static final String HOLDER = "cutover 01900000-0000-7000-8000-000000000001 fence=operator by ada";
    private static final LogSequenceNumber FINAL = LogSequenceNumber.valueOf(5_000);
    private static final LogSequenceNumber BEHIND = LogSequenceNumber.valueOf(5_100);
    private static final LogSequenceNumber BEFORE = LogSequenceNumber.valueOf(4_000);

    /** Nobody waits for it unless the test fails. */
    private static final Duration LONG = Duration.ofMinutes(10);

    private final GatePeer peer = new GatePeer();

    private GateHold gate;

    @BeforeEach
    void takeTheGate() {
        peer.stands("CUTTING_OVER", new Hold(HOLDER, Hold.Kind.GATE, FINAL, Instant.EPOCH));
        gate = GateHold.take(peer.api(), HOLDER, LONG);
    }

    @AfterEach
    void close() throws InterruptedException {
        gate.release();
        peer.close();
    }

    private Drain drain(Duration bound) {
        return new Drain(peer.api(), gate, new StepLines(new PrintWriter(new StringWriter())), bound);
    }

    private static ReaderPosition reader(Side side, LogSequenceNumber at, String state, @Nullable String reason) {
        return new ReaderPosition(side, at, at, at, state, reason, Instant.EPOCH);
    }

    @Test
    void endsWhenBothReadersAreThere() throws InterruptedException {
        peer.readersAre(List.of(
                reader(Side.CONSUMER, FINAL, "HOLDING", null), reader(Side.VERIFIER, BEHIND, "STREAMING", null)));

        drain(LONG).until(FINAL, BEHIND);

        assertThat(peer.told()).containsOnly("/shadow/cutover/halt-target");
    }

    @Test
    void doesNotWaitForAReaderThatHasHaltedAndSaysWhy() {
        peer.readersAre(List.of(
                reader(Side.CONSUMER, BEFORE, "HALTED", "SCHEMA_DRIFT: as the test wants it"),
                reader(Side.VERIFIER, BEHIND, "STREAMING", null)));

        CutoverBlocked blocked =
                catchThrowableOfType(CutoverBlocked.class, () -> drain(LONG).until(FINAL, BEHIND));

        assertThat(blocked.code()).isEqualTo("NOT_DRAINED");
        assertThat(blocked.detail()).contains("CONSUMER", "SCHEMA_DRIFT: as the test wants it");
    }

    @Test
    void endsWithItsTimeWhileAReaderIsBehind() {
        peer.readersAre(List.of(
                reader(Side.CONSUMER, BEFORE, "HOLDING", null), reader(Side.VERIFIER, BEHIND, "STREAMING", null)));

        CutoverBlocked blocked = catchThrowableOfType(
                CutoverBlocked.class, () -> drain(Duration.ofMillis(300)).until(FINAL, BEHIND));

        assertThat(blocked.code()).isEqualTo("NOT_DRAINED");
        assertThat(blocked.detail()).contains("1000 bytes are left");
    }
}
