package io.shadowwrite.transform;

/** A filter of the contract, ready to run. Pure and safe for any thread. */
@FunctionalInterface
interface Condition {

    /** Whether a row is in scope. */
    Truth of(SourceRow row);

    /** What is known about a row. */
    enum Truth {
        HOLDS,
        FAILS,
        /** It depends on a column that was not sent. */
        UNKNOWN;

        static Truth of(boolean holds) {
            return holds ? HOLDS : FAILS;
        }
    }
}
