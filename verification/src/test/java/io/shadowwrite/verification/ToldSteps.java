package io.shadowwrite.verification;

import io.shadowwrite.verification.progress.Progress;
import io.shadowwrite.verification.progress.Step;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what it is told. Thread-safe. */
final class ToldSteps implements Progress {

    private final List<Step> steps = new CopyOnWriteArrayList<>();
    private final Map<Step, Long> rows = new EnumMap<>(Step.class);
    private final Map<Step, Long> expected = new EnumMap<>(Step.class);

    @Override
    public void step(Step step, String detail) {
        steps.add(step);
    }

    @Override
    public synchronized void expect(Step step, long more) {
        expected.merge(step, more, Long::sum);
    }

    @Override
    public synchronized void rows(Step step, long more) {
        rows.merge(step, more, Long::sum);
    }

    List<Step> steps() {
        return List.copyOf(steps);
    }

    synchronized long rows(Step step) {
        return rows.getOrDefault(step, 0L);
    }

    synchronized long expected(Step step) {
        return expected.getOrDefault(step, 0L);
    }
}
