package io.shadowwrite.verification.race;

import io.shadowwrite.verification.compile.Comparison;
import io.shadowwrite.verification.compile.Comparison.Subject;
import io.shadowwrite.verification.verdict.Finding;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** A difference, and the comparison in which it was found. */
record Suspect(Comparison comparison, Finding finding) {

    /**
     * Each finding with its own comparison; a key map has one for each source table of a model.
     *
     * @param comparisons all of one subject
     */
    static List<Suspect> of(List<Comparison> comparisons, Collection<Finding> findings) {
        List<Suspect> suspects = new ArrayList<>();
        for (Finding finding : findings) {
            suspects.add(new Suspect(comparisonOf(comparisons, finding), finding));
        }
        return suspects;
    }

    private static Comparison comparisonOf(List<Comparison> comparisons, Finding finding) {
        return comparisons.stream()
                .filter(one -> one.model().equals(finding.model()))
                .filter(one ->
                        one.subject() == Subject.ROWS || one.sourceTables().equals(finding.sourceTable()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("a finding of no comparison: " + finding));
    }

    boolean isOfKeyMap() {
        return comparison.subject() == Subject.KEY_MAP;
    }
}
