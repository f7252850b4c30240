package io.shadowwrite.system.bench;

import io.shadowwrite.system.bench.report.Entrant;
import io.shadowwrite.system.bench.report.Latency;
import io.shadowwrite.system.bench.report.Load;
import io.shadowwrite.system.bench.report.Machine;
import io.shadowwrite.system.bench.report.Measurement;
import io.shadowwrite.system.bench.report.Report;
import io.shadowwrite.system.bench.report.Results;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Measures how fast a backlog is caught up, from the slot to what is committed in the target, beside PostgreSQL's own
 * logical replication on the same backlogs in the same run. Servers are started for the run, sync to disk, and are thrown
 * away.
 */
public final class Bench {

    private static final long STARTED = System.nanoTime();
    private static final int MOST_LATENCY_COMMITS = 1_500;
    private static final int FILLING = 400_000;

    private final Options options;
    private final Field field;
    private final Track track;
    private final List<Measurement> measurements = new ArrayList<>();
    private final List<Latency> latencies = new ArrayList<>();

    private Bench(Options options, Field field) {
        this.options = options;
        this.field = field;
        this.track = new Track(field.source());
    }

    /** Exit code 0 when every must is reached, 1 when not, 2 when the command line makes no sense. */
    public static void main(String[] arguments) {
        if (List.of(arguments).contains("--help")) {
            System.out.print(Options.USAGE);
            return;
        }
        Options options;
        try {
            options = Options.parse(arguments);
        } catch (IllegalArgumentException usage) {
            System.err.printf("shadow bench: %s%n%n%s", usage.getMessage(), Options.USAGE);
            System.exit(2);
            return;
        }
        try {
            System.exit(run(options).passes() ? 0 : 1);
        } catch (BenchFailed | AssertionError failed) {
            System.err.println("shadow bench: " + failed.getMessage());
            System.exit(1);
        }
    }

    /** Measures, prints and stores what was asked for. */
    static Report run(Options options) {
        try (Field field = Field.open(options)) {
            Bench bench = new Bench(options, field);
            bench.warmUp();
            if (options.loads().contains(Load.TENFOLD)) {
                bench.scale();
            } else {
                bench.rounds();
                bench.latencies();
            }
            Report report = new Report(Machine.here(field.version()), new Results(bench.measurements, bench.latencies));
            System.out.print(report.text());
            if (options.json() != null) {
                Json.write(options.json(), report.tree());
            }
            return report;
        }
    }

    /** The rows to update, and enough of everything that the compilers are done. */
    private void warmUp() {
        say("servers and programs are up");
        field.source().seed();
        for (Load load : options.loads()) {
            track.lay(field.source().write(load, options.events() / 2));
        }
        if (options.loads().isEmpty()) {
            track.lay(field.source().write(Load.B, options.events() / 2));
        }
        field.contenders().forEach(contender -> {
            track.settle(contender);
            say("warm: " + contender.entrant().title());
        });
    }

    private void rounds() {
        for (int round = 1; round <= options.rounds(); round++) {
            for (Load load : Load.values()) {
                if (options.loads().contains(load)) {
                    int events = load == Load.B ? options.events() / 2 : options.events();
                    measure(load, events, Entrant.OURS, Entrant.NATIVE_OFF, Entrant.NATIVE_ON, Entrant.DEBEZIUM);
                    if (load == Load.A) {
                        // A backlog of its own, because it is our slot again.
                        measure(load, events, Entrant.OURS_BESIDE_READER);
                    }
                }
            }
        }
    }

    private void scale() {
        for (int round = 1; round <= options.rounds(); round++) {
            measure(Load.BASE, options.events(), Entrant.OURS);
        }
        measure(Load.TENFOLD, options.events() * 10, Entrant.OURS);
        fill(field.contender(Entrant.OURS));
        for (int round = 1; round <= options.rounds(); round++) {
            measure(Load.FILLED, options.events(), Entrant.OURS);
        }
    }

    private void fill(Contender contender) {
        for (long rows = 0; rows < options.rows(); rows += FILLING) {
            track.lay(field.source().write(Load.C, FILLING));
            track.settle(contender);
            say("filled with %,d rows".formatted(rows + FILLING));
        }
    }

    /** The same backlog for each of them, one after the other. */
    private void measure(Load load, int events, Entrant... entrants) {
        List<Contender> contenders = Stream.of(entrants)
                .filter(options.entrants()::contains)
                .map(field::contender)
                .toList();
        if (contenders.isEmpty()) {
            return;
        }
        contenders.forEach(track::settle);
        Backlog backlog = field.source().write(load, events);
        track.lay(backlog);
        for (Contender contender : contenders) {
            Measurement measurement = track.time(contender, backlog);
            measurements.add(measurement);
            say("%s: %s, %,d events in %.2f s, %,.0f/s"
                    .formatted(
                            load.title(),
                            contender.entrant().title(),
                            measurement.events(),
                            measurement.seconds(),
                            measurement.rate()));
        }
    }

    private void latencies() {
        if (options.latency()) {
            int commits = Math.min(MOST_LATENCY_COMMITS, options.events() / 10);
            for (Entrant entrant : List.of(Entrant.OURS, Entrant.NATIVE_OFF)) {
                if (options.entrants().contains(entrant)) {
                    latencies.add(track.latency(field.contender(entrant), commits));
                    say("latency: " + entrant.title());
                }
            }
        }
    }

    /** Progress; the results alone go to standard output. */
    static void say(String message) {
        System.err.printf(Locale.ROOT, "[%6.1fs] %s%n", (System.nanoTime() - STARTED) / 1e9, message);
    }
}
