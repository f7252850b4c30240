package io.shadowwrite.api.fold;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An SCD2 version that is to be inserted. A later source transaction of the same batch may end it. */
public final class Version {

    private final List<@Nullable String> row;
    private final long fromMicros;
    private final boolean archived;
    private @Nullable Long untilMicros;

    Version(List<@Nullable String> row, long fromMicros, boolean archived) {
        this.row = row;
        this.fromMicros = fromMicros;
        this.archived = archived;
    }

    /** Canonical texts in the order of {@link ModelColumns#names()}. */
    public List<@Nullable String> row() {
        return row;
    }

    /** Microseconds since 1970. */
    public long fromMicros() {
        return fromMicros;
    }

    /** Microseconds since 1970; null while it is open. */
    public @Nullable Long untilMicros() {
        return untilMicros;
    }

    public boolean archived() {
        return archived;
    }

    void endAt(long micros) {
        untilMicros = micros;
    }
}
