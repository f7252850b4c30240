package io.shadowwrite.cli.decommission;

/** A step could not be taken because of something that is there; what was done before it stays done. */
public final class RemovalRefused extends RuntimeException {

    RemovalRefused(String message, Throwable cause) {
        super(message, cause);
    }
}
