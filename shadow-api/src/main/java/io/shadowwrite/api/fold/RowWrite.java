package io.shadowwrite.api.fold;

import io.shadowwrite.protocol.ShadowWrite;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One write of a batch, together with the row it is about. Belongs to one request and one thread. */
public final class RowWrite {

    final ShadowWrite write;
    final RowState state;

    /** The row that absent columns are carried over from; null when there is none. */
    final @Nullable RowState former;

    /** The row as the write makes it; null when some of its columns are unchanged, or for a removal. */
    final @Nullable List<@Nullable String> whole;

    RowWrite(ShadowWrite write, RowState state, @Nullable RowState former, @Nullable List<@Nullable String> whole) {
        this.write = write;
        this.state = state;
        this.former = former;
        this.whole = whole;
    }

    public ShadowWrite write() {
        return write;
    }

    public RowState state() {
        return state;
    }
}
