package io.shadowwrite.protocol;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * What the gate decided last, and what it asks for.
 *
 * @param requiredApprovals how many different names a permit has to carry
 * @param auditId of the latest decision; null when there was none
 * @param decision the latest; null when there was none
 * @param decidedAt by the target's clock; null when there was none
 * @param withoutPermit why there is no permit now; null while there is one
 * @param fence what may still pause the writers of the source; null when nothing is known to
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record GateState(
        int requiredApprovals,
        @Nullable UUID auditId,
        @Nullable CutoverDecision decision,
        @Nullable Instant decidedAt,
        @Nullable String withoutPermit,
        @Nullable EngagedFence fence) {}
