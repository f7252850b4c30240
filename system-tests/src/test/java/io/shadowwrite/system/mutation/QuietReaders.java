package io.shadowwrite.system.mutation;

import static java.util.Objects.requireNonNull;

import io.shadowwrite.testsupport.Database;
import io.shadowwrite.verification.pin.HoldControl;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** Two readers of a source in which nothing happens: wherever they are to stop, they are already there. */
final class QuietReaders implements HoldControl {

    private final Database target;

    QuietReaders(Database target) {
        this.target = target;
    }

    @Override
    public void hold(@Nullable LogSequenceNumber haltAt, Duration lease) {
        if (haltAt != null) {
            target.execute("update shadow.reader_position set position = '" + haltAt.asString() + "'");
        }
    }

    @Override
    public void release() {}

    @Override
    public Positions positions() {
        return new Positions(position(1), position(2));
    }

    private LogSequenceNumber position(int side) {
        return LogSequenceNumber.valueOf(requireNonNull(
                target.queryForString("select position::text from shadow.reader_position where side = ?", side)));
    }
}
