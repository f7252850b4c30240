package io.shadowwrite.cli.cutover;

import org.jspecify.annotations.Nullable;

/**
 * How writers of the source are paused. Whatever it is, that they are is proven from the WAL and not by it. For one thread.
 */
public sealed interface Fence permits OperatorFence, ReadOnlyFence, CommandFence {

    /** As it is asked for, and remembered. */
    String kind();

    /** What engaging it does, in one sentence. */
    String would();

    /** Why it could not be engaged; null when nothing speaks against it. */
    @Nullable String objection() throws InterruptedException;

    /** What looks like it although no attempt is known to have engaged it; null when nothing does, or nobody can tell. */
    @Nullable String strange();

    /**
     * Pauses the writers; nothing when they are paused already.
     *
     * @return what it did, in a few words; may be empty
     * @throws CutoverBlocked when it does not succeed
     */
    String engage() throws InterruptedException;

    /**
     * Lets writers write again; nothing when they may already.
     *
     * @throws FenceStays when it does not succeed
     */
    void release() throws InterruptedException;

    /** Writers stay paused, and somebody has to do something about that. */
    final class FenceStays extends RuntimeException {
        FenceStays(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
