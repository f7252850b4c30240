package io.shadowwrite.verifier;

import io.shadowwrite.canonical.RowHash;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.protocol.DigestHash;
import io.shadowwrite.protocol.RowStreams;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.TargetProbe;
import io.shadowwrite.verification.FarTarget;
import io.shadowwrite.verification.attest.Receipts;
import io.shadowwrite.verification.compare.ComparedSide;
import io.shadowwrite.verification.pin.HoldControl.HoldRefused;
import io.shadowwrite.verification.pin.PausedReaders;
import io.shadowwrite.verification.pin.PausedReaders.Standing;
import io.shadowwrite.verification.session.VerificationProblem;
import io.shadowwrite.verification.session.VerificationProblem.Code;
import java.util.HexFormat;
import java.util.List;

/** The target behind shadow-api. */
record ApiTarget(
        Contract contract, ShadowApi api, RowStreams streams, ApiCalls calls, PausedReaders readers, int bucketBits)
        implements FarTarget {

    @Override
    public List<Long> probe() {
        return asked().probe().stream().map(HexFormat::fromHexDigitsToLong).toList();
    }

    @Override
    public List<String> unguarded() {
        return asked().unguarded();
    }

    private TargetProbe asked() {
        return calls.call("a probe", () -> calls.patiently(() -> api.probe(DigestHash.SERVER)));
    }

    @Override
    public ComparedSide side(RowHash hash) {
        DigestHash named = switch (hash) {
            case SERVER -> DigestHash.SERVER;
            case MD5 -> DigestHash.MD5;
        };
        return new ApiSide(contract, api, streams, calls, bucketBits, named);
    }

    @Override
    public Receipts receipts() {
        return new ApiReceipts(api, calls);
    }

    @Override
    public void requireStandstill() {
        Standing standing;
        try {
            standing = readers.standing();
        } catch (HoldRefused e) {
            throw new VerificationProblem(
                    Code.READ_FAILED, String.valueOf(e.getMessage()), "Run it again once shadow-api answers", e);
        }
        calls.require(standing.consumer());
        if (!calls.position().equals(standing.gateAt())) {
            throw new VerificationProblem(
                    Code.MOVED,
                    "the gate let the consumer go while it was compared",
                    "Halt it, drain it and begin again",
                    null);
        }
    }
}
