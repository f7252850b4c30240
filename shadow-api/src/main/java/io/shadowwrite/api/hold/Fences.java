package io.shadowwrite.api.hold;

import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.window.OpenWindow;
import io.shadowwrite.api.window.Windows;
import io.shadowwrite.protocol.ControlState;
import io.shadowwrite.protocol.FenceNote;
import io.shadowwrite.protocol.Hold;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import org.jspecify.annotations.Nullable;

/** Remembers which fence stands around the source, because the program that engaged it may be gone. Thread-safe. */
public final class Fences {

    private static final int LONGEST = 200;

    private static final String NOTE = """
            update shadow.backfill_state
               set fence_kind = ?,
                   fence_holder = ?,
                   fence_at = clock_timestamp()
            """;

    private static final String NOTED = """
            select fence_kind, fence_holder
              from shadow.backfill_state
             where fence_kind is not null
            """;

    private static final String FORGET =
            "update shadow.backfill_state set fence_kind = null, fence_holder = null, fence_at = null";

    private final ShadowDatabase database;
    private final Windows windows;

    public Fences(ShadowDatabase database, Windows windows) {
        this.database = database;
        this.windows = windows;
    }

    ControlState note(FenceNote note) {
        if (!isName(note.holder()) || !isName(note.kind())) {
            throw new ShadowProblem(
                    ProblemType.MALFORMED_REQUEST,
                    "holder and kind are names of up to %d characters".formatted(LONGEST));
        }
        return database.inTransaction(() -> {
            OpenWindow window = windows.lock();
            if (note.engaged()) {
                engage(note, window.hold());
            } else {
                release(note);
            }
            return window.control();
        });
    }

    private void engage(FenceNote note, @Nullable Hold hold) {
        if (hold == null || !hold.holder().equals(note.holder())) {
            throw new ShadowProblem(ProblemType.HOLD_TAKEN, "only the attempt that holds the gate engages a fence");
        }
        database.jdbc().sql(NOTE).params(note.kind(), note.holder()).update();
    }

    /** Nothing when none is noted, so that a repetition is no error. Whoever aborts releases that of another. */
    private void release(FenceNote note) {
        boolean attempt = note.holder().startsWith(Hold.CUTOVER);
        database.jdbc().sql(NOTED).query(row -> {
            String kind = row.getString("fence_kind");
            String holder = row.getString("fence_holder");
            if (!note.kind().equals(kind) || (attempt && !note.holder().equals(holder))) {
                throw new ShadowProblem(
                        ProblemType.BROKEN_INVARIANT,
                        "the fence that stands is %s of %s, and not %s; it stays noted"
                                .formatted(kind, holder, note.kind()));
            }
        });
        database.jdbc().sql(FORGET).update();
    }

    private static boolean isName(@Nullable String name) {
        return name != null && !name.isBlank() && name.length() <= LONGEST;
    }
}
