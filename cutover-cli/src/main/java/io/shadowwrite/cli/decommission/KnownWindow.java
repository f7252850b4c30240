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
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record KnownWindow(
        String migrationId,
        String phase,
        List<String> slots,
        String systemIdentifier,
        @Nullable String decision,
        boolean writtenSince) {

    public KnownWindow {
        slots = List.copyOf(slots);
    }

    /** Whether writers have left the source, as far as anybody can tell: the gate permitted it, and none wrote there since. */
    public boolean isCutOver() {
        return "PERMIT".equals(decision) && !writtenSince;
    }

    /** One sentence on how far it came. */
    public String standing() {
        if (isCutOver()) {
            return "cutover was permitted, and nobody has written to the source since";
        }
        if ("PERMIT".equals(decision)) {
            return "cutover was permitted once, but the source was written since";
        }
        return "BLOCK".equals(decision) ? "the gate blocked the latest cutover" : "no cutover was tried";
    }
}
