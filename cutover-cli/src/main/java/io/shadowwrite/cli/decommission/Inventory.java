package io.shadowwrite.cli.decommission;

import io.shadowwrite.cli.decommission.Remnant.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * What is there of a migration, as one look at both databases showed it.
 *
 * @param window null when the target knows of none
 * @param sourceIdentifier of the source that was looked at, decimal; null when nobody looked because it is gone
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Inventory(
        @Nullable KnownWindow window, @Nullable String sourceIdentifier, List<Remnant> remnants) {

    /** The phase of a window whose rows are there and were compared. */
    private static final Set<String> LOADING = Set.of("LOADING", "DISCARDING");

    public Inventory {
        remnants = List.copyOf(remnants);
    }

    /** What keeps everything from being removed, however much it is wanted: one line each, with its fix. */
    public List<String> inTheWay() {
        List<String> lines = new ArrayList<>();
        of(Kind.RUNNING)
                .forEach(running -> lines.add("%s is connected to the %s (%s); stop it first"
                        .formatted(
                                running.name(),
                                running.side().name().toLowerCase(java.util.Locale.ROOT),
                                running.detail())));
        if (window != null
                && sourceIdentifier != null
                && !window.systemIdentifier().equals(sourceIdentifier)) {
            lines.add(
                    "this is not the source of the window: its system identifier is %s, that of the window %s; name the right --source-url, or pass --source-gone when that server exists no more"
                            .formatted(sourceIdentifier, window.systemIdentifier()));
        }
        return lines;
    }

    /** Why the window is not over; null when it is, or when there is none. */
    public @Nullable String unfinished() {
        if (window == null || window.isCutOver()) {
            return null;
        }
        return "window %s (%s) is not over: %s; pass --abandon to give it up%s"
                .formatted(
                        window.migrationId(),
                        window.phase(),
                        window.standing(),
                        LOADING.contains(window.phase())
                                ? ", after './shadow backfill cleanup', which also takes away the rows that were loaded"
                                : "");
    }

    /** In the order of the look. */
    public Stream<Remnant> of(Kind kind) {
        return remnants.stream().filter(remnant -> remnant.kind() == kind);
    }

    /** What must not be there when the migration is over. */
    public List<Remnant> residue() {
        return remnants.stream().filter(Remnant::isResidue).toList();
    }
}
