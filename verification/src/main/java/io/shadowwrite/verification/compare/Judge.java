package io.shadowwrite.verification.compare;

import io.shadowwrite.contract.ColumnType;
import io.shadowwrite.contract.ColumnType.Kind;
import io.shadowwrite.verification.compile.Comparison;
import io.shadowwrite.verification.session.Sessions;
import io.shadowwrite.verification.verdict.Finding;
import io.shadowwrite.verification.verdict.FindingClass;
import io.shadowwrite.verification.verdict.Findings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes findings of differences: those that will be kept with both rows, whose values say the class; of the others only their
 * class is counted, as their digests tell it. For one thread.
 */
final class Judge {

    /** Keys of one look-up, each of which may cost a scan. */
    private static final int PAGE = 10_000;

    private final Comparison comparison;
    private final ComparedSide expected;
    private final ComparedSide found;
    private final Sessions spellings;
    private final Findings findings;
    private final boolean mayHideSpellings;
    private final List<Difference> kept = new ArrayList<>();

    Judge(Comparison comparison, ComparedSide expected, ComparedSide found, Sessions spellings, Findings findings) {
        this.comparison = comparison;
        this.expected = expected;
        this.found = found;
        this.spellings = spellings;
        this.findings = findings;
        this.mayHideSpellings = comparison.columns().values().stream()
                .anyMatch(type -> type.kind() == Kind.JSON || type.kind() == Kind.JSONB);
    }

    /** Takes one more. */
    void judge(Difference difference) {
        if (kept.size() < findings.room()) {
            kept.add(difference);
        } else if (mayHideSpellings
                && difference.oneToOne()
                && difference.findingClass() == FindingClass.VALUE_MISMATCH) {
            findings.countUnseen(1);
        } else {
            findings.count(difference.findingClass(), 1);
        }
    }

    /** Looks at those that will be kept, once nothing is being walked on any more. */
    void finish() {
        for (int from = 0; from < kept.size(); from += PAGE) {
            look(kept.subList(from, Math.min(kept.size(), from + PAGE)));
        }
        kept.clear();
    }

    private void look(List<Difference> page) {
        List<String> keys = page.stream().map(Difference::key).distinct().toList();
        Map<String, List<@Nullable String>> left = expected.rows(comparison, keys);
        Map<String, List<@Nullable String>> right = found.rows(comparison, keys);
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
        boolean valuesDiffer = difference.findingClass() == FindingClass.VALUE_MISMATCH || difference.valuesDecide();
        if (valuesDiffer && left != null && right != null) {
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
        FindingClass findingClass = difference.valuesDecide() ? FindingClass.VALUE_MISMATCH : difference.findingClass();
        return new Finding(
                same ? FindingClass.REPRESENTATION_ONLY_DIFFERENCE : findingClass,
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
