package io.shadowwrite.system;

import io.shadowwrite.protocol.HaltRequest;
import io.shadowwrite.protocol.Hold;
import io.shadowwrite.protocol.ReaderPosition;
import io.shadowwrite.protocol.ResumeRequest;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.Side;
import io.shadowwrite.verification.pin.HoldControl;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** Holds over HTTP, with a watch. */
final class TimedHold implements HoldControl {

    private final ShadowApi api;
    private final String holder;
    private volatile long takenNanos;
    private volatile boolean taken;
    private volatile Duration held = Duration.ZERO;

    TimedHold(ShadowApi api, String holder) {
        this.api = api;
        this.holder = holder;
    }

    /** From taking the last hold to its release. */
    Duration held() {
        return held;
    }

    @Override
    public void hold(@Nullable LogSequenceNumber haltAt, Duration lease) {
        if (!taken) {
            taken = true;
            takenNanos = System.nanoTime();
        }
        try {
            api.halt(new HaltRequest(holder, Hold.Kind.VERIFIER, haltAt, (int) lease.toSeconds()));
        } catch (ShadowProblem problem) {
            throw new HoldRefused(String.valueOf(problem.getMessage()), problem);
        }
    }

    @Override
    public void release() {
        try {
            api.resume(new ResumeRequest(holder));
        } catch (ShadowProblem problem) {
            throw new HoldRefused(String.valueOf(problem.getMessage()), problem);
        } finally {
            taken = false;
            held = Duration.ofNanos(System.nanoTime() - takenNanos);
        }
    }

    @Override
    public Positions positions() {
        try {
            List<ReaderPosition> readers = api.positions();
            return new Positions(position(readers, Side.CONSUMER), position(readers, Side.VERIFIER));
        } catch (ShadowProblem problem) {
            throw new HoldRefused(String.valueOf(problem.getMessage()), problem);
        }
    }

    private static LogSequenceNumber position(List<ReaderPosition> readers, Side side) {
        return readers.stream()
                .filter(reader -> reader.side() == side)
                .map(ReaderPosition::position)
                .findFirst()
                .orElseThrow(() -> new HoldRefused("no position of " + side, null));
    }
}
