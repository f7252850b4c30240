package io.shadowwrite.protocol;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * One decision of the gate, as it wants to be remembered.
 *
 * @param auditId UUID of version 7, chosen by the gate; the same audit sent again is stored once
 * @param fenceLsn end of the message that marks where writers were paused, below the final LSN; null when the gate blocked before
 * @param finalLsn nothing was written to the source at or above it; null when the gate blocked before it was known. A block
 *     that takes a permit away and a finish name that of the permit
 * @param verifierRunId the comparison at that LSN; null when the gate blocked before it ran
 * @param digests by target model, as compared
 * @param blockingFindings none for a permit, at least one for a block; for a finish what made its permit void, as far as the
 *     operator knows of it and finishes all the same
 * @param approvals at least one for a permit
 * @param permitSeconds how long the permit holds, by the target's clock from when it is stored, up to 1800; null for the others
 * @param operator who ran the gate
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record CutoverAudit(
        UUID auditId,
        CutoverDecision decision,
        @Nullable @DecimalLsn LogSequenceNumber fenceLsn,
        @Nullable @DecimalLsn LogSequenceNumber finalLsn,
        @Nullable UUID verifierRunId,
        Map<String, String> digests,
        List<BlockingFinding> blockingFindings,
        List<Approval> approvals,
        @Nullable Integer permitSeconds,
        String operator,
        String reason) {}
