package io.shadowwrite.cli.cutover;

import io.shadowwrite.protocol.EngagedFence;
import io.shadowwrite.protocol.FenceNote;
import io.shadowwrite.protocol.GateState;
import io.shadowwrite.protocol.Patience;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.ShadowProblem;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The fence of one attempt, which shadow-api knows of before it is engaged, and until it is released: whoever comes after a
 * program that died can see what it left. For one thread.
 */
final class RememberedFence {

    private final Fence fence;
    private final ShadowApi api;
    private final Patience patience;
    private final String holder;
    private boolean engaged;

    RememberedFence(Fence fence, ShadowApi api, Patience patience, String holder) {
        this.fence = fence;
        this.api = api;
        this.patience = patience;
        this.holder = holder;
    }

    /** The one that stands around the source as far as is known; null when none does. */
    static @Nullable EngagedFence noted(ShadowApi api, Patience patience) throws InterruptedException {
        GateState gate = patience.call(api::status).gate();
        return gate == null ? null : gate.fence();
    }

    String would() {
        return fence.would();
    }

    String engage() throws InterruptedException {
        engaged = true;
        note(true);
        return fence.engage();
    }

    /**
     * Nothing unless this attempt engaged it, and no other one since. The note goes last: one too many costs a look, one too
     * few a source that stays read-only.
     */
    void release() throws InterruptedException {
        if (engaged && !isOfAnother()) {
            fence.release();
            note(false);
        }
    }

    /** Where nobody tells, writers are not left paused for it: nobody else has got the gate from an API that is away. */
    private boolean isOfAnother() throws InterruptedException {
        try {
            EngagedFence noted = noted(api, patience);
            return noted != null && !Objects.equals(noted.holder(), holder);
        } catch (ShadowProblem unknown) {
            return false;
        }
    }

    private void note(boolean stands) throws InterruptedException {
        if (!fence.kind().equals(OperatorFence.KIND)) {
            patience.call(() -> api.fence(new FenceNote(holder, fence.kind(), stands)));
        }
    }
}
