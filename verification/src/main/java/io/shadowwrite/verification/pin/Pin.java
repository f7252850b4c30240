package io.shadowwrite.verification.pin;

/** A way to bring a source snapshot and a target snapshot together, so that what differs is wrong. */
public sealed interface Pin permits BarrierPin, CheckedPin, FallbackPin, RaceWindowPin, RepeatedPin, SnapshotPin {

    /**
     * Takes the pin. Whatever the outcome, no hold and no slot stays behind.
     *
     * @throws io.shadowwrite.replication.StreamProblem when the source does not let us in at all
     * @throws io.shadowwrite.verification.session.VerificationProblem when the target does not, or a session is unfit
     */
    PinOutcome take();
}
