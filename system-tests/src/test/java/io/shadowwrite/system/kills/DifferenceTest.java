package io.shadowwrite.system.kills;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is lost, doubled or out of order in a record is counted, and nothing else. */
class DifferenceTest {

    private static final List<Change> HAPPENED = List.of(
            new Change("partner 1", 10, "INSERT"),
            new Change("partner 2", 10, "INSERT"),
            new Change("partner 1", 11, "UPDATE"),
            new Change("partner 1", 11, "UPDATE"),
            new Change("partner 2", 12, "UPDATE"),
            new Change("partner 1", 13, "DELETE"));

    private final List<Change> told = new ArrayList<>(HAPPENED);

    @Test
    void findsNothingInAFaithfulRecord() {
        assertThat(difference()).isEqualTo(Difference.NONE);
    }

    @Test
    void doesNotMindTheOrderOfDifferentRows() {
        Collections.swap(told, 0, 1);

        assertThat(difference()).isEqualTo(Difference.NONE);
    }

    @Test
    void countsAReceiptThatIsGone() {
        told.remove(3);

        assertCounts(1, 0, 0);
    }

    @Test
    void countsARowOfWhichNothingIsTold() {
        told.removeIf(change -> change.row().equals("partner 2"));

        assertCounts(2, 0, 0);
    }

    @Test
    void countsAReceiptThatIsThereTwice() {
        told.add(4, HAPPENED.get(4));

        assertCounts(0, 1, 0);
    }

    @Test
    void countsWhatNeverHappened() {
        told.add(new Change("partner 3", 14, "INSERT"));
        told.add(new Change("partner 1", 9, "UPDATE"));

        assertCounts(0, 2, 0);
    }

    @Test
    void countsTwoReceiptsOfARowThatChangedPlaces() {
        Collections.swap(told, 0, 2);

        assertCounts(0, 0, 2);
    }

    @Test
    void tellsALossFromADisorder() {
        told.remove(0);

        assertCounts(1, 0, 0);
    }

    private void assertCounts(long lost, long duplicated, long misordered) {
        Difference found = difference();

        assertThat(List.of(found.lost(), found.duplicated(), found.misordered()))
                .isEqualTo(List.of(lost, duplicated, misordered));
        assertThat(found.examples()).isNotEmpty();
    }

    private Difference difference() {
        return Difference.between(HAPPENED, told);
    }
}
