package io.shadowwrite.delivery;

/** Something only a person can decide. The message names what is wrong and the fix. */
public final class Halt extends RuntimeException {

    public Halt(String reason) {
        super(reason);
    }
}
