package io.shadowwrite.verification.compare;

import io.shadowwrite.verification.compile.Comparison;
import io.shadowwrite.verification.progress.Progress;
import io.shadowwrite.verification.progress.Step;
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
import org.jspecify.annotations.Nullable;

/**
 * Compares two pinned sides: sums by bucket first, and only where those differ row by row. As many models at a time
 * as there are readers.
 */
public final class Comparer {

    private final ComparedSide expected;
    private final ComparedSide found;
    private final Sessions spellings;
    private final Findings findings;
    private final Progress progress;

    /**
     * A comparer of two sides.
     *
     * @param spellings where to ask whether two spellings are one value; either database knows
     */
    public Comparer(
            ComparedSide expected, ComparedSide found, Sessions spellings, Findings findings, Progress progress) {
        this.expected = expected;
        this.found = found;
        this.spellings = spellings;
        this.findings = findings;
        this.progress = progress;
    }

    /**
     * Compares everything and adds what differs to the findings.
     *
     * @param step under which the rows that are read are told
     * @return coverage in the order of the comparisons
     * @throws VerificationProblem when a side cannot be read or the self-test fails
     */
    public List<Coverage> compare(Step step, List<Comparison> comparisons) {
        progress.step(step, "%d comparison(s)".formatted(comparisons.size()));
        AtomicReference<@Nullable RuntimeException> first = new AtomicReference<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Coverage>> running = new ArrayList<>();
            for (Comparison comparison : comparisons) {
                Future<Buckets> left =
                        threads.submit(orNone(threads, first, () -> told(step, expected.buckets(comparison))));
                Future<Buckets> right =
                        threads.submit(orNone(threads, first, () -> told(step, found.buckets(comparison))));
                running.add(threads.submit(orNone(threads, first, () -> judge(comparison, await(left), await(right)))));
            }
            List<Coverage> coverage = new ArrayList<>();
            for (Future<Coverage> one : running) {
                coverage.add(await(one));
            }
            return coverage;
        } catch (RuntimeException e) {
            // What was interrupted by it, or not begun any more, fails as well and may be met before it.
            RuntimeException reason = first.get();
            throw reason == null ? e : reason;
        }
    }

    /** Nobody wants the others once one has failed, and what they read may take an hour. */
    private static <T> Callable<T> orNone(
            ExecutorService threads, AtomicReference<@Nullable RuntimeException> first, Callable<T> work) {
        return () -> {
            try {
                return work.call();
            } catch (RuntimeException e) {
                first.compareAndSet(null, e);
                threads.shutdownNow();
                throw e;
            }
        };
    }

    private Buckets told(Step step, Buckets buckets) {
        progress.rows(step, buckets.rows());
        return buckets;
    }

    private Coverage judge(Comparison comparison, Buckets left, Buckets right) {
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

    static <T> T await(Future<T> future) {
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
