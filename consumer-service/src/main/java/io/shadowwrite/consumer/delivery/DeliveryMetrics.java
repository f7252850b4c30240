package io.shadowwrite.consumer.delivery;

import static io.shadowwrite.delivery.ReaderGauges.tag;
import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.shadowwrite.delivery.Progress;
import io.shadowwrite.delivery.ReaderGauges;
import io.shadowwrite.protocol.ChangeCount;
import io.shadowwrite.protocol.Disposition;
import io.shadowwrite.protocol.Operation;
import io.shadowwrite.protocol.WriteResult;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The figures of the delivery. */
final class DeliveryMetrics {

    private static final Tags READER = Tags.of("reader", "consumer");

    private final InstantSource clock;
    private final Timer latency;
    private final Counter decoded;
    private final Counter repeated;
    private final Counter forgotten;
    private final Map<Operation, Map<Disposition, Counter>> events = new EnumMap<>(Operation.class);

    DeliveryMetrics(MeterRegistry registry, Progress progress, InstantSource clock) {
        this.clock = clock;
        this.latency = Timer.builder("shadow.apply.latency")
                .description("From the commit in the source to the answer that it is durable in the target")
                .serviceLevelObjectives(
                        Duration.ofMillis(5), Duration.ofMillis(50), Duration.ofSeconds(1), Duration.ofSeconds(30))
                .tags(READER)
                .register(registry);
        ReaderGauges.register(registry, progress, READER);
        this.decoded = Counter.builder("shadow.decoded")
                .description(
                        "Changes whose transactions were answered for; the sum of shadow.events and shadow.repeated")
                .tags(READER)
                .register(registry);
        this.repeated = repeated(registry, "kept");
        this.forgotten = repeated(registry, "dropped");
        for (Operation operation : Operation.values()) {
            events.put(operation, counters(registry, operation));
        }
    }

    private static Counter repeated(MeterRegistry registry, String receipts) {
        return Counter.builder("shadow.repeated")
                .description("Changes that were sent again although they were applied before")
                .tags(READER)
                .tag("receipts", receipts)
                .register(registry);
    }

    /**
     * What the API has just answered for.
     *
     * @param committedAt of each transaction
     */
    void applied(List<Instant> committedAt, WriteResult answer) {
        committedAt.forEach(this::took);
        decoded.increment((double) answer.judged());
        for (ChangeCount count : answer.changes()) {
            requireNonNull(requireNonNull(events.get(count.operation())).get(count.disposition()))
                    .increment((double) count.changes());
        }
    }

    /**
     * Changes that were sent and had been applied before.
     *
     * @param known by the receipts that they left then
     * @param unknown whose receipts were dropped since
     */
    void repeated(long known, long unknown) {
        decoded.increment((double) (known + unknown));
        repeated.increment((double) known);
        forgotten.increment((double) unknown);
    }

    private void took(Instant committedAt) {
        Duration took = Duration.between(committedAt, clock.instant());
        // Two machines, two clocks.
        latency.record(took.isNegative() ? Duration.ZERO : took);
    }

    private static Map<Disposition, Counter> counters(MeterRegistry registry, Operation operation) {
        Map<Disposition, Counter> counters = new EnumMap<>(Disposition.class);
        for (Disposition outcome : Disposition.values()) {
            Tags tags = READER.and("operation", tag(operation), "outcome", tag(outcome));
            counters.put(outcome, registry.counter("shadow.events", tags));
        }
        return counters;
    }
}
