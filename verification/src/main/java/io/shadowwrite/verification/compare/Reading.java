package io.shadowwrite.verification.compare;

import io.shadowwrite.verification.scan.Buckets;
import java.util.List;

/** One scan of those that a side needs for the sums of some comparisons. */
@FunctionalInterface
public interface Reading {

    /**
     * Reads.
     *
     * @throws io.shadowwrite.verification.session.VerificationProblem when the side cannot be read
     */
    List<Part> read();

    /**
     * What a scan yields for a comparison; all parts of it add up.
     *
     * @param comparison its place among those that were asked for
     */
    record Part(int comparison, Buckets buckets) {}
}
