package io.shadowwrite.verification.compare;

import io.shadowwrite.verification.verdict.FindingClass;
import java.util.ArrayList;
import java.util.List;

/**
 * A key whose rows differ, before its values were looked at.
 *
 * @param image position of the source image that expects the row; -1 when none does
 * @param findingClass the class as far as counts and digests tell
 */
record Difference(String key, int image, FindingClass findingClass) {

    /** What is wrong with a key; empty when nothing is. */
    static List<Difference> of(KeyGroup group) {
        List<Difference> differences = new ArrayList<>();
        int image = group.source() == null ? -1 : group.source().image();
        if (group.targetRows() > 1) {
            differences.add(new Difference(group.key(), image, FindingClass.DUPLICATE_CURRENT_VERSION));
        }
        if (group.sourceRows() == 0) {
            differences.add(new Difference(group.key(), image, FindingClass.EXTRA_IN_RDB));
        } else if (group.targetRows() == 0) {
            differences.add(new Difference(group.key(), image, FindingClass.MISSING_IN_RDB));
        } else if (group.targetRows() == 1 && !group.isEqual()) {
            differences.add(new Difference(group.key(), image, FindingClass.VALUE_MISMATCH));
        }
        return differences;
    }
}
