package io.shadowwrite.system.bench.verify;

/**
 * One reading of both sides.
 *
 * @param seconds from the first query to the last answer
 * @param sourceCpu CPU seconds of the source's server
 * @param targetCpu CPU seconds of the target's server
 * @param ownCpu CPU seconds of this program
 */
record Pass(double seconds, double sourceCpu, double targetCpu, double ownCpu) {

    /** CPU seconds of everybody. */
    double cpu() {
        return sourceCpu + targetCpu + ownCpu;
    }
}
