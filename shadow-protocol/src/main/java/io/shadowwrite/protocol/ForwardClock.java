package io.shadowwrite.protocol;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;

/** Tells how much time has passed, whatever is done to the clock of the machine; where it begins means nothing. */
final class ForwardClock extends Clock {

    private final LongSupplier nanoTime;
    private final long began;

    ForwardClock() {
        this(System::nanoTime);
    }

    /** @param nanoTime as {@link System#nanoTime()} */
    ForwardClock(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.began = nanoTime.getAsLong();
    }

    @Override
    public Instant instant() {
        return Instant.EPOCH.plusNanos(nanoTime.getAsLong() - began);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("it is of no day, and so of no zone");
    }
}
