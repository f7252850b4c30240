package io.shadowwrite.system.bench.report;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** Everything that one run measured. */
public record Results(List<Measurement> measurements, List<Latency> latencies) {

    public Results {
        measurements = List.copyOf(measurements);
        latencies = List.copyOf(latencies);
    }

    /** The measurements of one entrant with one load, in the order of the rounds. */
    public List<Measurement> of(Entrant entrant, Load load) {
        return measurements.stream()
                .filter(measurement -> measurement.entrant() == entrant && measurement.load() == load)
                .toList();
    }

    /** A figure over all rounds of one entrant with one load; empty when it did not run. */
    public Optional<Spread> spread(Entrant entrant, Load load, ToDoubleFunction<Measurement> figure) {
        double[] values = of(entrant, load).stream().mapToDouble(figure).toArray();
        return values.length == 0 ? Optional.empty() : Optional.of(Spread.of(values));
    }

    /** The latency of one entrant; empty when it was not measured. */
    public Optional<Latency> latency(Entrant entrant) {
        return latencies.stream()
                .filter(latency -> latency.entrant() == entrant)
                .findFirst();
    }

    /** The median of a figure. */
    OptionalDouble median(Entrant entrant, Load load, ToDoubleFunction<Measurement> figure) {
        Optional<Spread> spread = spread(entrant, load, figure);
        return spread.isPresent() ? OptionalDouble.of(spread.get().median()) : OptionalDouble.empty();
    }

    /** One median divided by another; empty when one of them is missing. */
    OptionalDouble ratio(OptionalDouble dividend, OptionalDouble divisor) {
        return dividend.isPresent() && divisor.isPresent()
                ? OptionalDouble.of(dividend.getAsDouble() / divisor.getAsDouble())
                : OptionalDouble.empty();
    }
}
