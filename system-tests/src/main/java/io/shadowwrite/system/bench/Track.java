package io.shadowwrite.system.bench;

import io.shadowwrite.system.bench.report.Latency;
import io.shadowwrite.system.bench.report.Measurement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Where contenders are timed, one at a time. For one thread. */
final class Track {

    private static final Duration CAUGHT_UP_WITHIN = Duration.ofMinutes(20);
    private static final Duration LOOK_EVERY = Duration.ofMillis(5);
    private static final Duration LOOK_CLOSELY_EVERY = Duration.ofMillis(1);

    private static final String WAL = "SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn";
    private static final String IS_READ = "SELECT count(*) FROM pg_replication_slots WHERE slot_name = ? AND active";
    private static final String SIZE = "SELECT pg_database_size(current_database())";

    private final Source source;
    private final Map<Contender, Backlog> reached = new HashMap<>();
    private @Nullable Backlog last;

    Track(Source source) {
        this.source = source;
    }

    /** What everybody has to reach from now on. */
    void lay(Backlog backlog) {
        last = backlog;
    }

    /** Lets a contender catch up without timing it, unless it has. */
    void settle(Contender contender) {
        Backlog backlog = last;
        if (backlog != null && !backlog.equals(reached.get(contender))) {
            try (Observer there = new Observer(contender.target())) {
                contender.release();
                awaitCaughtUp(contender, backlog, there);
                finish(contender, backlog, there);
            }
        }
    }

    /** Times a contender that has settled before the backlog was written. */
    Measurement time(Contender contender, Backlog backlog) {
        try (Observer here = new Observer(source.database());
                Observer there = new Observer(contender.target())) {
            List<Cpu.Server> servers = List.of(
                    new Cpu.Server("source", here.backend(), List.of(here.backend())),
                    new Cpu.Server("target", there.backend(), List.of(there.backend())));
            long wal = there.number(WAL);
            long size = there.number(SIZE);
            contender.release();
            awaitReading(contender, here);
            long started = System.nanoTime();
            Cpu before = Cpu.now(contender.processes(), servers);
            awaitCaughtUp(contender, backlog, there);
            double seconds = (System.nanoTime() - started) / 1e9;
            Map<String, Double> cpu = Cpu.now(contender.processes(), servers).since(before);
            Measurement measurement = new Measurement(
                    contender.entrant(),
                    backlog.load(),
                    backlog.events(),
                    seconds,
                    cpu,
                    there.number(WAL) - wal,
                    there.number(SIZE) - size);
            finish(contender, backlog, there);
            return measurement;
        }
    }

    /** Times single commits at a steady low rate. */
    Latency latency(Contender contender, int commits) {
        settle(contender);
        contender.release();
        try (Observer here = new Observer(source.database())) {
            awaitReading(contender, here);
        }
        LatencyProbe probe = new LatencyProbe(source.database(), contender, commits);
        try {
            return probe.run();
        } finally {
            contender.rest();
        }
    }

    /** Finding its source again is not part of what is measured, and costs each of them something else. */
    private static void awaitReading(Contender contender, Observer here) {
        long deadline = System.nanoTime() + Contender.PATIENCE.toNanos();
        for (String slot : contender.slots()) {
            while (here.number(IS_READ, slot) == 0) {
                if (System.nanoTime() - deadline > 0) {
                    throw new BenchFailed("%s does not read its slot %s"
                            .formatted(contender.entrant().title(), slot));
                }
                LockSupport.parkNanos(LOOK_CLOSELY_EVERY.toNanos());
            }
        }
    }

    private static void awaitCaughtUp(Contender contender, Backlog backlog, Observer there) {
        long deadline = System.nanoTime() + CAUGHT_UP_WITHIN.toNanos();
        while (!contender.reached(backlog, there)) {
            if (System.nanoTime() - deadline > 0) {
                throw new BenchFailed("%s has not caught up within %s"
                        .formatted(contender.entrant().title(), CAUGHT_UP_WITHIN));
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }

    /** A result that is wrong is not measured. */
    private void finish(Contender contender, Backlog backlog, Observer there) {
        contender.rest();
        String wanted = source.database().queryForString(Source.IMAGE);
        String found = contender.target().queryForString(contender.image());
        if (wanted == null || !wanted.equals(found)) {
            throw new BenchFailed(
                    "%s holds %s instead of %s".formatted(contender.entrant().title(), found, wanted));
        }
        contender.check(backlog, there);
        reached.put(contender, backlog);
    }
}
