package io.shadowwrite.verification.compare;

import io.shadowwrite.contract.ColumnType;
import io.shadowwrite.verification.compile.Comparison;
import io.shadowwrite.verification.progress.Progress;
import io.shadowwrite.verification.progress.Step;
import io.shadowwrite.verification.scan.KeyCursor;
import io.shadowwrite.verification.session.Sessions;
import io.shadowwrite.verification.session.VerificationProblem;
import io.shadowwrite.verification.session.VerificationProblem.Code;
import io.shadowwrite.verification.verdict.Finding;
import io.shadowwrite.verification.verdict.FindingClass;
import io.shadowwrite.verification.verdict.Findings;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * From differing buckets to findings. Both sides are walked in key order, so memory does not grow with the number of
 * differences; rows are fetched only for findings that will be kept.
 */
final class DrillDown {

    private static final long ROWS_PER_TELLING = 10_000;

    private final Comparison comparison;
    private final ComparedSide expected;
    private final ComparedSide found;
    private final Sessions spellings;
    private final Findings findings;
    private final Progress progress;
    private long differingRows;

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
        List<Difference> kept = expected.inKeyOrder(
                comparison, buckets, left -> found.inKeyOrder(comparison, buckets, right -> differences(left, right)));
        if (differingRows == 0) {
            throw new VerificationProblem(
                    Code.SELF_TEST,
                    "the sums of model %s differ, but none of its rows".formatted(comparison.model()),
                    "Run it again; when it stays so, report it with the version",
                    null);
        }
        if (!kept.isEmpty()) {
            describe(kept);
        }
    }

    /** Keeps as many differences as there is room for; the others are only counted. */
    private List<Difference> differences(KeyCursor left, KeyCursor right) throws SQLException {
        int room = findings.room();
        List<Difference> kept = new ArrayList<>();
        long rows = 0;
        for (KeyGroup group = KeyGroup.next(left, right); group != null; group = KeyGroup.next(left, right)) {
            rows += group.sourceRows() + group.targetRows();
            if (rows >= ROWS_PER_TELLING) {
                progress.rows(Step.DRILL, rows);
                rows = 0;
            }
            for (Difference difference : Difference.of(group)) {
                differingRows++;
                if (kept.size() < room) {
                    kept.add(difference);
                } else {
                    findings.count(difference.findingClass(), 1);
                }
            }
        }
        progress.rows(Step.DRILL, rows);
        return kept;
    }

    private void describe(List<Difference> differences) {
        List<String> keys = differences.stream().map(Difference::key).distinct().toList();
        Map<String, List<@Nullable String>> left = expected.rows(comparison, keys);
        Map<String, List<@Nullable String>> right = found.rows(comparison, keys);
        for (Difference difference : differences) {
            findings.add(finding(difference, left.get(difference.key()), right.get(difference.key())));
        }
    }

    private Finding finding(
            Difference difference, @Nullable List<@Nullable String> left, @Nullable List<@Nullable String> right) {
        List<String> differing = List.of();
        FindingClass findingClass = difference.findingClass();
        if (findingClass == FindingClass.VALUE_MISMATCH && left != null && right != null) {
            differing = differingColumns(left, right);
            if (!differing.isEmpty() && agreeLoosely(differing, left, right)) {
                findingClass = FindingClass.REPRESENTATION_ONLY_DIFFERENCE;
            }
        }
        return new Finding(
                findingClass,
                table(difference),
                comparison.model(),
                difference.key(),
                comparison.subject() == Comparison.Subject.KEY_MAP ? List.of("pk_map") : differing,
                image(left),
                image(right));
    }

    private String table(Difference difference) {
        return difference.image() < 0
                ? comparison.sourceTables()
                : comparison.sources().get(difference.image()).table();
    }

    private List<String> differingColumns(List<@Nullable String> left, List<@Nullable String> right) {
        List<String> differing = new ArrayList<>();
        int position = 0;
        for (String column : comparison.columns().keySet()) {
            if (!Objects.equals(left.get(position), right.get(position))) {
                differing.add(column);
            }
            position++;
        }
        return differing;
    }

    private boolean agreeLoosely(List<String> differing, List<@Nullable String> left, List<@Nullable String> right) {
        return spellings.read("spellings of one value", connection -> agreeLoosely(connection, differing, left, right));
    }

    private boolean agreeLoosely(
            Connection connection, List<String> differing, List<@Nullable String> left, List<@Nullable String> right)
            throws SQLException {
        int position = 0;
        for (Map.Entry<String, ColumnType> column : comparison.columns().entrySet()) {
            if (differing.contains(column.getKey())
                    && !LooseEquality.holds(connection, column.getValue(), left.get(position), right.get(position))) {
                return false;
            }
            position++;
        }
        return true;
    }

    private @Nullable Map<String, @Nullable String> image(@Nullable List<@Nullable String> values) {
        if (values == null) {
            return null;
        }
        Map<String, @Nullable String> image = new LinkedHashMap<>();
        int position = 0;
        for (String column : comparison.columns().keySet()) {
            image.put(column, values.get(position++));
        }
        return image;
    }
}
