package io.shadowwrite.verification.pin;

import static java.util.Objects.requireNonNull;

import io.shadowwrite.testsupport.Database;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** Readers that are wherever they are told to halt; nothing is really held, because nothing moves. */
public final class ObedientReaders implements HoldControl {

    private final Database target;
    private final AtomicInteger held = new AtomicInteger();
    private final AtomicInteger released = new AtomicInteger();

    /** Keeps the positions where the pin will look for them. */
    public ObedientReaders(Database target) {
        this.target = target;
    }

    @Override
    public void hold(@Nullable LogSequenceNumber haltAt, Duration lease) {
        held.incrementAndGet();
        if (haltAt != null) {
            target.execute("update shadow.reader_position set position = '" + haltAt.asString() + "'");
        }
    }

    @Override
    public void release() {
        released.incrementAndGet();
    }

    @Override
    public Positions positions() {
        return new Positions(position(1), position(2));
    }

    private LogSequenceNumber position(int side) {
        return LogSequenceNumber.valueOf(requireNonNull(
                target.queryForString("select position::text from shadow.reader_position where side = " + side)));
    }

    /** How often a hold was taken, moved or prolonged. */
    public int held() {
        return held.get();
    }

    /** How often it was released. */
    public int released() {
        return released.get();
    }
}
