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

    /** The source row comes to this key with the change: it is new, or had another key. */
    final boolean arrives;

    private RowWrite(
            ShadowWrite write,
            RowState state,
            @Nullable RowState former,
            @Nullable List<@Nullable String> whole,
            boolean arrives) {
        this.write = write;
        this.state = state;
        this.former = former;
        this.whole = whole;
        this.arrives = arrives;
    }

    static RowWrite removal(ShadowWrite write, RowState state) {
        return new RowWrite(write, state, null, null, false);
    }

    static RowWrite whole(ShadowWrite write, RowState state, List<@Nullable String> row, boolean arrives) {
        return new RowWrite(write, state, null, row, arrives);
    }

    static RowWrite partial(ShadowWrite write, RowState state, @Nullable RowState former, boolean arrives) {
        return new RowWrite(write, state, former, null, arrives);
    }

    public ShadowWrite write() {
        return write;
    }

    public RowState state() {
        return state;
    }
}
