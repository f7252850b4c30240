package io.shadowwrite.verification.compare;

import io.shadowwrite.contract.ColumnType;
import io.shadowwrite.verification.compile.Comparison;
import io.shadowwrite.verification.scan.RowPages;
import io.shadowwrite.verification.session.Sessions;
import io.shadowwrite.verification.verdict.Finding;
import io.shadowwrite.verification.verdict.FindingClass;
import io.shadowwrite.verification.verdict.Findings;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Gives differences their class and makes findings of them, a page at a time. Rows are looked up where they decide the class
 * or will be kept. For one thread; differences come in key order.
 */
final class Judge {

    private static final int PAGE = 1_000;

    private final Comparison comparison;
    private final RowPages expected;
    private final RowPages found;
    private final Sessions spellings;
    private final Findings findings;
    private final List<Difference> page = new ArrayList<>(PAGE);

    Judge(Comparison comparison, RowPages expected, RowPages found, Sessions spellings, Findings findings) {
        this.comparison = comparison;
        this.expected = expected;
        this.found = found;
        this.spellings = spellings;
        this.findings = findings;
    }

    /** Takes one more. */
    void judge(Difference difference) throws SQLException {
        boolean valuesDecide = difference.findingClass() == FindingClass.VALUE_MISMATCH && difference.oneToOne();
        if (valuesDecide || page.size() < findings.room()) {
            page.add(difference);
        } else {
            findings.count(difference.findingClass(), 1);
        }
        if (page.size() >= PAGE) {
            finish();
        }
    }

    /** Judges what has been taken and not been judged yet. */
    void finish() throws SQLException {
        if (page.isEmpty()) {
            return;
        }
        List<String> keys = page.stream().map(Difference::key).distinct().toList();
        Map<String, List<@Nullable String>> left = expected.rows(keys);
        Map<String, List<@Nullable String>> right = found.rows(keys);
        List<Pair> pairs = page.stream()
                .map(difference -> pair(difference, left.get(difference.key()), right.get(difference.key())))
                .toList();
        List<Boolean> agree = agreeLoosely(pairs);
        int next = 0;
        for (Pair pair : pairs) {
            int end = next + pair.spellings().size();
            boolean same = pair.mayBeSame() && !agree.subList(next, end).contains(false);
            findings.add(finding(pair, same));
            next = end;
        }
        page.clear();
    }

    /**
     * A difference with its rows.
     *
     * @param columns those whose texts differ, where both rows are there and no other number of rows is the reason
     * @param spellings the texts of these columns that a server may take for one value
     */
    private record Pair(
            Difference difference,
            @Nullable List<@Nullable String> left,
            @Nullable List<@Nullable String> right,
            List<String> columns,
            List<Spelling> spellings) {

        boolean mayBeSame() {
            return difference.oneToOne() && !columns.isEmpty() && columns.size() == spellings.size();
        }
    }

    private Pair pair(
            Difference difference, @Nullable List<@Nullable String> left, @Nullable List<@Nullable String> right) {
        List<String> columns = new ArrayList<>();
        List<Spelling> differing = new ArrayList<>();
        if (difference.findingClass() == FindingClass.VALUE_MISMATCH && left != null && right != null) {
            int position = 0;
            for (Map.Entry<String, ColumnType> column : comparison.columns().entrySet()) {
                String one = left.get(position);
                String other = right.get(position++);
                if (!Objects.equals(one, other)) {
                    columns.add(column.getKey());
                    if (one != null && other != null) {
                        differing.add(new Spelling(column.getValue(), one, other));
                    }
                }
            }
        }
        return new Pair(difference, left, right, columns, differing);
    }

    private List<Boolean> agreeLoosely(List<Pair> pairs) {
        List<Spelling> all =
                pairs.stream().flatMap(pair -> pair.spellings().stream()).toList();
        return all.isEmpty()
                ? List.of()
                : spellings.read("spellings of one value", connection -> LooseEquality.hold(connection, all));
    }

    private Finding finding(Pair pair, boolean same) {
        Difference difference = pair.difference();
        return new Finding(
                same ? FindingClass.REPRESENTATION_ONLY_DIFFERENCE : difference.findingClass(),
                table(difference),
                comparison.model(),
                difference.key(),
                comparison.subject() == Comparison.Subject.KEY_MAP ? List.of("pk_map") : pair.columns(),
                image(pair.left()),
                image(pair.right()));
    }

    private String table(Difference difference) {
        return difference.image() < 0
                ? comparison.sourceTables()
                : comparison.sources().get(difference.image()).table();
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
