package io.shadowwrite.verification.compare;

import io.shadowwrite.verification.compile.Comparison;
import io.shadowwrite.verification.scan.Buckets;
import io.shadowwrite.verification.scan.Scans;
import io.shadowwrite.verification.session.Sessions;
import io.shadowwrite.verification.session.VerificationProblem;
import io.shadowwrite.verification.session.VerificationProblem.Code;
import io.shadowwrite.verification.verdict.Coverage;
import io.shadowwrite.verification.verdict.Findings;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Compares the two pinned sides: sums by bucket first, and only where those differ row by row. As many models at a time
 * as there are readers.
 */
public final class Comparer {

    private final Sessions source;
    private final Sessions target;
    private final Scans scans;
    private final Findings findings;

    public Comparer(Sessions source, Sessions target, Scans scans, Findings findings) {
        this.source = source;
        this.target = target;
        this.scans = scans;
        this.findings = findings;
    }

    /**
     * Compares everything and adds what differs to the findings.
     *
     * @return coverage in the order of the comparisons
     * @throws VerificationProblem when a side cannot be read or the self-test fails
     */
    public List<Coverage> compare(List<Comparison> comparisons) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Coverage>> running = new ArrayList<>();
            for (Comparison comparison : comparisons) {
                Future<Buckets> expected = threads.submit(() -> expected(comparison));
                Future<Buckets> found = threads.submit(() -> found(comparison));
                running.add(threads.submit(() -> judge(comparison, await(expected), await(found))));
            }
            List<Coverage> coverage = new ArrayList<>();
            for (Future<Coverage> one : running) {
                coverage.add(await(one));
            }
            return coverage;
        }
    }

    private Buckets expected(Comparison comparison) {
        return source.read(
                comparison.sourceTables() + " for model " + comparison.model(),
                connection -> scans.buckets(
                        connection, comparison.sources(), comparison.columns().size()));
    }

    private Buckets found(Comparison comparison) {
        return target.read(
                comparison.target().table() + " for model " + comparison.model(),
                connection -> scans.buckets(
                        connection,
                        List.of(comparison.target()),
                        comparison.columns().size()));
    }

    private Coverage judge(Comparison comparison, Buckets expected, Buckets found) {
        selfTest(comparison, expected, found);
        Set<Integer> differing = expected.differingFrom(found);
        if (!differing.isEmpty()) {
            new DrillDown(comparison, scans, source, target, findings).into(differing);
        }
        return new Coverage(comparison.model(), expected.rows(), found.rows(), differing.size());
    }

    /** One flipped bit must change the answer for its bucket; a comparison that cannot see it proves nothing. */
    private static void selfTest(Comparison comparison, Buckets expected, Buckets found) {
        int bucket = found.sums().keySet().stream().findFirst().orElse(0);
        boolean differs = expected.differingFrom(found).contains(bucket);
        boolean flippedDiffers =
                expected.differingFrom(found.withFlipped(bucket)).contains(bucket);
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
