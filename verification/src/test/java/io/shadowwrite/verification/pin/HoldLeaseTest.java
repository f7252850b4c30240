package io.shadowwrite.verification.pin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shadowwrite.testsupport.Await;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.postgresql.replication.LogSequenceNumber;

class HoldLeaseTest {

    private static final Duration SHORT = Duration.ofMillis(30);

    @Test
    void isNotProlongedForLongerThanAPinMayTake() {
        Counted control = new Counted(Integer.MAX_VALUE);
        try (HoldLease lease = HoldLease.take(control, null, settings(SHORT))) {
            Await.until("the hold is given up", Duration.ofSeconds(20), () -> isLost(lease));

            assertThatThrownBy(lease::check).hasMessageContaining("was held for");
            assertThatThrownBy(() -> lease.moveTo(LogSequenceNumber.valueOf("0/1")))
                    .hasMessageContaining("was held for");
        }
    }

    @Test
    void isNotTakenAnewOnceItWasLost() throws InterruptedException {
        Counted control = new Counted(2);
        try (HoldLease lease = HoldLease.take(control, null, settings(Duration.ofMinutes(1)))) {
            Await.until("the hold is lost", Duration.ofSeconds(20), () -> isLost(lease));
            // What would take it anew would do so within a third of the lease.
            assertThat(lease.ended(Duration.ofSeconds(20))).isTrue();
        }
        assertThat(control.held).hasValue(2);
    }

    private static boolean isLost(HoldLease lease) {
        try {
            lease.check();
            return false;
        } catch (HoldControl.HoldRefused lost) {
            return true;
        }
    }

    private static PinSettings settings(Duration barrierTimeout) {
        return new PinSettings(1, SHORT, barrierTimeout, SHORT, SHORT, SHORT);
    }

    /** Lets itself be held some times, and is refused once. */
    private static final class Counted implements HoldControl {

        private final AtomicInteger held = new AtomicInteger();
        private final int refused;

        Counted(int refused) {
            this.refused = refused;
        }

        @Override
        public void hold(@Nullable LogSequenceNumber haltAt, Duration lease) {
            if (held.incrementAndGet() == refused) {
                throw new HoldRefused("somebody else holds", null);
            }
        }

        @Override
        public void release() {}

        @Override
        public Positions positions() {
            throw new UnsupportedOperationException("nobody asks");
        }
    }
}
