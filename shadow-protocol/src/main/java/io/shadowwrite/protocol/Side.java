package io.shadowwrite.protocol;

/** Which of the two readers. */
public enum Side {
    CONSUMER,
    VERIFIER
}
