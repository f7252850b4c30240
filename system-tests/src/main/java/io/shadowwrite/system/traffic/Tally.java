package io.shadowwrite.system.traffic;

import java.util.EnumMap;
import java.util.Map;

/** What one writer has done. Confined to its thread until the writer ends. */
final class Tally {

    private long transactions;
    private long retries;
    private long abandoned;
    private final Map<Operation, Long> rowChanges = zeros(Operation.class);
    private final Map<Activity, Long> activities = zeros(Activity.class);

    void played(Activity activity, Session session) {
        activities.merge(activity, session.changes(), Long::sum);
        if (activity.commits()) {
            transactions++;
            for (Operation operation : Operation.values()) {
                rowChanges.merge(operation, session.changes(operation), Long::sum);
            }
        }
    }

    void retried() {
        retries++;
    }

    void gaveUp() {
        abandoned++;
    }

    void add(Tally other) {
        transactions += other.transactions;
        retries += other.retries;
        abandoned += other.abandoned;
        other.rowChanges.forEach((operation, count) -> rowChanges.merge(operation, count, Long::sum));
        other.activities.forEach((activity, count) -> activities.merge(activity, count, Long::sum));
    }

    TrafficReport report() {
        return new TrafficReport(transactions, retries, abandoned, rowChanges, activities);
    }

    private static <E extends Enum<E>> Map<E, Long> zeros(Class<E> type) {
        Map<E, Long> counts = new EnumMap<>(type);
        for (E each : type.getEnumConstants()) {
            counts.put(each, 0L);
        }
        return counts;
    }
}
