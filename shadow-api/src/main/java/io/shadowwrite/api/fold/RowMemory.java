package io.shadowwrite.api.fold;

import io.shadowwrite.api.fold.KeyMapChanges.SourceRow;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a source transaction that is folded in parts must remember of a row from one part to the next.
 *
 * @param live there is a row
 * @param liveBefore there was one before the transaction
 * @param removedInside the transaction removed it at least once
 * @param passedOn it was there, and now belongs to another source key
 * @param openedInside SCD2: the transaction opened the open version
 * @param replacedOther SCD2: opening it closed another one
 * @param replacedArchivedFrom SCD2: where that one began, in microseconds since 1970, when it was an archived one
 * @param lastUpsert the source row that last wrote it
 * @param predecessors rows of those that held its key before and have yet to leave it, oldest first
 */
public record RowMemory(
        List<String> key,
        boolean live,
        boolean liveBefore,
        boolean removedInside,
        boolean passedOn,
        boolean openedInside,
        boolean replacedOther,
        @Nullable Long replacedArchivedFrom,
        @Nullable SourceRow lastUpsert,
        List<@Nullable List<@Nullable String>> predecessors) {

    private static final int LIVE = 1;
    private static final int LIVE_BEFORE = 2;
    private static final int REMOVED_INSIDE = 4;
    private static final int OPENED_INSIDE = 8;
    private static final int REPLACED_OTHER = 16;
    private static final int PASSED_ON = 32;

    /** The reverse of {@link #flags}. */
    public static RowMemory of(
            List<String> key,
            int flags,
            @Nullable Long replacedArchivedFrom,
            @Nullable SourceRow lastUpsert,
            List<@Nullable List<@Nullable String>> predecessors) {
        return new RowMemory(
                key,
                (flags & LIVE) != 0,
                (flags & LIVE_BEFORE) != 0,
                (flags & REMOVED_INSIDE) != 0,
                (flags & PASSED_ON) != 0,
                (flags & OPENED_INSIDE) != 0,
                (flags & REPLACED_OTHER) != 0,
                replacedArchivedFrom,
                lastUpsert,
                predecessors);
    }

    /** Everything that is true or false, as one number. */
    public int flags() {
        return (live ? LIVE : 0)
                | (liveBefore ? LIVE_BEFORE : 0)
                | (removedInside ? REMOVED_INSIDE : 0)
                | (openedInside ? OPENED_INSIDE : 0)
                | (replacedOther ? REPLACED_OTHER : 0)
                | (passedOn ? PASSED_ON : 0);
    }
}
