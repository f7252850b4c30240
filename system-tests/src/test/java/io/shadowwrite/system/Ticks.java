package io.shadowwrite.system;

import io.shadowwrite.contract.ContractReader;
import io.shadowwrite.protocol.Window;
import io.shadowwrite.replication.source.SourceConnection;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.verification.Tick;
import io.shadowwrite.verification.TickResult;
import io.shadowwrite.verification.TickSettings;
import io.shadowwrite.verification.pin.BarrierPin;
import io.shadowwrite.verification.pin.PinSettings;
import io.shadowwrite.verification.progress.Progress;
import io.shadowwrite.verification.session.TargetConnection;
import java.time.Clock;
import java.time.Duration;
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

    private final TimedHold hold;
    private final Tick tick;

    /** Verifications of a house whose window is open. */
    public Ticks(House house) {
        this.hold = new TimedHold(house.api(), "tick-of-a-test");
        Database source = house.source();
        Database target = house.target();
        this.tick = new Tick(
                new ContractReader().read(House.contractFile()),
                new BarrierPin(
                        new SourceConnection(source.jdbcUrl(), source.user(), source.password()),
                        new TargetConnection(target.jdbcUrl(), target.user(), target.password()),
                        hold,
                        PIN,
                        Progress.SILENT),
                new TickSettings(baseline(house.api().verifierState().window()), 12, 1_000, 200, false),
                Clock.systemUTC(),
                Progress.SILENT);
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

    /** How long the last tick kept the consumer waiting. */
    Duration held() {
        return hold.held();
    }
}
