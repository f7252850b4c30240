package io.shadowwrite.slotreader.reading;

import static io.shadowwrite.delivery.ReaderGauges.tag;
import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.shadowwrite.delivery.Progress;
import io.shadowwrite.delivery.ReaderGauges;
import io.shadowwrite.protocol.Operation;
import io.shadowwrite.protocol.Receipt;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The figures of the reading. */
final class ReadingMetrics {

    private static final Tags READER = Tags.of("reader", "verifier");

    private final Map<Operation, Counter> receipts = new EnumMap<>(Operation.class);

    ReadingMetrics(MeterRegistry registry, Progress progress) {
        ReaderGauges.register(registry, progress, READER);
        for (Operation operation : Operation.values()) {
            Tags tags = READER.and("operation", tag(operation));
            receipts.put(operation, registry.counter("shadow.receipts", tags));
        }
    }

    /** Counts receipts that the API has just answered for. */
    void attested(List<Receipt> attested) {
        for (Receipt receipt : attested) {
            requireNonNull(receipts.get(receipt.operation())).increment();
        }
    }
}
