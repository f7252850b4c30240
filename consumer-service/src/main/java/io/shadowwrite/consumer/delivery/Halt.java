package io.shadowwrite.consumer.delivery;

/** Something only a person can decide. The message names what is wrong and the fix. */
final class Halt extends RuntimeException {

    Halt(String reason) {
        super(reason);
    }
}
