package io.shadowwrite.cli.cutover;

import io.shadowwrite.protocol.CutoverAudit;
import io.shadowwrite.protocol.Patience;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.ShadowProblem;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The decision that takes away whatever permit there is. */
record BlockRecord(ShadowApi api, Patience patience, Function<UUID, CutoverAudit> audit) {

    /**
     * Stores it under the id of the attempt, so that it cannot be permitted any more; if it was already, under a new one,
     * which as the later decision takes the permit away.
     */
    CutoverAudit store(@Nullable UUID attempt) throws InterruptedException {
        if (attempt != null) {
            try {
                return store(audit.apply(attempt));
            } catch (ShadowProblem decided) {
                if (decided.type() != ProblemType.BROKEN_INVARIANT) {
                    throw decided;
                }
            }
        }
        return store(audit.apply(AuditId.next()));
    }

    private CutoverAudit store(CutoverAudit block) throws InterruptedException {
        return patience.call(() -> api.audit(block)).audit();
    }
}
