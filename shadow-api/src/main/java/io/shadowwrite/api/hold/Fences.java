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
               set fence_kind = :kind,
                   fence_holder = case when :kind::text is not null then :holder end,
                   fence_at = case when :kind::text is not null then clock_timestamp() end
            """;

    private final ShadowDatabase database;
    private final Windows windows;

    public Fences(ShadowDatabase database, Windows windows) {
        this.database = database;
        this.windows = windows;
    }

    ControlState note(FenceNote note) {
        if (!isName(note.holder()) || (note.kind() != null && !isName(note.kind()))) {
            throw new ShadowProblem(
                    ProblemType.MALFORMED_REQUEST,
                    "holder and kind are names of up to %d characters".formatted(LONGEST));
        }
        return database.inTransaction(() -> {
            OpenWindow window = windows.lock();
            Hold hold = window.hold();
            if (note.kind() != null && (hold == null || !hold.holder().equals(note.holder()))) {
                throw new ShadowProblem(ProblemType.HOLD_TAKEN, "only the attempt that holds the gate engages a fence");
            }
            database.jdbc()
                    .sql(NOTE)
                    .param("kind", note.kind())
                    .param("holder", note.holder())
                    .update();
            return window.control();
        });
    }

    private static boolean isName(@Nullable String name) {
        return name != null && !name.isBlank() && name.length() <= LONGEST;
    }
}
