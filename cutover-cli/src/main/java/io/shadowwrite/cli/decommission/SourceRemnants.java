package io.shadowwrite.cli.decommission;

import io.shadowwrite.cli.check.Finding.Side;
import io.shadowwrite.cli.decommission.Remnant.Kind;
import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.slot.ReplicationSlots;
import io.shadowwrite.replication.slot.SlotInfo;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Looks for slots and sessions of ours in the source, where nothing else of ours ever is. */
final class SourceRemnants {

    /** What the readers call their slots unless they are told otherwise. */
    private static final String USUAL_PREFIX = "cdc_shadow_";

    private static final String PLUGIN = "wal2json";

    private SourceRemnants() {}

    /**
     * Lists them.
     *
     * @param connection in auto-commit mode
     * @param own slots that the window knows or the operator named
     */
    static List<Remnant> look(Connection connection, Set<String> own) {
        List<Remnant> remnants = new ArrayList<>();
        try {
            String database = connection.getCatalog();
            for (SlotInfo slot : new ReplicationSlots(connection).list("")) {
                if (own.contains(slot.name())) {
                    remnants.add(slot(Kind.SLOT, slot));
                } else if (looksLikeOurs(slot, database)) {
                    remnants.add(slot(Kind.STRANGE_SLOT, slot));
                }
            }
            remnants.addAll(Sessions.of(Side.SOURCE, connection));
            return remnants;
        } catch (SQLException e) {
            throw StreamProblem.ofQuestion("looking for what is left in the source", e);
        }
    }

    /** A temporary slot goes with its session, which is told when it is one of ours. */
    private static boolean looksLikeOurs(SlotInfo slot, String database) {
        return !slot.temporary()
                && slot.name().startsWith(USUAL_PREFIX)
                && PLUGIN.equals(slot.plugin())
                && database.equals(slot.database());
    }

    private static Remnant slot(Kind kind, SlotInfo slot) {
        String detail = "%s, database %s%s%s"
                .formatted(
                        slot.active() ? "read by process " + slot.activePid() : "nobody reads it",
                        slot.database(),
                        slot.lost() ? ", lost" : "",
                        kind == Kind.STRANGE_SLOT ? "; no window of this target knows it, --slot drops it too" : "");
        return new Remnant(Side.SOURCE, kind, slot.name(), detail, slot.retainedBytes());
    }
}
