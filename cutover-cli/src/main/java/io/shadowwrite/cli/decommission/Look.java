package io.shadowwrite.cli.decommission;

import io.shadowwrite.cli.draft.TargetProblem;
import io.shadowwrite.replication.source.SourceConnection;
import io.shadowwrite.replication.source.SourceIdentity;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What to look for.
 *
 * @param namedSlots slots that the operator says are of this migration
 * @param withProvenance whether provenance is to go, too
 * @param allowed objects of the target's own that may be called as they are
 */
public record Look(Set<String> namedSlots, boolean withProvenance, Set<String> allowed) {

    /** How this command calls itself in a database. */
    public static final String APPLICATION = "shadow-decommission";

    private static final Duration ANSWER_BOUND = Duration.ofSeconds(30);

    public Look {
        namedSlots = Set.copyOf(namedSlots);
        allowed = Set.copyOf(allowed);
    }

    /**
     * Looks at both sides and changes neither.
     *
     * @param source null when it exists no more
     * @param target with an empty search path; stays open
     * @throws io.shadowwrite.replication.StreamProblem when the source cannot be asked
     * @throws TargetProblem when the target cannot be asked
     */
    public Inventory at(@Nullable SourceConnection source, Connection target) {
        try {
            KnownWindow window = TargetRemnants.window(target);
            List<Remnant> remnants = new ArrayList<>();
            String identifier = null;
            if (source != null) {
                identifier = SourceIdentity.read(source, APPLICATION).systemIdentifier();
                try (Connection connection = source.openBounded(APPLICATION, ANSWER_BOUND)) {
                    remnants.addAll(SourceRemnants.look(connection, own(window)));
                }
            }
            remnants.addAll(TargetRemnants.look(target, withProvenance));
            remnants.addAll(References.look(target, allowed));
            return new Inventory(window, identifier, remnants);
        } catch (SQLException e) {
            throw TargetProblem.of("looking for what is left in the target", e);
        }
    }

    private Set<String> own(@Nullable KnownWindow window) {
        Set<String> own = new HashSet<>(namedSlots);
        if (window != null) {
            own.addAll(window.slots());
        }
        return own;
    }
}
