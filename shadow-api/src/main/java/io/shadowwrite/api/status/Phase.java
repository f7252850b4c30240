package io.shadowwrite.api.status;

import io.shadowwrite.api.audit.Permits;
import io.shadowwrite.protocol.Hold;
import io.shadowwrite.protocol.Permit;
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
    /** An attempt to cut over holds the consumer, or a permit did that is void before its time. */
    CUTTING_OVER,
    PERMITTED;

    static Phase of(WindowPhase window, @Nullable Hold hold, @Nullable Permit permit) {
        return switch (window) {
            case LOADING -> LOADING;
            case DISCARDING -> DISCARDING;
            case STREAMING -> streaming(hold, permit);
        };
    }

    private static Phase streaming(@Nullable Hold hold, @Nullable Permit permit) {
        if (permit != null) {
            return PERMITTED;
        }
        return hold != null && hold.ofCutover() ? CUTTING_OVER : VALIDATING;
    }

    /** What to do now; empty when that depends on what stands against a cutover. */
    Optional<List<String>> nextSteps(@Nullable Hold hold, Permits.Standing standing) {
        return switch (this) {
            case LOADING ->
                Optional.of(
                        List.of("wait for ./shadow backfill run; if none runs, repeat it, and it says how to go on"));
            case DISCARDING -> Optional.of(List.of("repeat ./shadow backfill cleanup"));
            case VALIDATING -> Optional.empty();
            case CUTTING_OVER ->
                Optional.of(List.of(
                        "wait for the attempt to cut over: it goes on, or its hold ends by itself at "
                                + Objects.requireNonNull(hold).expiresAt(),
                        "undo it: ./shadow cutover abort --reason R"));
            case PERMITTED ->
                Optional.of(List.of(
                        "repoint the writers to the target before "
                                + Objects.requireNonNull(standing.permit()).expiresAt(),
                        "give the permit back: ./shadow cutover abort --reason R"));
        };
    }
}
