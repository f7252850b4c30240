package io.shadowwrite.slotreader.reading;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.shadowwrite.protocol.Operation;
import io.shadowwrite.protocol.ReaderState;
import io.shadowwrite.protocol.Receipt;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The figures of the reading. LSNs are byte positions, so their differences are bytes. */
final class ReadingMetrics {

    private static final Tags READER = Tags.of("reader", "verifier");

    private final Map<Operation, Counter> receipts = new EnumMap<>(Operation.class);

    ReadingMetrics(MeterRegistry registry, Progress progress) {
        gauge(registry, progress, "shadow.received.lsn", each -> each.received().asLong());
        gauge(registry, progress, "shadow.applied.lsn", each -> each.applied().asLong());
        gauge(registry, progress, "shadow.flushed.lsn", each -> each.flushed().asLong());
        gauge(registry, progress, "shadow.inflight.changes", Progress::inFlightChanges);
        gauge(registry, progress, "shadow.inflight.bytes", Progress::inFlightBytes);
        for (Operation operation : Operation.values()) {
            Tags tags = READER.and("operation", tag(operation));
            receipts.put(operation, registry.counter("shadow.receipts", tags));
        }
        for (ReaderState state : ReaderState.values()) {
            Gauge.builder(
                            "shadow.reader.state",
                            progress,
                            each -> each.situation().state() == state ? 1 : 0)
                    .description("1 for the state the reader is in")
                    .tags(READER.and("state", tag(state)))
                    .register(registry);
        }
    }

    /** Counts receipts that the API has just answered for. */
    void attested(List<Receipt> attested) {
        for (Receipt receipt : attested) {
            requireNonNull(receipts.get(receipt.operation())).increment();
        }
    }

    private static void gauge(
            MeterRegistry registry, Progress progress, String name, ToDoubleFunction<Progress> value) {
        Gauge.builder(name, progress, value).tags(READER).register(registry);
    }

    private static String tag(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
