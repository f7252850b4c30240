package io.shadowwrite.replication.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FullXidTest {

    private static final long EPOCH = 1L << 32;

    @Test
    void staysInTheEpochOfTheReference() {
        assertThat(new FullXid(765).of(700)).isEqualTo(700);
        assertThat(new FullXid(3 * EPOCH + 765).of(770)).isEqualTo(3 * EPOCH + 770);
    }

    @Test
    void reachesBackIntoTheEpochBefore() {
        assertThat(new FullXid(EPOCH + 10).of(EPOCH - 5)).isEqualTo(EPOCH - 5);
    }

    @Test
    void followsTheCounterThroughEveryEpoch() {
        FullXid xids = new FullXid(5);
        long step = EPOCH / 3;

        for (long expected = 5; expected < 9 * EPOCH; expected += step) {
            assertThat(xids.of(expected & (EPOCH - 1))).isEqualTo(expected);
        }
    }

    @Test
    void knowsNothingBeforeTheFirstEpoch() {
        assertThat(new FullXid(10).of(EPOCH - 1)).isEqualTo(EPOCH - 1);
    }
}
