package io.shadowwrite.verification.compare;

import io.shadowwrite.contract.ColumnType;
import io.shadowwrite.verification.compile.Comparison;
import io.shadowwrite.verification.compile.Image;
import io.shadowwrite.verification.scan.KeyCursor;
import io.shadowwrite.verification.scan.Scans;
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

    private final Comparison comparison;
    private final Scans scans;
    private final Sessions source;
    private final Sessions target;
    private final Findings findings;
    private final List<Image> targetImages;
    private final int columns;
    private long differingRows;

    DrillDown(Comparison comparison, Scans scans, Sessions source, Sessions target, Findings findings) {
        this.comparison = comparison;
        this.scans = scans;
        this.source = source;
        this.target = target;
        this.findings = findings;
        this.targetImages = List.of(comparison.target());
        this.columns = comparison.columns().size();
    }

    /**
     * Adds what differs in these buckets to the findings.
     *
     * @throws VerificationProblem SELF_TEST when nothing does, although the sums of the buckets differ
     */
    void into(Set<Integer> buckets) {
        List<Difference> kept = source.read(
                comparison.sourceTables(),
                expected -> scans.inKeyOrder(
                        expected,
                        comparison.sources(),
                        columns,
                        buckets,
                        left -> target.read(
                                comparison.target().table(),
                                found -> scans.inKeyOrder(
                                        found, targetImages, columns, buckets, right -> differences(left, right)))));
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
        for (KeyGroup group = KeyGroup.next(left, right); group != null; group = KeyGroup.next(left, right)) {
            for (Difference difference : Difference.of(group)) {
                differingRows++;
                if (kept.size() < room) {
                    kept.add(difference);
                } else {
                    findings.count(difference.findingClass(), 1);
                }
            }
        }
        return kept;
    }

    private void describe(List<Difference> differences) {
        List<String> keys = differences.stream().map(Difference::key).distinct().toList();
        Map<String, List<@Nullable String>> expected = comparison.sources().isEmpty()
                ? Map.of()
                : source.read(
                        comparison.sourceTables(),
                        connection -> scans.images(connection, comparison.sources(), columns, keys));
        target.read(comparison.target().table(), connection -> {
            Map<String, List<@Nullable String>> found = scans.images(connection, targetImages, columns, keys);
            for (Difference difference : differences) {
                findings.add(
                        finding(connection, difference, expected.get(difference.key()), found.get(difference.key())));
            }
            return differences.size();
        });
    }

    private Finding finding(
            Connection connection,
            Difference difference,
            @Nullable List<@Nullable String> expected,
            @Nullable List<@Nullable String> found)
            throws SQLException {
        List<String> differing = List.of();
        FindingClass findingClass = difference.findingClass();
        if (findingClass == FindingClass.VALUE_MISMATCH && expected != null && found != null) {
            differing = differingColumns(expected, found);
            if (!differing.isEmpty() && agreeLoosely(connection, differing, expected, found)) {
                findingClass = FindingClass.REPRESENTATION_ONLY_DIFFERENCE;
            }
        }
        return new Finding(
                findingClass,
                table(difference),
                comparison.model(),
                difference.key(),
                comparison.subject() == Comparison.Subject.KEY_MAP ? List.of("pk_map") : differing,
                image(expected),
                image(found));
    }

    private String table(Difference difference) {
        return difference.image() < 0
                ? comparison.sourceTables()
                : comparison.sources().get(difference.image()).table();
    }

    private List<String> differingColumns(List<@Nullable String> expected, List<@Nullable String> found) {
        List<String> differing = new ArrayList<>();
        int position = 0;
        for (String column : comparison.columns().keySet()) {
            if (!Objects.equals(expected.get(position), found.get(position))) {
                differing.add(column);
            }
            position++;
        }
        return differing;
    }

    private boolean agreeLoosely(
            Connection connection,
            List<String> differing,
            List<@Nullable String> expected,
            List<@Nullable String> found)
            throws SQLException {
        int position = 0;
        for (Map.Entry<String, ColumnType> column : comparison.columns().entrySet()) {
            if (differing.contains(column.getKey())
                    && !LooseEquality.holds(
                            connection, column.getValue(), expected.get(position), found.get(position))) {
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
