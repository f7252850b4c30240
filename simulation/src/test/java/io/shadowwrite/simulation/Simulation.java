package io.shadowwrite.simulation;

import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.ContractReader;
import io.shadowwrite.protocol.GapPolicy;
import io.shadowwrite.protocol.Side;
import io.shadowwrite.protocol.TickClock;
import io.shadowwrite.protocol.Window;
import io.shadowwrite.replication.wal2json.Wal2JsonOptions;
import io.shadowwrite.simulation.Source.Change;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** One run: two consumers and two slot readers, each pair with one slot, and all that happens to them and around them. */
final class Simulation {

    static final Contract CONTRACT = contract();
    static final Window WINDOW = new Window(
            "simulation",
            "primary",
            Source.lsn(Source.BASELINE),
            "verifier",
            Source.lsn(Source.BASELINE),
            Reader.IDENTITY.systemIdentifier(),
            Reader.IDENTITY.timeline(),
            Wal2JsonOptions.frozen().hash(),
            CONTRACT.sha256(),
            168,
            GapPolicy.RESET,
            TickClock.SOURCE);

    private static final Duration BEAT = Duration.ofSeconds(10);
    private static final int MOST_BEATS = 30;
    private static final int KEYS = 9;

    /** What a reader says when the source has forgotten what the target lacks, or the target what it had. */
    private static final Pattern LOUD =
            Pattern.compile("^(SLOT_AHEAD|BROKEN_INVARIANT): (slot |the stored position went back)");

    private final List<Deed> deeds;
    private final Machine machine;
    private final Source source;
    private final Target target;
    private final Network network;
    private final Invariants invariants;
    private final List<Reader> consumers;
    private final List<Reader> slotReaders;
    private final List<Reader> readers;
    private final Machine.Host director = new Machine.Host("director");

    /** Where something was lost that no reader can bring back. */
    private final Set<Side> forAPerson = EnumSet.noneOf(Side.class);

    private boolean halted;

    private int names;

    /**
     * What a run came to.
     *
     * @param halted whether a reader waits for a person at its end
     */
    record Outcome(int steps, int changes, boolean halted) {}

    /**
     * Prepares a run.
     *
     * @param calls gets every call in the order in which the target answered it
     * @param trace gets what happens; null when nobody reads it
     */
    Simulation(long seed, List<Deed> deeds, Mutation mutation, Target.Ear calls, @Nullable List<String> trace) {
        this.deeds = deeds;
        this.machine = new Machine(new Random(~seed), this::check, trace);
        this.source = new Source(machine, mutation, WINDOW.consumerSlot(), WINDOW.verifierSlot());
        this.target = new Target(WINDOW, mutation, calls);
        if (deeds.stream().anyMatch(deed -> deed.kind() == Deed.Kind.TARGET_GOES_BACK)) {
            target.keepPast();
        }
        this.network = new Network(machine, target);
        this.consumers = List.of(
                reader("consumer-1", Side.CONSUMER, WINDOW.consumerSlot()),
                reader("consumer-2", Side.CONSUMER, WINDOW.consumerSlot()));
        this.slotReaders = List.of(
                reader("slot-reader-1", Side.VERIFIER, WINDOW.verifierSlot()),
                reader("slot-reader-2", Side.VERIFIER, WINDOW.verifierSlot()));
        this.readers = Stream.concat(consumers.stream(), slotReaders.stream()).toList();
        this.invariants = new Invariants(source, target, WINDOW);
    }

    private Reader reader(String name, Side side, String slot) {
        return new Reader(name, side, slot, CONTRACT, machine, source, network);
    }

    /** Runs to the end, where everything has come to rest; throws as soon as something is as it must never be. */
    Outcome run() {
        machine.run(director, this::direct);
        return new Outcome(machine.steps(), changes(), halted);
    }

    /** Changes that were committed. */
    int changes() {
        return source.log().stream().mapToInt(each -> each.changes().size()).sum();
    }

    /** The rows that the source is left with. */
    Map<Long, String> rows() {
        return source.rowsAfter(source.log().size());
    }

    private void check() {
        invariants.check();
        for (Reader reader : readers) {
            String halt = reader.halt();
            if (halt != null
                    && !(forAPerson.contains(reader.side())
                            && LOUD.matcher(halt).find())) {
                throw new AssertionError("%s halted: %s".formatted(reader, halt));
            }
        }
    }

    /** Whether a reader waits for a person, as it has to when the source has forgotten what the target lacks. */
    private boolean isHalted() {
        return readers.stream().anyMatch(reader -> reader.halt() != null);
    }

    private void direct() {
        readers.forEach(Reader::start);
        for (Deed deed : deeds) {
            machine.sleep(deed.after().toNanos());
            machine.trace(() -> "--- " + deed.kind());
            perform(deed.kind(), new Random(deed.seed()));
        }
        comeToRest();
        invariants.tick();
        halted = isHalted();
        machine.finish();
    }

