package io.shadowwrite.cli.cutover;

import io.shadowwrite.protocol.BlockingFinding;
import io.shadowwrite.protocol.CutoverAudit;
import io.shadowwrite.protocol.CutoverDecision;
import io.shadowwrite.protocol.EngagedFence;
import io.shadowwrite.protocol.GateState;
import io.shadowwrite.protocol.Hold;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ResumeRequest;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.Status;
import java.time.Duration;
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

    private static final Duration API_ANSWERS_WITHIN = Duration.ofSeconds(60);

    /**
     * What came of it.
     *
     * @param done what there was to undo; empty when there was nothing
     * @param failures what could not be undone, each with its reason
     */
    public record Result(List<String> done, List<String> failures) {}

    /** Where a permit holds the consumer that it would take away, whatever became of it since; null when none does. */
    public @Nullable LogSequenceNumber permit() throws InterruptedException {
        Status status = new Patience(API_ANSWERS_WITHIN).call(api::status);
        return status.phase().equals("FINISHED") ? null : ofPermit(status.hold());
    }

    private static @Nullable LogSequenceNumber ofPermit(@Nullable Hold hold) {
        return hold == null || !hold.ofPermit() ? null : hold.haltAt();
    }

    /**
     * First no permit, then no hold, and the writers last: in between nobody is allowed anything.
     *
     * @param known the permit that somebody means to take away, as {@link #permit} told it; no other one is
     * @throws ShadowProblem with CUTOVER_FINISHED, and nothing is touched, when writers have moved
     */
    public Result run(@Nullable LogSequenceNumber known) throws InterruptedException {
        if (isFinished()) {
            throw new ShadowProblem(
                    ProblemType.CUTOVER_FINISHED,
                    "nothing was undone: the cutover is finished, and what writers have written to the target since would be overwritten");
        }
        List<String> done = new ArrayList<>();
        Undo undo = new Undo();
        undo.each("the permit and the hold", () -> letGo(known, done));
        undo.each("the fence", () -> release(done));
        return new Result(done, undo.over());
    }

    private void release(List<String> done) throws InterruptedException {
        Patience patience = new Patience(API_ANSWERS_WITHIN);
        new RememberedFence(fence, api, patience, "abort by " + who).release();
        if (!fence.kind().equals(OperatorFence.KIND)) {
            done.add("the fence is released: " + fence.kind());
            return;
        }
        GateState gate = patience.call(api::status).gate();
        EngagedFence left = gate == null ? null : gate.fence();
        if (left != null) {
            throw new Fence.FenceStays(
                    "writers of the source may still be paused by --fence=%s of %s; say it here, too"
                            .formatted(left.kind(), left.holder()),
                    null);
        }
    }

    /** Not known when shadow-api does not answer; the fence is no more to be left for that than it was. */
    private boolean isFinished() throws InterruptedException {
        try {
            return new Patience(API_ANSWERS_WITHIN).call(api::status).phase().equals("FINISHED");
        } catch (ShadowProblem unknown) {
            return false;
        }
    }

    private void letGo(@Nullable LogSequenceNumber known, List<String> done) throws InterruptedException {
        Patience patience = new Patience(API_ANSWERS_WITHIN);
        Status status = patience.call(api::status);
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
