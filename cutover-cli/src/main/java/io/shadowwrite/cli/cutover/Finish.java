package io.shadowwrite.cli.cutover;

import io.shadowwrite.protocol.AuditEntry;
import io.shadowwrite.protocol.BlockingFinding;
import io.shadowwrite.protocol.CutoverAudit;
import io.shadowwrite.protocol.CutoverDecision;
import io.shadowwrite.protocol.ShadowApi;
import java.util.List;
import java.util.Map;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Says that the writers have moved, so that nothing of the old source is ever applied again. For one thread.
 *
 * @param accepted what made the permit void, as the operator knows
 */
public record Finish(ShadowApi api, String who, String why, List<String> accepted) {

    public Finish {
        accepted = List.copyOf(accepted);
    }

    /**
     * Says it of the permit at this LSN; there is no way back from it.
     *
     * @throws io.shadowwrite.protocol.ShadowProblem when shadow-api says no, or nothing
     */
    public AuditEntry at(LogSequenceNumber finalLsn) throws InterruptedException {
        // Made once: what is sent again after a lost answer has to be the same.
        CutoverAudit finish = new CutoverAudit(
                AuditId.next(),
                CutoverDecision.FINISH,
                null,
                finalLsn,
                null,
                Map.of(),
                accepted.stream()
                        .map(code -> new BlockingFinding(code, "known and accepted by " + who))
                        .toList(),
                List.of(),
                null,
                who,
                why);
        return ApiPatience.usual().call(() -> api.audit(finish));
    }
}
