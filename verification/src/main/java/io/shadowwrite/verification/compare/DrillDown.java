package io.shadowwrite.verification.compare;

import io.shadowwrite.verification.compile.Comparison;
import io.shadowwrite.verification.progress.Progress;
import io.shadowwrite.verification.progress.Step;
import io.shadowwrite.verification.scan.KeyCursor;
import io.shadowwrite.verification.session.Sessions;
import io.shadowwrite.verification.session.VerificationProblem;
import io.shadowwrite.verification.session.VerificationProblem.Code;
import io.shadowwrite.verification.verdict.Findings;
import java.sql.SQLException;
import java.util.Set;

/**
 * From differing buckets to findings. Both sides are walked in key order, where digests tell the class of every difference; then
 * those that are kept are looked at. Memory does not grow with the number of differences, nor what the servers put on disk
 * with the width of the rows, and neither side waits for the other while it is being walked on.
 */
final class DrillDown {

    private static final long ROWS_PER_TELLING = 10_000;

    private final Comparison comparison;
    private final ComparedSide expected;
    private final ComparedSide found;
    private final Sessions spellings;
    private final Findings findings;
    private final Progress progress;

    DrillDown(
            Comparison comparison,
            ComparedSide expected,
            ComparedSide found,
            Sessions spellings,
            Findings findings,
            Progress progress) {
        this.comparison = comparison;
        this.expected = expected;
        this.found = found;
        this.spellings = spellings;
        this.findings = findings;
        this.progress = progress;
    }

    /**
     * Adds what differs in these buckets to the findings.
     *
     * @throws VerificationProblem SELF_TEST when nothing does, although the sums of the buckets differ
     */
    void into(Set<Integer> buckets) {
        Judge judge = new Judge(comparison, expected, found, spellings, findings);
        long differing = expected.inKeyOrder(
                comparison, buckets, left -> found.inKeyOrder(comparison, buckets, right -> walk(left, right, judge)));
        if (differing == 0) {
            throw new VerificationProblem(
                    Code.SELF_TEST,
                    "the sums of model %s differ, but none of its rows".formatted(comparison.model()),
                    "Run it again; when it stays so, report it with the version",
                    null);
        }
        judge.finish();
    }

    private long walk(KeyCursor left, KeyCursor right, Judge judge) throws SQLException {
        long differing = 0;
        long rows = 0;
        for (KeyGroup group = KeyGroup.next(left, right); group != null; group = KeyGroup.next(left, right)) {
            rows += group.sourceRows() + group.targetRows();
            if (rows >= ROWS_PER_TELLING) {
                progress.rows(Step.DRILL, rows);
                rows = 0;
            }
            for (Difference difference : Difference.of(group)) {
                differing++;
                judge.judge(difference);
            }
        }
        progress.rows(Step.DRILL, rows);
        return differing;
    }
}
