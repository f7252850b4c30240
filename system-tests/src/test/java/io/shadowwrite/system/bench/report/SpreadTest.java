package io.shadowwrite.system.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class SpreadTest {

    @Test
    void takesTheMiddleOfAnOddNumberOfValues() {
        assertThat(Spread.of(30, 10, 20)).isEqualTo(new Spread(20, 10, 30));
    }

    @Test
    void takesTheMeanOfTheMiddleTwoOfAnEvenNumber() {
        assertThat(Spread.of(4, 1, 3, 2)).isEqualTo(new Spread(2.5, 1, 4));
    }

    @Test
    void refusesToDescribeNothing() {
        assertThatIllegalArgumentException().isThrownBy(Spread::of);
    }

    @Test
    void percentileIsTheValueOfTheNearestRank() {
        double[] hundred = new double[100];
        for (int i = 0; i < hundred.length; i++) {
            hundred[i] = 100 - i;
        }

        assertThat(Spread.percentile(hundred, 50)).isEqualTo(50);
        assertThat(Spread.percentile(hundred, 99)).isEqualTo(99);
        assertThat(Spread.percentile(hundred, 100)).isEqualTo(100);
        assertThat(Spread.percentile(new double[] {7}, 1)).isEqualTo(7);
    }

    @Test
    void leavesTheValuesInTheirOrder() {
        double[] values = {3, 1, 2};

        Spread.percentile(values, 99);

        assertThat(values).containsExactly(3, 1, 2);
    }
}
