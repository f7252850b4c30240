package io.shadowwrite.api.write;

/** Tries less often what came to nothing, and as often as before once it worked. Thread-safe. */
final class Restraint {

    private static final int MOST_LEFT_OUT = 63;

    // Both guarded by this.
    private int leftOutAfterFailure;
    private int leaveOut;

    /** Whether to try this time. */
    synchronized boolean allows() {
        if (leaveOut > 0) {
            leaveOut--;
            return false;
        }
        return true;
    }

    synchronized void failed() {
        leftOutAfterFailure = Math.min(MOST_LEFT_OUT, leftOutAfterFailure * 2 + 1);
        leaveOut = leftOutAfterFailure;
    }

    synchronized void worked() {
        leftOutAfterFailure = 0;
    }
}
