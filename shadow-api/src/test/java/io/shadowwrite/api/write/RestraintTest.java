package io.shadowwrite.api.write;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RestraintTest {

    private final Restraint restraint = new Restraint();

    private int leftOut() {
        int leftOut = 0;
        while (!restraint.allows()) {
            leftOut++;
        }
        return leftOut;
    }

    @Test
    void leavesOutMoreWithEveryFailureUpToABound() {
        assertThat(leftOut()).isZero();
        for (int expected : new int[] {1, 3, 7, 15, 31, 63, 63}) {
            restraint.failed();
            assertThat(leftOut()).isEqualTo(expected);
        }
    }

    @Test
    void leavesNothingOutOnceItWorked() {
        restraint.failed();
        restraint.failed();
        leftOut();
        restraint.worked();

        assertThat(leftOut()).isZero();
        restraint.failed();
        assertThat(leftOut()).isEqualTo(1);
    }
}
