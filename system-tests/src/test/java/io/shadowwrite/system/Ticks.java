package io.shadowwrite.system;

import io.shadowwrite.contract.ContractReader;
import io.shadowwrite.protocol.Attestation;
import io.shadowwrite.protocol.Operation;
import io.shadowwrite.protocol.Side;
import io.shadowwrite.protocol.TickClock;
import io.shadowwrite.protocol.Verdict;
import io.shadowwrite.protocol.VerifierRun;
import io.shadowwrite.protocol.Window;
import io.shadowwrite.replication.source.SourceConnection;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.verification.Tick;
import io.shadowwrite.verification.TickResult;
import io.shadowwrite.verification.TickSettings;
import io.shadowwrite.verification.attest.ReceiptWindow;
import io.shadowwrite.verification.pin.BarrierPin;
import io.shadowwrite.verification.pin.PinSettings;
import io.shadowwrite.verification.pin.RaceWindowPin;
import io.shadowwrite.verification.progress.Progress;
import io.shadowwrite.verification.session.TargetConnection;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.postgresql.replication.LogSequenceNumber;

/** Verifications of a house inside this JVM, one after the other, to spare the start of a program for each. */
public final class Ticks {

    private static final PinSettings PIN = new PinSettings(
            2,
            Duration.ofSeconds(15),
            Duration.ofSeconds(30),
            Duration.ofSeconds(20),
            Duration.ofSeconds(20),
            Duration.ofSeconds(60));

    private final House house;
    private final TimedHold hold;
    private final Tick tick;

    /** Verifications of a house whose window is open, with the consumer held where the source's snapshot stands. */
    public Ticks(House house) {
        this(house, Progress.SILENT, false);
    }

    private Ticks(House house, Progress progress, boolean withoutHold) {
        this.house = house;
        this.hold = new TimedHold(house.api(), "tick-of-a-test");
        SourceConnection source = source(house);
        TargetConnection target = target(house);
        this.tick = new Tick(
                new ContractReader().read(House.contractFile()),
                withoutHold
                        ? new RaceWindowPin(source, target, hold, PIN, progress)
                        : new BarrierPin(source, target, hold, PIN, progress),
                new TickSettings(
                        baseline(house.api().verifierState().window()), 12, 1_000, 200, false, Duration.ofMinutes(10)),
                Clock.systemUTC(),
                progress);
    }

    /** The same, told how far they are. */
    static Ticks watched(House house, Progress progress) {
        return new Ticks(house, progress, false);
    }

    /** Verifications that hold nobody. */
    static Ticks withoutHold(House house) {
        return new Ticks(house, Progress.SILENT, true);
    }

    static SourceConnection source(House house) {
        Database source = house.source();
        return new SourceConnection(source.jdbcUrl(), source.user(), source.password());
    }

    static TargetConnection target(House house) {
        Database target = house.target();
        return new TargetConnection(target.jdbcUrl(), target.user(), target.password());
    }

    private static LogSequenceNumber baseline(Window window) {
        return window.consumerBaseline().compareTo(window.verifierBaseline()) >= 0
                ? window.consumerBaseline()
                : window.verifierBaseline();
    }

    /** Verifies everything at one LSN. */
    public TickResult run() {
        return tick.run();
    }

    /** Keeps a tick as the program does, though for no hour, so that the next one need not attest the same again. */
    void store(TickResult tick) {
        house.api()
                .storeRun(new VerifierRun(
                        UUID.randomUUID(),
                        "test",
                        null,
                        TickClock.SOURCE,
                        tick.pinKind() == null ? "none" : tick.pinKind().label(),
                        tick.pinLsn(),
                        tick.startedAt(),
                        tick.finishedAt(),
                        Verdict.valueOf(tick.verdict().name()),
                        tick.reason(),
                        tick.eventsAttested(),
                        List.of(),
                        tick.findingsTotal(),
                        List.of(),
                        tick.attested().stream().map(Ticks::attestation).toList()));
    }

    private static Attestation attestation(ReceiptWindow window) {
        return new Attestation(
                window.from(),
                window.to(),
                window.side() == ReceiptWindow.Reader.CONSUMER ? Side.CONSUMER : Side.VERIFIER,
                window.sourceTable(),
                Operation.valueOf(window.operation()),
                window.count(),
                window.sum0(),
                window.sum1());
    }

    /** How long the last tick kept the consumer waiting. */
    Duration held() {
        return hold.held();
    }
}
