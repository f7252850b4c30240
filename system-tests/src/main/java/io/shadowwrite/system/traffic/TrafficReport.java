package io.shadowwrite.system.traffic;

import java.util.Map;

/**
 * What the traffic did to the source.
 *
 * @param transactions committed ones
 * @param retries attempts repeated after a deadlock, a serialization failure or a violated key
 * @param abandoned transactions given up after the last attempt
 * @param rowChanges committed row changes by operation; changes by cascades come on top
 * @param activities row changes by kind of transaction, those of rolled back ones included
 */
public record TrafficReport(
        long transactions,
        long retries,
        long abandoned,
        Map<Operation, Long> rowChanges,
        Map<Activity, Long> activities) {

    public TrafficReport {
        rowChanges = Map.copyOf(rowChanges);
        activities = Map.copyOf(activities);
    }

    /** Committed row changes without those of cascades. */
    public long totalRowChanges() {
        return rowChanges.values().stream().mapToLong(Long::longValue).sum();
    }

    public long rowChanges(Operation operation) {
        return rowChanges.getOrDefault(operation, 0L);
    }

    public long rowChanges(Activity activity) {
        return activities.getOrDefault(activity, 0L);
    }
}
