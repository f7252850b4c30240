package io.shadowwrite.verification.pin;

/** The two sides could not be brought together this time; says why. */
final class PinMissed extends RuntimeException {

    PinMissed(String message) {
        super(message);
    }
}
