package io.shadowwrite.api.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How long the rest of a request is read. */
class TransactionLinesTest {

    private long nanos;

    /** A sender whose next bytes come after a pause each time. */
    private final class Slow extends InputStream {

        private final Duration pause;
        private int left;

        Slow(int reads, Duration pause) {
            this.left = reads;
            this.pause = pause;
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException();
        }

        @Override
        public int read(byte[] buffer, int from, int length) {
            nanos += pause.toNanos();
            return left-- > 0 ? 1 : -1;
        }
    }

    @Test
    void aSenderThatNeedsHoursForTheRestIsHeardToItsEnd() {
        Slow sender = new Slow(300, Duration.ofMinutes(1));

        new TransactionLines(sender, () -> nanos).drain();

        assertThat(sender.left).isNegative();
    }

    @Test
    void aSenderThatNeverEndsIsLeft() {
        Slow sender = new Slow(1_000_000, Duration.ofMinutes(1));

        new TransactionLines(sender, () -> nanos).drain();

        assertThat(sender.left).isPositive();
        assertThat(Duration.ofNanos(nanos)).isLessThan(Duration.ofDays(2));
    }
}
