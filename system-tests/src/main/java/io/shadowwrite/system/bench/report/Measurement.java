package io.shadowwrite.system.bench.report;

import java.util.Map;

/**
 * One backlog, caught up once.
 *
 * @param events row changes in it
 * @param seconds from the moment the slot is read until the last event is committed in the target
 * @param cpuSeconds of each process, by name
 * @param walBytes written by the target's server meanwhile
 * @param tableBytes by which tables and indexes of the target grew
 */
public record Measurement(
        Entrant entrant,
        Load load,
        long events,
        double seconds,
        Map<String, Double> cpuSeconds,
        long walBytes,
        long tableBytes) {

    public Measurement {
        cpuSeconds = Map.copyOf(cpuSeconds);
    }

    /** Events per second. */
    public double rate() {
        return events / seconds;
    }

    /** CPU seconds per million events, of one process; 0 for one that is not part of this. */
    public double cpu(String process) {
        return perMillion(cpuSeconds.getOrDefault(process, 0.0));
    }

    /** CPU seconds per million events, of all processes together. */
    public double cpu() {
        return perMillion(
                cpuSeconds.values().stream().mapToDouble(Double::doubleValue).sum());
    }

    private double perMillion(double seconds) {
        return seconds * 1e6 / events;
    }

    /** Bytes of WAL per event. */
    public double walPerEvent() {
        return (double) walBytes / events;
    }

    /** Bytes of tables and indexes per event. */
    public double tablePerEvent() {
        return (double) tableBytes / events;
    }
}
