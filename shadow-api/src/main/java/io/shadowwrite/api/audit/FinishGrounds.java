package io.shadowwrite.api.audit;

import io.shadowwrite.api.window.OpenWindow;
import io.shadowwrite.protocol.BlockingFinding;
import io.shadowwrite.protocol.CutoverAudit;
import io.shadowwrite.protocol.Hold;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.postgresql.replication.LogSequenceNumber;

/**
 * A cutover is finished on a permit under which the consumer has stood still since. That its time is over does not matter
 * any more; whatever else made it void the operator has to name, all of it, so that nobody finishes over it without knowing.
 */
record FinishGrounds(Decisions decisions, Permits permits) {

    /**
     * Lets only a finish pass that is well founded, in the caller's transaction, which has locked the window.
     *
     * @throws ShadowProblem with PERMIT_VOID
     */
    void check(CutoverAudit finish, OpenWindow window) {
        LogSequenceNumber finalLsn = Objects.requireNonNull(finish.finalLsn());
        Hold hold = window.hold();
        boolean standing = hold != null
                && hold.kind() == Hold.Kind.GATE
                && finalLsn.equals(hold.haltAt())
                && finalLsn.equals(window.position());
        if (!standing || !decisions.latestPermits(finalLsn)) {
            throw new ShadowProblem(
                    ProblemType.PERMIT_VOID,
                    "the latest decision is no permit at %s under which the consumer is still held; see ./shadow cutover status"
                            .formatted(finalLsn.asString()));
        }
        List<PermitEnd> unnamed = permits.now().ends().stream()
                .filter(end -> !accepted(end, finish))
                .toList();
        if (!unnamed.isEmpty()) {
            throw new ShadowProblem(
                    ProblemType.PERMIT_VOID,
                    "%s; when that is settled, or known and meant, finish with%s"
                            .formatted(
                                    unnamed.stream().map(PermitEnd::sentence).collect(Collectors.joining("; ")),
                                    unnamed.stream()
                                            .map(end -> " --accept " + end)
                                            .collect(Collectors.joining())));
        }
    }

    private static boolean accepted(PermitEnd end, CutoverAudit finish) {
        return end == PermitEnd.EXPIRED
                || (end.finishable()
                        && finish.blockingFindings().stream()
                                .map(BlockingFinding::code)
                                .anyMatch(end.name()::equals));
    }
}
