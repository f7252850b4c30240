package io.shadowwrite.api.write;

import io.shadowwrite.api.database.ShadowDatabase;
import java.util.function.Supplier;
import org.postgresql.replication.LogSequenceNumber;

/** The consumer's position: moved by whoever writes, awaited by whoever continues from it. Thread-safe. */
final class Position {

    private static final String MOVE = "update shadow.reader_position set position = ?::pg_lsn where side = 1";

    private final ShadowDatabase database;
    private final Turns turns = new Turns();

    Position(ShadowDatabase database) {
        this.database = database;
    }

    /** Attempts to write, again for a while when the attempt is OUT_OF_TURN; then whoever waits may look again. */
    <T> T inTurn(Supplier<T> attempt) {
        return turns.await(() -> moved(attempt));
    }

    /** One of several transactions of an attempt. */
    <T> T moved(Supplier<T> transaction) {
        T result = transaction.get();
        turns.moved();
        return result;
    }

    /** In the caller's transaction. */
    void move(LogSequenceNumber from, LogSequenceNumber to) {
        if (!from.equals(to)) {
            database.jdbc().sql(MOVE).param(to.asString()).update();
        }
    }
}
