package io.shadowwrite.verification.compare;

import io.shadowwrite.verification.verdict.FindingClass;
import java.util.ArrayList;
import java.util.List;

/**
 * A key whose rows differ, before its values were looked at.
 *
 * @param image position of the source image that expects the row; -1 when none does
 * @param findingClass the class as counts and digests tell it
 * @param oneToOne whether one expected row meets one row that is there, so that their values decide
 */
record Difference(String key, int image, FindingClass findingClass, boolean oneToOne) {

    /** What is wrong with a key; empty when nothing is, and two when there are several rows of a key that nobody expects. */
    static List<Difference> of(KeyGroup group) {
        List<Difference> differences = new ArrayList<>();
        boolean oneToOne = group.sourceRows() == 1 && group.targetRows() == 1;
        int image = group.source() == null ? -1 : group.source().image();
        if (group.targetRows() > 1) {
            differences.add(new Difference(group.key(), image, FindingClass.DUPLICATE_CURRENT_VERSION, oneToOne));
        }
        if (group.sourceRows() == 0) {
            differences.add(new Difference(group.key(), image, FindingClass.EXTRA_IN_RDB, oneToOne));
        } else if (group.targetRows() == 0) {
            differences.add(new Difference(group.key(), image, FindingClass.MISSING_IN_RDB, oneToOne));
        } else if (group.targetRows() == 1 && !group.isEqual()) {
            FindingClass findingClass = group.isSpelledOtherwise()
                    ? FindingClass.REPRESENTATION_ONLY_DIFFERENCE
                    : FindingClass.VALUE_MISMATCH;
            differences.add(new Difference(group.key(), image, findingClass, oneToOne));
        }
        return differences;
    }

    /** Whether only a look at the values would tell more than the digests do. */
    boolean valuesDecide() {
        return oneToOne
                && (findingClass == FindingClass.VALUE_MISMATCH
                        || findingClass == FindingClass.REPRESENTATION_ONLY_DIFFERENCE);
    }
}
