package io.shadowwrite.cli.cutover;

import io.shadowwrite.protocol.BlockingFinding;
import io.shadowwrite.protocol.CutoverAudit;
import io.shadowwrite.protocol.CutoverDecision;
import io.shadowwrite.protocol.EngagedFence;
import io.shadowwrite.protocol.FenceNote;
import io.shadowwrite.protocol.Hold;
import io.shadowwrite.protocol.Patience;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ResumeRequest;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Undoes an attempt, whoever began it and whatever became of his program, and gives a permit back. May be repeated. For one
 * thread.
 */
public record Abort(ShadowApi api, Fence fence, String who, String why) {

    /** Also when people paused the writers, who read this. */
    static final String FENCE_IS_LEFT =
            "the fence: not released, and no writer of the source may go on, because a permit may stand; ./shadow cutover status tells";

    /**
     * What came of it.
     *
     * @param done what there was to undo; empty when there was nothing
     * @param failures what could not be undone, each with its reason
     */
    public record Result(List<String> done, List<String> failures) {}

    /** Where a permit holds the consumer that it would take away, whatever became of it since; null when none does. */
    public @Nullable LogSequenceNumber permit() throws InterruptedException {
        Status status = ApiPatience.usual().call(api::status);
        return status.phase().equals("FINISHED") ? null : ofPermit(status.hold());
    }

    private static @Nullable LogSequenceNumber ofPermit(@Nullable Hold hold) {
        return hold == null || !hold.ofPermit() ? null : hold.haltAt();
    }

    /**
     * First no permit, then no hold, and the writers last: in between nobody is allowed anything. While it is not sure that
     * there is no permit, writers of the source stay paused.
     *
     * @param known the permit that somebody means to take away, as {@link #permit} told it; no other one is
     * @throws ShadowProblem with CUTOVER_FINISHED, and nothing is touched, when writers have moved
     */
    public Result run(@Nullable LogSequenceNumber known) throws InterruptedException {
        List<String> done = new ArrayList<>();
        try {
            letGo(known, done);
        } catch (ShadowProblem left) {
            if (left.type() == ProblemType.CUTOVER_FINISHED) {
                throw left;
            }
            return new Result(done, List.of("the permit and the hold: " + left.getMessage(), FENCE_IS_LEFT));
        }
        Undo undo = new Undo();
        undo.each("the fence", () -> release(done));
        return new Result(done, undo.over());
    }

    /** What nobody is known to have engaged is somebody else's, whatever it looks like. */
    private void release(List<String> done) throws InterruptedException {
        Patience patience = ApiPatience.usual();
        EngagedFence noted = RememberedFence.noted(api, patience);
        if (noted == null) {
            return;
        }
        if (!noted.kind().equals(fence.kind())) {
            throw new Fence.FenceStays(
                    "writers of the source may still be paused by --fence=%s of %s; say that one here"
                            .formatted(noted.kind(), noted.holder()),
                    null);
        }
        fence.release();
        patience.call(() -> api.fence(new FenceNote("abort by " + who, noted.kind(), false)));
        done.add("the fence is released: " + noted.kind());
    }

    private void letGo(@Nullable LogSequenceNumber known, List<String> done) throws InterruptedException {
        Patience patience = ApiPatience.usual();
        Status status = patience.call(api::status);
        if (status.phase().equals("FINISHED")) {
            throw new ShadowProblem(
                    ProblemType.CUTOVER_FINISHED,
                    "nothing was undone: the cutover is finished, and what writers have written to the target since would be overwritten");
        }
        Hold hold = status.hold() != null && status.hold().ofCutover() ? status.hold() : null;
        if (hold != null || status.permit() != null) {
            UUID attempt = hold == null ? null : AuditId.of(hold.holder()).orElse(null);
            LogSequenceNumber at = ofPermit(hold);
            if (at != null && !at.equals(known)) {
                throw new ShadowProblem(
                        ProblemType.BROKEN_INVARIANT,
                        "a permit was given at %s meanwhile, and nobody was asked about it; abort again"
                                .formatted(at.asString()));
            }
            CutoverAudit stored = new BlockRecord(api, patience, id -> audit(id, at)).store(attempt);
            done.add("no permit: blocked as " + stored.auditId());
        }
        if (hold != null) {
            String holder = hold.holder();
            patience.call(() -> api.resume(new ResumeRequest(holder)));
            done.add("the consumer goes on: ended what was held by " + holder);
        }
    }

    private CutoverAudit audit(UUID id, @Nullable LogSequenceNumber at) {
        return new CutoverAudit(
                id,
                CutoverDecision.BLOCK,
                null,
                at,
                null,
                Map.of(),
                List.of(new BlockingFinding("ABORTED", why)),
                List.of(),
                null,
                who,
                why);
    }
}
