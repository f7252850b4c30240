package io.shadowwrite.system.kills;

import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.ContractReader;
import io.shadowwrite.protocol.Window;
import io.shadowwrite.system.House;
import io.shadowwrite.system.suite.Program;
import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * One run: traffic, blows from a schedule, a supervisor that starts everything again, and at the end the {@link Hearing} of
 * the witness. The same seed gives the same victims, pauses and seeds of the traffic; what meets what at which statement is
 * up to the machine.
 */
final class KillRun {

    private static final double CHANGES_PER_SECOND = 300;
    private static final Duration RECOVERED_WITHIN = Duration.ofMinutes(5);
    /** What each kill adds to the time that may be spent on waiting for recoveries, so that a slow machine ends, too. */
    private static final Duration PATIENCE_PER_KILL = Duration.ofSeconds(6);

    private static final long LOOK_EVERY_MILLIS = 150;
    private static final int REPORT_EVERY_KILLS = 10;

    private final House house;
    private final Contract contract = new ContractReader().read(House.contractFile());
    private final long seed;
    private final Iterator<Strike> strikes;
    private final Cuts cuts;
    private final Consumer<String> progress;
    private final Supervisor supervisor;
    private final Gauge gauge;
    private Duration patience = Duration.ofSeconds(60);
    private int reported;

    /** Strikes until there are no more, and tells once in a while how far it is. */
    KillRun(House house, long seed, Iterator<Strike> strikes, Cuts cuts, Consumer<String> progress) {
        this.house = house;
        this.seed = seed;
        this.strikes = strikes;
        this.cuts = cuts;
        this.progress = progress;
        this.supervisor = new Supervisor(house);
        Window window = house.api().verifierState().window();
        this.gauge = new Gauge(house.source(), house.target(), window.consumerSlot(), window.verifierSlot());
    }

    /** Runs, and leaves the house drained and as it was, but for an oracle that has begun again. */
    Score run() {
        List<PostgresServer> servers = List.of(house.sourceServer(), house.targetServer());
        servers.forEach(server -> sync(server.admin(), true));
        try (Witness witness = Witness.call(house.sourceServer(), house.source(), contract)) {
            Hearing hearing = new Hearing(house, contract);
            long haltsBefore = halts();
            strikeUnderTraffic();
            house.drain();
            long halted = halts() - haltsBefore;
            if (halted != 0) {
                throw new AssertionError("%d reader(s) halted; see %s".formatted(halted, house.logs()));
            }
            return hearing.score(seed, witness.sightings(), supervisor, cuts, gauge);
        } finally {
            servers.forEach(server -> sync(server.admin(), false));
            house.oracle().beginAgain();
        }
    }

    /** A server that is killed loses nothing either way; but what it waits for, and so where it is hit, is as in production. */
    private static void sync(Database server, boolean on) {
        Await.until("the server answers", RECOVERED_WITHIN, () -> server.queryForLong("SELECT 1") == 1);
        for (String setting : List.of("fsync", "full_page_writes")) {
            server.execute(on ? "ALTER SYSTEM SET %s = on".formatted(setting) : "ALTER SYSTEM RESET " + setting);
        }
        server.execute("SELECT pg_reload_conf()");
        if (on) {
            Await.until("fsync is on", RECOVERED_WITHIN, () -> "on".equals(server.queryForString("SHOW fsync")));
        }
    }

    private void strikeUnderTraffic() {
        LastingTraffic traffic = new LastingTraffic(house, seed, CHANGES_PER_SECOND);
        try (traffic) {
            while (strikes.hasNext()) {
                strike(strikes.next());
                report(traffic);
                requireNoFailureOf(traffic);
            }
            awaitRecovery();
        } finally {
            supervisor.startAll();
        }
        requireNoFailureOf(traffic);
    }

    private static void requireNoFailureOf(LastingTraffic traffic) {
        Throwable failure = traffic.failure();
        if (failure != null) {
            throw new AssertionError("the traffic ended by itself", failure);
        }
    }

    private void strike(Strike strike) {
        patience = patience.plus(PATIENCE_PER_KILL.multipliedBy(strike.kills()));
        if (strike.recovered()) {
            waitWithinReason();
        }
        watch(strike.calm().dividedBy(2));
        if (cuts.maybe()) {
            gauge.disturbed();
        }
        watch(strike.calm().dividedBy(2));
        killAndStart(strike.victims(), strike.down());
        if (strike.again() != null) {
            watch(strike.again());
            killAndStart(strike.victims().subList(0, 1), strike.down());
        }
    }

    private void waitWithinReason() {
        long started = System.nanoTime();
        while (!gauge.recovered() && System.nanoTime() - started < patience.toNanos()) {
            watch(Duration.ofMillis(LOOK_EVERY_MILLIS));
        }
        patience = patience.minusNanos(System.nanoTime() - started);
    }

    private void killAndStart(List<Victim> victims, Duration down) {
        gauge.disturbed();
        victims.forEach(supervisor::kill);
        watch(down);
        victims.forEach(supervisor::start);
        gauge.started(victims);
    }

    private void watch(Duration time) {
        long until = System.nanoTime() + time.toNanos();
        for (long left = time.toMillis(); left > 0; left = (until - System.nanoTime()) / 1_000_000) {
            look();
            sleep(Math.min(left, LOOK_EVERY_MILLIS));
        }
    }

    private void awaitRecovery() {
        Await.until("both readers have caught up with the last start", RECOVERED_WITHIN, () -> {
            look();
            sleep(LOOK_EVERY_MILLIS);
            return gauge.recovered();
        });
    }

    private void look() {
        supervisor.look();
        gauge.look();
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted between two kills", e);
        }
    }

    private void report(LastingTraffic traffic) {
        if (supervisor.killed() / REPORT_EVERY_KILLS > reported) {
            reported = supervisor.killed() / REPORT_EVERY_KILLS;
            progress.accept(
                    "seed %d: %d kills so far, %,d changes, %d of %d starts caught up with; failures %s, broken %s"
                            .formatted(
                                    seed,
                                    supervisor.killed(),
                                    traffic.changes(),
                                    gauge.recoveries().stream()
                                            .filter(Recovery::isOver)
                                            .count(),
                                    gauge.recoveries().size(),
                                    supervisor.failures(),
                                    gauge.broken()));
        }
    }

    /** A reader that halted may have been killed since, so its state does not tell. */
    private long halts() {
        return Stream.of(Program.CONSUMER, Program.SLOT_READER)
                .map(program -> house.suite().log(program))
                .mapToLong(KillRun::halts)
                .sum();
    }

    private static long halts(Path log) {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.filter(line -> Objects.requireNonNull(line).contains("-> HALTED"))
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
