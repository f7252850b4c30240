package io.shadowwrite.cli.cutover;

import io.shadowwrite.protocol.FenceNote;
import io.shadowwrite.protocol.ShadowApi;
import org.jspecify.annotations.Nullable;

/**
 * A fence that shadow-api knows of before it is engaged, and until it is released: whoever comes after a program that died
 * can see what it left. For one thread.
 */
record RememberedFence(Fence fence, ShadowApi api, Patience patience, String holder) {

    String engage() throws InterruptedException {
        note(fence.kind());
        return fence.engage();
    }

    /** The note goes last: one too many costs a look, one too few a source that stays read-only. */
    void release() throws InterruptedException {
        fence.release();
        note(null);
    }

    private void note(@Nullable String kind) throws InterruptedException {
        if (!fence.kind().equals(OperatorFence.KIND)) {
            patience.call(() -> api.fence(new FenceNote(holder, kind)));
        }
    }
}
