package io.shadowwrite.system.bench;

/** The benchmark could not be carried out; the message says why and where to look. */
public final class BenchFailed extends RuntimeException {

    /** What went wrong and where to look. */
    public BenchFailed(String message) {
        super(message);
    }

    /** The same with what caused it. */
    public BenchFailed(String message, Throwable cause) {
        super(message + ": " + cause.getMessage(), cause);
    }
}
