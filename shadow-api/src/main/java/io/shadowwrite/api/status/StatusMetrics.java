package io.shadowwrite.api.status;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.status.Figures.Reading;
import io.shadowwrite.protocol.Conservation;
import io.shadowwrite.protocol.Criterion;
import io.shadowwrite.protocol.FindingClass;
import io.shadowwrite.protocol.Hold;
import io.shadowwrite.protocol.LedgerExtent;
import io.shadowwrite.protocol.ReaderPosition;
import io.shadowwrite.protocol.Side;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the tables say, as gauges: a verifier or reader that is dead shows as an ageing time, because somebody else tells.
 * A gauge is not a number while it is not known.
 */
public final class StatusMetrics {

    private static final List<String> CRITERIA = List.of("SC1", "SC2", "SC3", "SC4");

    private final MeterRegistry registry;
    private final Figures figures;

    public StatusMetrics(MeterRegistry registry, ShadowDatabase database, StatusReport report) {
        this.registry = registry;
        this.figures = new Figures(database, report);
        readers();
        conservation();
        receipts();
        verdicts();
        cutover();
    }

    private void readers() {
        for (Side side : Side.values()) {
            Tags tags = Tags.of("side", side.name().toLowerCase(Locale.ROOT));
            gauge(
                    "shadow.position.lsn",
                    "Stored position of the reader",
                    tags,
                    now -> reader(now, side, each -> each.position().asLong()));
            gauge(
                    "shadow.position.lag",
                    "Bytes the reader has received and not stored yet",
                    "bytes",
                    tags,
                    now -> reader(now, side, StatusMetrics::lag));
        }
        gauge(
                "shadow.attestation.lag",
                "Bytes between the positions of both readers",
                "bytes",
                Tags.empty(),
                now -> now.status().readers().isEmpty()
                        ? Double.NaN
                        : now.status().attestationLagBytes());
    }

    private static double reader(Reading now, Side side, ToDoubleFunction<ReaderPosition> number) {
        return now.status().readers().stream()
                .filter(each -> each.side() == side)
                .mapToDouble(number)
                .findFirst()
                .orElse(Double.NaN);
    }

    /** A position may pass what was last reported as received. */
    private static double lag(ReaderPosition reader) {
        return reader.reportedAt() == null
                ? Double.NaN
                : Math.max(0, reader.received().asLong() - reader.position().asLong());
    }

    private void conservation() {
        gauge(
                "shadow.conservation.unconserved",
                "Source transactions of which not every change has exactly one disposition",
                Tags.empty(),
                now -> conserved(now, Conservation::unconservedTransactions));
        gauge(
                "shadow.conservation.lag",
                "Bytes that both readers have stored and of which it was not counted yet what became of the changes",
                "bytes",
                Tags.empty(),
                now -> conserved(now, counted -> uncounted(now, counted)));
        gauge(
                "shadow.conservation.age",
                "Since it was last counted what became of changes; 0 while there is nothing to count",
                "seconds",
                Tags.empty(),
                now -> orNaN(now.uncountedAge()));
    }

    private void receipts() {
        gauge(
                "shadow.ledger.size",
                "Of the tables that hold receipts, with their indexes",
                "bytes",
                Tags.empty(),
                now -> ledger(now, LedgerExtent::bytes));
        gauge(
                "shadow.ledger.partitions",
                "Tables that hold receipts",
                Tags.empty(),
                now -> ledger(now, LedgerExtent::partitions));
        gauge(
                "shadow.ledger.dropped.lsn",
                "Below it receipts are attested and dropped; 0 while all are there",
                Tags.empty(),
                now -> ledger(
                        now,
                        extent -> extent.droppedBelow() == null
                                ? 0
                                : extent.droppedBelow().asLong()));
    }

    private static double ledger(Reading now, ToDoubleFunction<LedgerExtent> number) {
        LedgerExtent extent = now.status().ledger();
        return extent == null ? Double.NaN : number.applyAsDouble(extent);
    }

    private static double conserved(Reading now, ToDoubleFunction<Conservation> number) {
        Conservation counted = now.status().conservation();
        return counted == null ? Double.NaN : number.applyAsDouble(counted);
    }

    private static double uncounted(Reading now, Conservation counted) {
        return now.status().readers().stream()
                .mapToDouble(each ->
                        Math.max(0, each.position().asLong() - counted.below().asLong()))
                .min()
                .orElse(Double.NaN);
    }

    private void verdicts() {
        gauge(
                "shadow.streak",
                "Clean hours in a row",
                Tags.empty(),
                now -> now.status().streak());
        gauge(
                "shadow.streak.required",
                "Clean hours in a row that are asked for",
                Tags.empty(),
                now -> now.status().requiredTicks());
        gauge(
                "shadow.tick.age",
                "Since the youngest judged hour began",
                "seconds",
                Tags.empty(),
                now -> orNaN(now.tickAge()));
        for (FindingClass each : FindingClass.values()) {
            Tags tags = Tags.of("class", each.name().toLowerCase(Locale.ROOT));
            gauge(
                    "shadow.findings",
                    "Stored findings of the latest run",
                    tags,
                    now -> now.findings().getOrDefault(each, 0L));
        }
        for (String code : CRITERIA) {
            gauge("shadow.criterion", "1 met, 0 not met", Tags.of("code", code), now -> criterion(now, code));
        }
    }

    private static double criterion(Reading now, String code) {
        return now.status().criteria().stream()
                .filter(each -> each.code().equals(code) && each.met() != null)
                .map(Criterion::met)
                .mapToDouble(met -> Boolean.TRUE.equals(met) ? 1 : 0)
                .findFirst()
                .orElse(Double.NaN);
    }

    private void cutover() {
        for (Hold.Kind kind : Hold.Kind.values()) {
            Tags tags = Tags.of("kind", kind.name().toLowerCase(Locale.ROOT));
            gauge("shadow.hold", "1 while the consumer is held", tags, now -> {
                Hold hold = now.status().hold();
                return hold != null && hold.kind() == kind ? 1 : 0;
            });
        }
        gauge(
                "shadow.dead.letters.open",
                "Changes that wait for a decision",
                Tags.empty(),
                now -> now.status().openDeadLetters());
        gauge(
                "shadow.dead.letters.oldest.age",
                "Since the oldest of them was parked",
                "seconds",
                Tags.empty(),
                now -> orNaN(now.deadLetterAge()));
        gauge(
                "shadow.permit.remaining",
                "Until the permit expires; 0 without one",
                "seconds",
                Tags.empty(),
                now -> now.status().permit() == null ? 0 : Math.max(0, orNaN(now.permitLeft())));
        gauge(
                "shadow.permit.undecided",
                "1 while the consumer is held for a permit that is over",
                Tags.empty(),
                now -> now.status().phase().equals(Phase.UNDECIDED.name()) ? 1 : 0);
    }

    private static double orNaN(@Nullable Double known) {
        return known == null ? Double.NaN : known;
    }

    private void gauge(String name, String description, Tags tags, ToDoubleFunction<Reading> number) {
        gauge(name, description, null, tags, number);
    }

    private void gauge(
            String name, String description, @Nullable String unit, Tags tags, ToDoubleFunction<Reading> number) {
        Gauge.builder(name, figures, each -> each.value(number))
                .description(description)
                .baseUnit(unit)
                .tags(tags)
                .register(registry);
    }
}
