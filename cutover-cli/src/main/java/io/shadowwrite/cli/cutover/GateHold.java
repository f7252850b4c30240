package io.shadowwrite.cli.cutover;

import io.shadowwrite.protocol.ControlState;
import io.shadowwrite.protocol.HaltRequest;
import io.shadowwrite.protocol.Hold;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ResumeRequest;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.ShadowProblem;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * The hold of one attempt, prolonged by a thread of its own for as long as this program lives: when it dies, the lease runs
 * out and the consumer goes on. A hold that somebody has ended is not taken again. Thread-safe.
 */
final class GateHold {

    /** Nothing lies beyond it: the gate is taken, and everything goes on being applied. */
    private static final LogSequenceNumber BEYOND_ALL = LogSequenceNumber.valueOf(Long.MAX_VALUE);

    private static final int PROLONGED_PER_LEASE = 5;
    private static final Duration KEEPER_ENDS_WITHIN = Duration.ofSeconds(30);

    private final ShadowApi api;
    private final String holder;
    private final Duration lease;
    private final Thread keeper;

    // Guarded by this, as are the next two.
    private @Nullable LogSequenceNumber haltAt = BEYOND_ALL;
    private long prolongedNanos = System.nanoTime();
    private @Nullable String lost;

    private GateHold(ShadowApi api, String holder, Duration lease) {
        this.api = api;
        this.holder = holder;
        this.lease = lease;
        // A platform thread: being told to end does not break off a request, which the API might then follow too late.
        this.keeper = Thread.ofPlatform().daemon().name("gate").unstarted(this::keep);
    }

    /**
     * Takes the gate, so that nobody else prepares a cutover and no verifier holds the consumer.
     *
     * @throws CutoverBlocked when somebody has it
     */
    static GateHold take(ShadowApi api, String holder, Duration lease) {
        GateHold gate = new GateHold(api, holder, lease);
        try {
            gate.ask(BEYOND_ALL);
        } catch (ShadowProblem problem) {
            if (problem.type() == ProblemType.HOLD_TAKEN) {
                throw new CutoverBlocked(problem.type().name(), problem.detail());
            }
            throw problem;
        }
        gate.keeper.start();
        return gate;
    }

    /** From now on nothing that commits at the LSN or later is applied; null: nothing at all. */
    synchronized ControlState halt(@Nullable LogSequenceNumber at) {
        check();
        return ask(at);
    }

    private synchronized ControlState ask(@Nullable LogSequenceNumber at) {
        long before = System.nanoTime();
        ControlState state =
                api.halt(new HaltRequest(holder, Hold.Kind.GATE, at, Math.toIntExact(Math.max(1, lease.toSeconds()))));
        haltAt = at;
        prolongedNanos = before;
        return state;
    }

    /**
     * Nothing when it still holds.
     *
     * @throws CutoverBlocked when it does not
     */
    synchronized void check() {
        if (lost == null && System.nanoTime() - prolongedNanos >= lease.toNanos()) {
            lost = "the hold of the gate ran out: shadow-api did not answer for as long as its lease";
        }
        if (lost != null) {
            throw new CutoverBlocked("GATE_LOST", lost);
        }
    }

    private void keep() {
        try {
            while (true) {
                Thread.sleep(lease.dividedBy(PROLONGED_PER_LEASE));
                if (!prolonged()) {
                    return;
                }
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether there is something to go on with. */
    private synchronized boolean prolonged() {
        try {
            Hold hold = api.controlState().hold();
            if (hold == null || !hold.holder().equals(holder)) {
                lost = hold == null ? "somebody ended the hold of the gate" : hold.holder() + " holds the consumer";
                return false;
            }
            ask(haltAt);
            return true;
        } catch (ShadowProblem problem) {
            if (!problem.retryable() || problem.type() == ProblemType.HOLD_TAKEN) {
                lost = "the hold of the gate cannot be prolonged: " + problem.getMessage();
                return false;
            }
            return true;
        }
    }

    /** Prolongs it a last time and leaves it alone then: what comes next decides how long it lasts. */
    void keepNoLonger() throws InterruptedException {
        stopKeeper();
        ApiPatience.within(lease).call(() -> halt(current()));
    }

    private synchronized @Nullable LogSequenceNumber current() {
        return haltAt;
    }

    /** Lets the consumer go on; nothing when it does already. */
    void release() throws InterruptedException {
        stopKeeper();
        ApiPatience.within(lease).call(() -> api.resume(new ResumeRequest(holder)));
    }

    private void stopKeeper() throws InterruptedException {
        keeper.interrupt();
        if (!keeper.join(KEEPER_ENDS_WITHIN)) {
            throw new CutoverBlocked("GATE_LOST", "shadow-api does not answer; the gate's lease is left to run out");
        }
    }
}
