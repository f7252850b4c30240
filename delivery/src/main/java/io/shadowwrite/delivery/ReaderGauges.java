package io.shadowwrite.delivery;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.shadowwrite.protocol.ReaderState;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The figures that every reader of a slot shows. LSNs are byte positions, so their differences are bytes. */
public final class ReaderGauges {

    private final MeterRegistry registry;
    private final Progress progress;
    private final Tags reader;

    private ReaderGauges(MeterRegistry registry, Progress progress, Tags reader) {
        this.registry = registry;
        this.progress = progress;
        this.reader = reader;
    }

    /** Registers them, under these tags. */
    public static void register(MeterRegistry registry, Progress progress, Tags reader) {
        ReaderGauges gauges = new ReaderGauges(registry, progress, reader);
        gauges.add("shadow.received.lsn", each -> each.received().asLong());
        gauges.add("shadow.applied.lsn", each -> each.applied().asLong());
        gauges.add("shadow.flushed.lsn", each -> each.flushed().asLong());
        gauges.add("shadow.inflight.changes", Progress::inFlightChanges);
        gauges.add("shadow.inflight.bytes", Progress::inFlightBytes);
        gauges.add("shadow.out.of.turn.rounds", Progress::outOfTurnRounds);
        for (ReaderState state : ReaderState.values()) {
            gauges.add(state);
        }
    }

    /** An enum constant as a tag's value. */
    public static String tag(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private void add(String name, ToDoubleFunction<Progress> value) {
        Gauge.builder(name, progress, value).tags(reader).register(registry);
    }

    private void add(ReaderState state) {
        Gauge.builder("shadow.reader.state", progress, each -> each.situation().state() == state ? 1 : 0)
                .description("1 for the state the reader is in")
                .tags(reader.and("state", tag(state)))
                .register(registry);
    }
}
