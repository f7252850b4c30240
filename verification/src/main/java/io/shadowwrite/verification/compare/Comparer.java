package io.shadowwrite.verification.compare;

import io.shadowwrite.verification.compare.Reading.Part;
import io.shadowwrite.verification.compile.Comparison;
import io.shadowwrite.verification.compile.Comparison.Subject;
import io.shadowwrite.verification.progress.Progress;
import io.shadowwrite.verification.progress.Step;
import io.shadowwrite.verification.scan.BucketTotals;
import io.shadowwrite.verification.scan.Buckets;
import io.shadowwrite.verification.session.Sessions;
import io.shadowwrite.verification.session.VerificationProblem;
import io.shadowwrite.verification.session.VerificationProblem.Code;
import io.shadowwrite.verification.verdict.Coverage;
import io.shadowwrite.verification.verdict.Findings;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Compares two pinned sides: sums by bucket first, everything that has to be read at once, and only where those differ row
 * by row. As many scans at a time as there are readers.
 */
public final class Comparer {

    private final ComparedSide expected;
    private final ComparedSide found;
    private final Sessions spellings;
    private final Progress progress;

    /**
     * A comparer of two sides.
     *
     * @param spellings where to ask whether two spellings are one value; either database knows
     */
    public Comparer(ComparedSide expected, ComparedSide found, Sessions spellings, Progress progress) {
        this.expected = expected;
        this.found = found;
        this.spellings = spellings;
        this.progress = progress;
    }

    /**
     * Makes sure that what is going to be compared stays as it was pinned. For whoever reads something else before; once more
     * costs nothing.
     *
     * @throws VerificationProblem when it does not
     */
    public void prepare(List<Comparison> comparisons) {
        expected.prepare(comparisons);
        found.prepare(comparisons);
    }

    /**
     * Compares everything and adds what differs to the findings.
     *
     * @param step under which the rows that are read are told
     * @return coverage in the order of the comparisons
     * @throws VerificationProblem when a side cannot be read or the self-test fails
     */
    public List<Coverage> compare(Step step, List<Comparison> comparisons, Findings findings) {
        return judged(comparisons, sums(step, comparisons), findings);
    }

    /**
     * Compares all models and the key map, so that what yields the sums of both is read once.
     *
     * @param rows where to add differences of models
     * @param mappings where to add those of the key map
     * @throws VerificationProblem as {@link #compare}
     */
    public Compared compareAll(List<Comparison> models, List<Comparison> keyMap, Findings rows, Findings mappings) {
        List<Sums> sums = sums(
                Step.COMPARE, Stream.concat(models.stream(), keyMap.stream()).toList());
        List<Coverage> ofModels = judged(models, sums.subList(0, models.size()), rows);
        progress.step(Step.COMPARE_KEYS, "%d comparison(s)".formatted(keyMap.size()));
        return new Compared(ofModels, judged(keyMap, sums.subList(models.size(), sums.size()), mappings));
    }

    /** What was compared, in the order of the comparisons. */
    public record Compared(List<Coverage> models, List<Coverage> keyMap) {}

    /** Both sides of a comparison. */
    private record Sums(Buckets left, Buckets right) {}

    private List<Sums> sums(Step step, List<Comparison> comparisons) {
        progress.step(step, "%d comparison(s)".formatted(comparisons.size()));
        prepare(comparisons);
        List<BucketTotals> ofExpected = BucketTotals.none(comparisons.size());
        List<BucketTotals> ofFound = BucketTotals.none(comparisons.size());
        all(Stream.concat(scans(step, comparisons, expected, ofExpected), scans(step, comparisons, found, ofFound))
                .toList());
        return IntStream.range(0, comparisons.size())
                .mapToObj(i ->
                        new Sums(ofExpected.get(i).buckets(), ofFound.get(i).buckets()))
                .toList();
    }

    /** Every scan of a side, which adds to the totals what it yields: what is kept does not grow with the number of scans. */
    private Stream<Callable<Integer>> scans(
            Step step, List<Comparison> comparisons, ComparedSide side, List<BucketTotals> totals) {
        return side.readings(comparisons).stream().map(reading -> () -> {
            List<Part> parts = reading.read();
            for (Part part : parts) {
                totals.get(part.comparison()).add(part.buckets());
                if (comparisons.get(part.comparison()).subject() == Subject.ROWS) {
                    progress.rows(step, part.buckets().rows());
                }
            }
            return parts.size();
        });
    }

    private List<Coverage> judged(List<Comparison> comparisons, List<Sums> sums, Findings findings) {
        return all(IntStream.range(0, comparisons.size())
                .mapToObj(i -> (Callable<Coverage>) () -> judge(comparisons.get(i), sums.get(i), findings))
                .toList());
    }

    /** Does everything at once; once one has failed nobody wants the others, and what they read may take an hour. */
    private static <T> List<T> all(List<Callable<T>> work) {
        AtomicReference<@Nullable RuntimeException> first = new AtomicReference<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> running = new ArrayList<>();
            for (Callable<T> one : work) {
                running.add(threads.submit(() -> {
                    try {
                        return one.call();
                    } catch (RuntimeException e) {
                        first.compareAndSet(null, e);
                        threads.shutdownNow();
                        throw e;
                    } catch (Error e) {
                        threads.shutdownNow();
                        throw e;
                    }
                }));
            }
            return running.stream().map(Comparer::await).toList();
        } catch (RuntimeException e) {
            // What was interrupted by it, or not begun any more, fails as well and may be met before it.
            RuntimeException reason = first.get();
            throw reason == null ? e : reason;
        }
    }

    private Coverage judge(Comparison comparison, Sums sums, Findings findings) {
        Buckets left = sums.left();
        Buckets right = sums.right();
        selfTest(comparison, left, right);
        Set<Integer> differing = left.differingFrom(right);
        if (!differing.isEmpty()) {
            progress.step(Step.DRILL, "%s, %d bucket(s)".formatted(comparison.model(), differing.size()));
            new DrillDown(comparison, expected, found, spellings, findings, progress).into(differing);
        }
        return new Coverage(comparison.model(), left.rows(), right.rows(), differing.size());
    }

    /** One flipped bit must change the answer for its bucket; a comparison that cannot see it proves nothing. */
    private static void selfTest(Comparison comparison, Buckets left, Buckets right) {
        int bucket = right.sums().keySet().stream().findFirst().orElse(0);
        boolean differs = left.differingFrom(right).contains(bucket);
        boolean flippedDiffers = left.differingFrom(right.withFlipped(bucket)).contains(bucket);
        if (!differs && !flippedDiffers) {
            throw new VerificationProblem(
                    Code.SELF_TEST,
                    "the comparison of model %s did not notice a flipped digest".formatted(comparison.model()),
                    "Do not trust this build; report it with the version",
                    null);
        }
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof VerificationProblem problem) {
                throw problem;
            }
            throw new IllegalStateException("a comparison failed unexpectedly", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new VerificationProblem(Code.TOO_SLOW, "the tick was interrupted", "Run it again", e);
        }
    }
}
