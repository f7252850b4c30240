package io.shadowwrite.system.bench;

/** The benchmark could not be carried out; the message says why and where to look. */
final class BenchFailed extends RuntimeException {

    BenchFailed(String message) {
        super(message);
    }

    BenchFailed(String message, Throwable cause) {
        super(message + ": " + cause.getMessage(), cause);
    }
}