    private void perform(Deed.Kind kind, Random random) {
        switch (kind) {
            case COMMIT -> source.commit(changes(random));
            case LOG_MOVES -> source.moveOn();
            case CHECKPOINT -> source.checkpoint();
            case KILL_CONSUMER -> kill(one(consumers, random), random);
            case KILL_SLOT_READER -> kill(one(slotReaders, random), random);
            case STOP_READER -> stop(one(readers, random), random);
            case FREEZE_CONSUMER -> one(consumers, random).freeze(upTo(20_000, random));
            case FREEZE_SLOT_READER -> one(slotReaders, random).freeze(upTo(20_000, random));
            case CUT_SLOT -> source.cut(random.nextInt(3) > 0 ? WINDOW.consumerSlot() : WINDOW.verifierSlot());
            case SOURCE_CRASHES -> {
                source.crash();
                later(upTo(3_000, random), source::restart);
            }
            case API_GOES_AWAY -> {
                network.goDown();
                later(upTo(6_000, random), network::comeUp);
            }
            case NETWORK_CHANGES ->
                network.become(random.nextInt(3) * random.nextInt(20), upTo(random.nextBoolean() ? 3 : 500, random));
            case HOLD -> {
                target.halt(haltAt(random));
                later(upTo(3_000, random), target::resume);
            }
            case TICK -> invariants.tick();
            case TARGET_GOES_BACK -> {
                network.goDown();
                goBack(random.nextInt(6));
                later(upTo(1_000, random), network::comeUp);
            }
            case SLOT_IS_ADVANCED -> advance(random.nextBoolean() ? Side.CONSUMER : Side.VERIFIER);
        }
    }

    private void goBack(int calls) {
        Map<Side, LogSequenceNumber> before = new EnumMap<>(Side.class);
        for (Side side : Side.values()) {
            before.put(side, target.stored(side));
        }
        target.goBack(calls);
        invariants.targetWentBack();
        before.forEach((side, stored) -> {
            if (target.stored(side).compareTo(stored) < 0) {
                forAPerson.add(side);
            }
        });
    }

    private void advance(Side side) {
        if (source.advance(slot(side)) && source.end() > target.stored(side).asLong()) {
            forAPerson.add(side);
        }
    }

    private static String slot(Side side) {
        return switch (side) {
            case CONSUMER -> WINDOW.consumerSlot();
            case VERIFIER -> WINDOW.verifierSlot();
        };
    }

    /** Where the next transaction commits, if it has that many changes; or where the position is. */
    private @Nullable LogSequenceNumber haltAt(Random random) {
        return random.nextBoolean() ? null : Source.lsn(source.end() + 8L * (1 + random.nextInt(KEYS)));
    }

    private static Reader one(List<Reader> readers, Random random) {
        return readers.get(random.nextInt(readers.size()));
    }

    /** As whoever runs it does before an update: asks first, and does not wait for ever. */
    private void stop(Reader reader, Random random) {
        reader.stop();
        later(upTo(9_000, random), () -> kill(reader, random));
    }

    private void kill(Reader reader, Random random) {
        reader.kill();
        later(upTo(2_000, random), () -> startAgain(reader));
    }

    private static void startAgain(Reader reader) {
        if (reader.isDead()) {
            reader.start();
        }
    }

    private void later(Duration time, Runnable work) {
        machine.start(director, () -> {
            machine.sleep(time.toNanos());
            work.run();
        });
    }

    private static Duration upTo(int millis, Random random) {
        return Duration.ofMillis(1 + random.nextInt(millis));
    }

    /** Inserts, updates, changes of the key and deletes, as the rows allow. */
    private List<Change> changes(Random random) {
        Map<Long, String> rows = new TreeMap<>(source.rowsAfter(source.log().size()));
        List<Change> changes = new ArrayList<>();
        int count = random.nextInt(10) == 0 ? 0 : random.nextInt(1, 10);
        for (int i = 0; i < count; i++) {
            Change change = change(rows, random);
            rows.remove(change.formerId());
            if (change.action() != 'D') {
                rows.put(change.id(), change.name());
            }
            changes.add(change);
        }
        return changes;
    }

    private Change change(Map<Long, String> rows, Random random) {
        long id = random.nextInt(KEYS);
        String name = "name " + names++;
        if (!rows.containsKey(id)) {
            return new Change('I', id, id, name);
        }
        if (random.nextInt(4) == 0) {
            return new Change('D', id, id, name);
        }
        long other = random.nextInt(KEYS);
        return new Change('U', rows.containsKey(other) ? id : other, id, name);
    }

    /** Nothing is in the way any longer, so everything must arrive; the heartbeat shows a target that went back. */
    private void comeToRest() {
        machine.trace(() -> "--- nothing is in the way any longer");
        network.heal();
        source.restart();
        target.resume();
        readers.forEach(Reader::thaw);
        readers.forEach(Simulation::startAgain);
        for (int beat = 0; beat < MOST_BEATS && !isOver(); beat++) {
            source.commit(List.of());
            machine.await(this::isOver, BEAT.toNanos());
        }
        if (!isOver()) {
            throw new AssertionError("it does not come to rest: " + invariants);
        }
    }

    /** A side that waits for a person must not keep the other from coming to rest. */
    private boolean isOver() {
        return Stream.of(Side.values()).allMatch(side -> invariants.isAtRest(side) || isHalted(side));
    }

    private boolean isHalted(Side side) {
        return readers.stream().anyMatch(reader -> reader.side() == side && reader.halt() != null);
    }

    private static Contract contract() {
        try (InputStream file = Objects.requireNonNull(Simulation.class.getResourceAsStream("/contract.json"))) {
            return new ContractReader().read("contract.json", file.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
