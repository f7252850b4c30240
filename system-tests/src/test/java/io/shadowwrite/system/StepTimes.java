package io.shadowwrite.system;

import io.shadowwrite.verification.progress.Progress;
import io.shadowwrite.verification.progress.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** How long each step of each verification took to the next one. Thread-safe. */
final class StepTimes implements Progress {

    private final Map<Step, List<Duration>> times = Collections.synchronizedMap(new EnumMap<>(Step.class));
    private Step last = Step.VERDICT;
    private long sinceNanos = System.nanoTime();

    @Override
    public synchronized void step(Step step, String detail) {
        long now = System.nanoTime();
        if (last != Step.VERDICT) {
            times.computeIfAbsent(last, _ -> new ArrayList<>()).add(Duration.ofNanos(now - sinceNanos));
        }
        last = step;
        sinceNanos = now;
    }

    @Override
    public void expect(Step step, long rows) {}

    @Override
    public void rows(Step step, long rows) {}

    /** Median milliseconds by step. */
    @Override
    public synchronized String toString() {
        return times.entrySet().stream()
                .map(entry ->
                        entry.getKey().id() + " " + median(entry.getValue()).toMillis())
                .collect(Collectors.joining(", ", "", " ms"));
    }

    static Duration median(List<Duration> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
