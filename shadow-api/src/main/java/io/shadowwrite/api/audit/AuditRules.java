package io.shadowwrite.api.audit;

import io.shadowwrite.protocol.Approval;
import io.shadowwrite.protocol.CutoverAudit;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What an audit must say to be one; a pure function of it. */
final class AuditRules {

    /** After that the databases may have moved on too far from what was compared. */
    static final Duration LONGEST_PERMIT = Duration.ofMinutes(30);

    private static final int LONGEST_TEXT = 4_000;
    private static final int MOST_ITEMS = 1_000;
    private static final int VERSION_IN_TIME_ORDER = 7;
    private static final int STANDARD_VARIANT = 2;

    private AuditRules() {}

    /**
     * Lets only a complete audit pass.
     *
     * @throws ShadowProblem with MALFORMED_REQUEST
     */
    static void check(CutoverAudit audit, int requiredApprovals) {
        require(
                audit.auditId().version() == VERSION_IN_TIME_ORDER
                        && audit.auditId().variant() == STANDARD_VARIANT,
                "audit_id is a UUID of version 7");
        require(isText(audit.operator()) && isText(audit.reason()), "operator and reason say who and why");
        require(
                audit.digests().size() <= MOST_ITEMS
                        && audit.blockingFindings().size() <= MOST_ITEMS
                        && audit.approvals().size() <= MOST_ITEMS,
                "digests, blocking_findings and approvals have up to %d entries each".formatted(MOST_ITEMS));
        switch (audit.decision()) {
            case PERMIT -> checkPermit(audit, requiredApprovals);
            case BLOCK -> checkBlock(audit);
            case FINISH -> checkFinish(audit);
        }
    }

    private static void checkPermit(CutoverAudit audit, int requiredApprovals) {
        require(
                audit.fenceLsn() != null
                        && audit.finalLsn() != null
                        && audit.fenceLsn().compareTo(audit.finalLsn()) < 0
                        && audit.verifierRunId() != null
                        && !audit.digests().isEmpty(),
                "a permit names fence_lsn and a later final_lsn, verifier_run_id and digests");
        require(audit.blockingFindings().isEmpty(), "a permit has no blocking_findings");
        long names = audit.approvals().stream().map(Approval::name).distinct().count();
        require(
                audit.approvals().stream().map(Approval::name).allMatch(AuditRules::isText)
                        && names >= requiredApprovals,
                "a permit has approvals of %d different name(s) at least (shadow.cutover.required-approvals)"
                        .formatted(requiredApprovals));
        Integer seconds = audit.permitSeconds();
        require(
                seconds != null && seconds > 0 && seconds <= LONGEST_PERMIT.toSeconds(),
                "permit_seconds is 1 to %d".formatted(LONGEST_PERMIT.toSeconds()));
    }

    private static void checkBlock(CutoverAudit audit) {
        require(audit.permitSeconds() == null, "a block has no permit_seconds");
        require(!audit.blockingFindings().isEmpty(), "a block has blocking_findings");
    }

    private static void checkFinish(CutoverAudit audit) {
        require(audit.finalLsn() != null, "a finish names the final_lsn of its permit");
        require(audit.permitSeconds() == null, "a finish has no permit_seconds");
    }

    private static boolean isText(@Nullable String text) {
        return text != null && !text.isBlank() && text.length() <= LONGEST_TEXT;
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new ShadowProblem(ProblemType.MALFORMED_REQUEST, rule);
        }
    }
}
