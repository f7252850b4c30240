package io.shadowwrite.api.metrics;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.shadowwrite.protocol.Disposition;
import io.shadowwrite.protocol.Side;
import io.shadowwrite.protocol.WriteBatch;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Requests, batches and receipts. Tags are routes, codes and names of ours, so their number is bounded. Thread-safe. */
public final class ApiMetrics {

    /** What {@link #request} calls a request that was answered as it wished. */
    public static final String SUCCESS = "SUCCESS";

    /** Route of a request that no controller of ours was asked for. */
    public static final String NO_ROUTE = "none";

    /** What comes of applying a batch ahead of its turn. */
    public enum Ahead {
        /** It was, and was committed when its turn came. */
        KEPT,
        /** It was undone and applied again in its turn. */
        REDONE,
        /** It touches what a batch before it touches, or may by what the target does by itself, and waited. */
        OVERLAPPING,
        /** The target's catalog, which says what it does by itself, could not be read; it waited. */
        UNREAD
    }

    private final MeterRegistry registry;
    private final DistributionSummary transactions;
    private final DistributionSummary changes;
    private final Timer batches;
    private final Map<Ahead, Counter> ahead = new EnumMap<>(Ahead.class);
    private final Map<Disposition, Counter> judged = new EnumMap<>(Disposition.class);
    private final Counter attested;

    public ApiMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.transactions = DistributionSummary.builder("shadow.batch.transactions")
                .description("Source transactions of a batch that was answered, replayed ones included")
                .register(registry);
        this.changes = DistributionSummary.builder("shadow.batch.changes")
                .description("Changes of a batch that was answered, replayed ones included")
                .register(registry);
        this.batches = Timer.builder("shadow.batch.duration")
                .description("From the read request to the commit in the target")
                .register(registry);
        for (Disposition disposition : Disposition.values()) {
            String tag = disposition.name().toLowerCase(Locale.ROOT);
            judged.put(disposition, receipts(registry, Side.CONSUMER, tag));
        }
        for (Ahead outcome : Ahead.values()) {
            ahead.put(
                    outcome,
                    Counter.builder("shadow.batch.ahead")
                            .description("Batches that arrived while the one before was applied, by what came of that")
                            .tags("outcome", outcome.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
        this.attested = receipts(registry, Side.VERIFIER, "none");
    }

    /**
     * One answered request.
     *
     * @param route pattern of the route, or {@link #NO_ROUTE}
     * @param outcome {@link #SUCCESS} or the code of a problem
     */
    public void request(String method, String route, String outcome, Duration took) {
        Timer.builder("shadow.api.requests")
                .description("Requests below /shadow by route and outcome")
                .tags("method", method, "route", route, "outcome", outcome)
                .register(registry)
                .record(took);
    }

    /** One batch that was answered without a problem. */
    public void batch(WriteBatch batch, Duration took) {
        transactions.record(batch.transactions().size());
        changes.record(batch.transactions().stream()
                .mapToInt(transaction -> transaction.changes().size())
                .sum());
        batches.record(took);
    }

    /** One batch that might be applied ahead of its turn. */
    public void ahead(Ahead outcome) {
        requireNonNull(ahead.get(outcome)).increment();
    }

    /**
     * Counts the consumer's receipts once the transaction of this thread has committed, and not at all when it does not.
     *
     * @param byDisposition how many
     */
    public void judged(Map<Disposition, Long> byDisposition) {
        Map<Disposition, Long> counts = Map.copyOf(byDisposition);
        afterCommit(() -> counts.forEach(
                (disposition, count) -> requireNonNull(judged.get(disposition)).increment(count)));
    }

    /** The same for new receipts of the slot reader, which judges nothing. */
    public void attested(int count) {
        afterCommit(() -> attested.increment(count));
    }

    private static void afterCommit(Runnable counting) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                counting.run();
            }
        });
    }

    private static Counter receipts(MeterRegistry registry, Side side, String disposition) {
        return Counter.builder("shadow.receipts")
                .description("Receipts that were committed, by side and by what became of the change")
                .tags("side", side.name().toLowerCase(Locale.ROOT), "disposition", disposition)
                .register(registry);
    }
}
