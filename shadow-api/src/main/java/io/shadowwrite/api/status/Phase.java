package io.shadowwrite.api.status;

import io.shadowwrite.api.audit.Permits;
import io.shadowwrite.protocol.EngagedFence;
import io.shadowwrite.protocol.Hold;
import io.shadowwrite.protocol.WindowPhase;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How far an open window has come; nothing of it is stored beside the hold and the gate's decisions. */
enum Phase {
    /** Rows of the source are being loaded and compared. */
    LOADING,
    /** What was loaded is being taken away. */
    DISCARDING,
    VALIDATING,
    /** An attempt to cut over holds the consumer. */
    CUTTING_OVER,
    PERMITTED,
    /** A permit is over or void, the consumer is still held for it, and nobody has said whether writers have moved. */
    UNDECIDED,
    /** Writers have moved; what remains is to take everything away. */
    FINISHED;

    static Phase of(WindowPhase window, @Nullable Hold hold, Permits.Standing standing) {
        return switch (window) {
            case LOADING -> LOADING;
            case DISCARDING -> DISCARDING;
            case STREAMING -> streaming(hold, standing);
        };
    }

    private static Phase streaming(@Nullable Hold hold, Permits.Standing standing) {
        if (standing.finished()) {
            return FINISHED;
        }
        if (standing.permit() != null) {
            return PERMITTED;
        }
        if (hold == null || !hold.ofCutover()) {
            return VALIDATING;
        }
        return hold.ofPermit() ? UNDECIDED : CUTTING_OVER;
    }

    /** Why nothing can be cut over whatever the criteria say; empty when it depends on them. */
    Optional<String> notReady(Permits.Standing standing) {
        return switch (this) {
            case LOADING, DISCARDING, VALIDATING, CUTTING_OVER, PERMITTED -> Optional.empty();
            case UNDECIDED ->
                Optional.of(standing.gate().withoutPermit()
                        + "; nobody has said whether writers have moved, and until then the consumer is held");
            case FINISHED -> Optional.of(String.valueOf(standing.gate().withoutPermit()));
        };
    }

    /** What to do now; empty when that depends on what stands against a cutover. */
    Optional<List<String>> nextSteps(@Nullable Hold hold, Permits.Standing standing) {
        return switch (this) {
            case LOADING ->
                Optional.of(
                        List.of("wait for ./shadow backfill run; if none runs, repeat it, and it says how to go on"));
            case DISCARDING -> Optional.of(List.of("repeat ./shadow backfill cleanup"));
            case VALIDATING ->
                standing.gate().fence() == null
                        ? Optional.empty()
                        : Optional.of(List.of(
                                "writers of the source may still be paused; release the fence: " + abort(standing)));
            case CUTTING_OVER ->
                Optional.of(List.of(
                        "wait for the attempt to cut over: it goes on, or its hold ends by itself at "
                                + Objects.requireNonNull(hold).expiresAt(),
                        "undo it: " + abort(standing)));
            case PERMITTED ->
                Optional.of(List.of(
                        "repoint the writers to the target before "
                                + Objects.requireNonNull(standing.permit()).expiresAt(),
                        "as soon as the last one is: ./shadow cutover finish --reason R; until then the consumer is held, and the source keeps WAL for it",
                        "or give the permit back, unless a writer has written to the target: " + abort(standing)));
            case UNDECIDED ->
                Optional.of(List.of(
                        "if one writer has written to the target: repoint all the others, then ./shadow cutover finish --reason R; never abort",
                        "if all of them still write to the source, the consumer goes on with: " + abort(standing)));
            case FINISHED -> Optional.of(finished(standing.gate().fence()));
        };
    }

    /** With the last record of the window its fence is forgotten. */
    private static List<String> finished(@Nullable EngagedFence fence) {
        String leave =
                "take everything away today, because its slots keep WAL in the source: ./shadow decommission plan";
        return fence == null
                ? List.of(leave)
                : List.of(
                        leave,
                        "the old source stays fenced by --fence=%s for good, unless somebody ends that by hand: see docs/runbook.md#cutover-finished"
                                .formatted(fence.kind()));
    }

    private static String abort(Permits.Standing standing) {
        EngagedFence fence = standing.gate().fence();
        return "./shadow cutover abort --reason R" + (fence == null ? "" : " --fence=" + fence.kind());
    }
}
