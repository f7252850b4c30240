package io.shadowwrite.verifier;

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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Holds the consumer through shadow-api, which enforces the hold by itself. */
final class ApiHoldControl implements HoldControl {

    private static final Logger LOG = LoggerFactory.getLogger(ApiHoldControl.class);

    private final ShadowApi api;
    private final String holder;

    ApiHoldControl(ShadowApi api, String holder) {
        this.api = api;
        this.holder = holder;
    }

    @Override
    public void hold(@Nullable LogSequenceNumber haltAt, Duration lease) {
        try {
            api.halt(new HaltRequest(holder, Hold.Kind.VERIFIER, haltAt, Math.toIntExact(lease.toSeconds())));
        } catch (ShadowProblem e) {
            throw refused("shadow-api does not hold the consumer", e);
        }
    }

    @Override
    public void release() {
        try {
            api.resume(new ResumeRequest(holder));
        } catch (ShadowProblem e) {
            LOG.warn("The hold was not released and ends with its lease: {}", e.getMessage());
        }
    }

    @Override
    public Positions positions() {
        try {
            List<ReaderPosition> positions = api.positions();
            return new Positions(of(positions, Side.CONSUMER), of(positions, Side.VERIFIER));
        } catch (ShadowProblem e) {
            throw refused("shadow-api does not tell the positions", e);
        }
    }

    private static LogSequenceNumber of(List<ReaderPosition> positions, Side side) {
        return positions.stream()
                .filter(position -> position.side() == side)
                .map(ReaderPosition::position)
                .findFirst()
                .orElseThrow(() -> new HoldRefused("shadow-api knows no position of side " + side, null));
    }

    private static HoldRefused refused(String what, ShadowProblem cause) {
        return new HoldRefused(what + " (" + cause.getMessage() + ")", cause);
    }
}
