package io.shadowwrite.simulation;

import io.shadowwrite.consumer.delivery.SimulatedConsumer;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.delivery.Progress;
import io.shadowwrite.delivery.ReaderLoop;
import io.shadowwrite.delivery.StopSignal;
import io.shadowwrite.program.SourceLook;
import io.shadowwrite.protocol.PatientCaller;
import io.shadowwrite.protocol.ReaderState;
import io.shadowwrite.protocol.Side;
import io.shadowwrite.replication.TableName;
import io.shadowwrite.replication.source.SourceColumn;
import io.shadowwrite.replication.source.SourceConnection;
import io.shadowwrite.replication.source.SourceIdentity;
import io.shadowwrite.replication.stream.ChangeStream;
import io.shadowwrite.replication.stream.SimulatedStream;
import io.shadowwrite.replication.stream.SlotSettings;
import io.shadowwrite.slotreader.reading.SimulatedSlotReader;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** One instance of a reader: the product's own program on a simulated machine, started again whenever it was killed. */
final class Reader {

    static final SourceIdentity IDENTITY = new SourceIdentity("7000", 1, 150_018);

    private static final TableName TABLE = new TableName("app", "partner");
    private static final SourceLook FIT = new SourceLook(
            List.of(
                    new SourceColumn(TABLE, "id", "bigint", true, "="),
                    new SourceColumn(TABLE, "name", "text", true, "=")),
            List.of(),
            List.of());
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(400);

    /** Short beside a run of half a minute, so that looks and reports meet everything that happens. */
    private static final Duration INTERVAL = Duration.ofSeconds(3);

    private static final Duration NEVER = Duration.ofDays(1);

    private final String name;
    private final Side side;
    private final SlotSettings slot;
    private final Contract contract;
    private final Machine machine;
    private final Source source;
    private final Network network;

    private Machine.Host host = new Machine.Host("not started");
    private Progress progress = new Progress();
    private StopSignal stop;

    Reader(String name, Side side, String slot, Contract contract, Machine machine, Source source, Network network) {
        this.name = name;
        this.side = side;
        this.slot = settings(name, slot, side == Side.CONSUMER ? 1_000 : 4);
        this.contract = contract;
        this.machine = machine;
        this.source = source;
        this.network = network;
        this.stop = new StopSignal(machine);
    }

    private static SlotSettings settings(String name, String slot, int partChanges) {
        SourceConnection nowhere = new SourceConnection("jdbc:postgresql://nowhere/nothing", "nobody", "");
        return new SlotSettings(
                nowhere,
                slot,
                name,
                Duration.ofSeconds(5),
                12,
                1 << 20,
                partChanges,
                1 << 20,
                1 << 20,
                NEVER,
                IDENTITY);
    }

    void start() {
        host = new Machine.Host(name);
        progress = new Progress();
        stop = new StopSignal(machine);
        Machine.Host own = host;
        ReaderLoop loop = loop();
        machine.start(own, () -> {
            loop.run();
            // The stream's thread may say how far it got.
            machine.sleep(machine.upTo(LONGEST_PAUSE));
            own.dead = true;
        });
    }

    /** Asks it to end by itself. */
    void stop() {
        stop.raise();
    }

    private ReaderLoop loop() {
        return switch (side) {
            case CONSUMER ->
                SimulatedConsumer.loop(
                        contract,
                        slot,
                        this::open,
                        network.api(),
                        progress,
                        stop,
                        this::look,
                        INTERVAL,
                        machine,
                        machine,
                        this::patience);
            case VERIFIER ->
                SimulatedSlotReader.loop(
                        contract,
                        slot,
                        this::open,
                        network.api(),
                        progress,
                        stop,
                        this::look,
                        INTERVAL,
                        machine,
                        this::patience);
        };
    }

    /** Now and then it takes longer than whoever watches is waited for. */
    private SourceLook look() {
        machine.sleep(machine.upTo(Duration.ofMillis(machine.chance(3) ? 4_000 : 5)));
        source.requireUp();
        return FIT;
    }

    /** As the product opens a slot, with a source that takes its time. */
    private ChangeStream open(SlotSettings settings, LogSequenceNumber start) {
        machine.sleep(machine.upTo(Duration.ofMillis(3)));
        SimulatedStream.requireReadable(source.look(settings.slotName()), start);
        Session session = source.read(settings.slotName(), start.asLong());
        machine.trace(() -> "%s reads %s from %d".formatted(name, settings.slotName(), start.asLong()));
        return SimulatedStream.open(
                settings, start, IDENTITY, session, session::abandon, machine, loop -> machine.start(host, loop));
    }

    /** How long a caller waits is random in the product, so here the seed decides over it. */
    private PatientCaller patience() {
        StopSignal own = stop;
        return new PatientCaller(_ -> own.await(Duration.ofNanos(machine.upTo(LONGEST_PAUSE))), machine);
    }

    void kill() {
        host.dead = true;
    }

    boolean isDead() {
        return host.dead;
    }

    void freeze(Duration time) {
        host.frozenUntil = machine.nanoTime() + time.toNanos();
    }

    void thaw() {
        host.frozenUntil = 0;
    }

    Side side() {
        return side;
    }

    /** Why it waits for a person; null when it does not. */
    @Nullable String halt() {
        Progress.Situation situation = progress.situation();
        return situation.state() == ReaderState.HALTED && !host.dead ? String.valueOf(situation.reason()) : null;
    }

    @Override
    public String toString() {
        return name;
    }
}
