package io.shadowwrite.verification;

import io.shadowwrite.verification.attest.ReceiptWindow;
import io.shadowwrite.verification.pin.PinKind;
import io.shadowwrite.verification.pin.XidMark;
import io.shadowwrite.verification.verdict.Coverage;
import io.shadowwrite.verification.verdict.Finding;
import io.shadowwrite.verification.verdict.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * What a tick found.
 *
 * @param hour the full UTC hour of the source's clock
 * @param pinLsn below it the target has everything of both readers; unless under a race window, both sides show exactly that.
 *     Null without a pin
 * @param reason one line for people: why inconclusive, or what was compared
 * @param eventsAttested events on which both readers agree
 * @param coverage rows compared by model
 * @param unmapped rows of source tables that the contract leaves out, by table
 * @param findingsTotal all findings
 * @param findings the findings that were kept
 * @param attested closed windows to be kept
 * @param pinKind how the two sides were brought together; null without a pin
 * @param barrierRefused why that was not the barrier; null when it was
 * @param mark for the race windows of later runs; null without a pin
 */
public record TickResult(
        Instant hour,
        @Nullable LogSequenceNumber pinLsn,
        Instant startedAt,
        Instant finishedAt,
        Verdict verdict,
        String reason,
        long eventsAttested,
        List<Coverage> coverage,
        Map<String, Long> unmapped,
        long findingsTotal,
        List<Finding> findings,
        List<ReceiptWindow> attested,
        @Nullable PinKind pinKind,
        @Nullable String barrierRefused,
        @Nullable XidMark mark) {

    public TickResult {
        coverage = List.copyOf(coverage);
        unmapped = new TreeMap<>(unmapped);
        findings = List.copyOf(findings);
        attested = List.copyOf(attested);
    }
}
