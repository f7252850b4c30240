package io.shadowwrite.verification;

import io.shadowwrite.canonical.RowHash;
import io.shadowwrite.verification.attest.Receipts;
import io.shadowwrite.verification.compare.ComparedSide;
import io.shadowwrite.verification.session.VerificationProblem;
import java.util.List;

/** A target that is asked and not read: what stands between says at which LSN it stands. Safe for any number of threads. */
public interface FarTarget {

    /**
     * What its server makes of {@link RowHash#probe()} of its own hash.
     *
     * @throws VerificationProblem READ_FAILED
     */
    List<Long> probe();

    /**
     * The models whose tables let several current rows of one key by, one line each with what to do; none when none does.
     *
     * @throws VerificationProblem READ_FAILED
     */
    List<String> unguarded();

    /** The rows and the key map, in buckets as the settings have them. */
    ComparedSide side(RowHash hash);

    /** The receipts of both readers. */
    Receipts receipts();

    /**
     * Lets pass while it stands still where the comparison needs it.
     *
     * @throws VerificationProblem MOVED when it does not
     */
    void requireStandstill();
}
