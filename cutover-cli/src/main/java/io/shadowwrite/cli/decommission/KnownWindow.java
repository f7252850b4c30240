package io.shadowwrite.cli.decommission;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * What the target knows of its window.
 *
 * @param slots names of the slots of both readers
 * @param systemIdentifier of the source, decimal
 * @param decision of the gate's latest invocation; null when there was none
 * @param writtenSince whether a reader has seen row changes of the source at or above the final LSN of that decision
 * @param fence the kind of the one that may still pause the writers of the source; null when none is known to
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record KnownWindow(
        String migrationId,
        String phase,
        List<String> slots,
        String systemIdentifier,
        @Nullable String decision,
        boolean writtenSince,
        @Nullable String fence) {

    public KnownWindow {
        slots = List.copyOf(slots);
    }

    /** Whether writers have left the source: somebody has said so, and none has been seen there since the final LSN. */
    public boolean isCutOver() {
        return "FINISH".equals(decision) && !writtenSince;
    }

    /** One sentence on how far it came. */
    public String standing() {
        return switch (decision) {
            case "FINISH" ->
                writtenSince
                        ? "the cutover is finished, but the source was written since, and those changes are in it only"
                        : "the cutover is finished, and nobody has written to the source since";
            case "PERMIT" -> "cutover was permitted, and nobody has said that it is finished (./shadow cutover finish)";
            case "BLOCK" -> "the gate blocked the latest cutover";
            case null, default -> "no cutover was tried";
        };
    }

    /** What remains in the source when everything is removed, and how it ends; null when nothing does. */
    public @Nullable String leftFence() {
        return switch (fence) {
            case null -> null;
            case "read-only" ->
                "the source database stays read-only for new sessions; if it is to be written again: ALTER DATABASE its_name RESET default_transaction_read_only";
            default ->
                "--fence=%s may still pause the writers of the source; if they are to write again, release it with its own means"
                        .formatted(fence);
        };
    }
}
