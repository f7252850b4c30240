package io.shadowwrite.cli.verify;

import io.shadowwrite.verification.scan.LongValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Compares one key again while everything runs. The source's row is read in a snapshot, the target's once the consumer has
 * passed all that the snapshot shows. They may differ because the row was written in between; so a difference counts only
 * when nothing happened to the row since before the snapshot, and it is the same one twice in a row.
 */
public final class Recheck {

    /** How often a row that is being written is looked at before that is given up. */
    public static final int MOST_LOOKS = 5;

    private final Look look;

    /** One look at both sides; where it comes from is somebody else's. */
    @FunctionalInterface
    public interface Look {

        Both once();
    }

    /**
     * What both sides hold under the key.
     *
     * @param expected canonical values, long ones shortened; null when no source row makes one
     * @param found the same of the target; null when there is no current row
     * @param foundRows how many current rows the target has
     * @param before a position from before the source was read
     * @param lastEvent of the row, as far as the API looked back; null for none
     */
    public record Both(
            @Nullable List<@Nullable String> expected,
            @Nullable List<@Nullable String> found,
            int foundRows,
            LogSequenceNumber before,
            @Nullable LogSequenceNumber lastEvent) {

        boolean equal() {
            return foundRows <= 1 && Objects.equals(expected, shortened());
        }

        private @Nullable List<@Nullable String> shortened() {
            if (found == null) {
                return null;
            }
            List<@Nullable String> shortened = new ArrayList<>();
            found.forEach(value -> shortened.add(LongValue.shortened(value)));
            return shortened;
        }

        boolean changedMeanwhile() {
            return lastEvent != null && lastEvent.compareTo(before) >= 0;
        }

        boolean same(Both other) {
            return foundRows == other.foundRows
                    && Objects.equals(expected, other.expected)
                    && Objects.equals(found, other.found);
        }

        /** Positions of the columns that differ; none when a whole row is missing or too much. */
        public List<Integer> differing() {
            List<Integer> positions = new ArrayList<>();
            List<@Nullable String> right = shortened();
            if (expected != null && right != null) {
                for (int i = 0; i < Math.min(expected.size(), right.size()); i++) {
                    if (!Objects.equals(expected.get(i), right.get(i))) {
                        positions.add(i);
                    }
                }
            }
            return positions;
        }
    }

    /** What came of it. */
    public sealed interface Answer {

        /** The sides are equal now. */
        record Equal(Both both) implements Answer {}

        /** They still differ, and nothing is under way that would explain it. */
        record Differs(Both both) implements Answer {}

        /** The row was written whenever it was looked at. */
        record Busy() implements Answer {}
    }

    public Recheck(Look look) {
        this.look = look;
    }

    /** Looks until it is certain, or as often as it may. */
    public Answer run() {
        Both last = null;
        for (int i = 0; i < MOST_LOOKS; i++) {
            Both both = look.once();
            if (both.equal()) {
                return new Answer.Equal(both);
            }
            if (both.changedMeanwhile()) {
                last = null;
            } else if (last != null && both.same(last)) {
                return new Answer.Differs(both);
            } else {
                last = both;
            }
        }
        return new Answer.Busy();
    }
}
