package io.shadowwrite.cli;

import io.shadowwrite.cli.decommission.Inventory;
import io.shadowwrite.cli.decommission.Look;
import io.shadowwrite.replication.source.SourceConnection;
import java.sql.Connection;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** What there is to look for, and where. */
final class DecommissionOptions {

    @ArgGroup(exclusive = false)
    @Nullable SourceOptions source;

    @Option(names = "--source-gone", description = "The source exists no more: nothing is looked for or dropped there.")
    boolean sourceGone;

    @Option(
            names = "--slot",
            description =
                    "A slot that is of this migration although the target knows no window that has it; repeat it. The slots of the window are known.")
    Set<String> slots = Set.of();

    @Option(
            names = "--with-provenance",
            description = "Drop schema provenance as well, which says who wrote which row (default: it stays).")
    boolean withProvenance;

    @Option(
            names = "--allow",
            paramLabel = "NAME",
            description =
                    "An object of the target's own that may be called as it is, such as a column of yours named idempotency_key; repeat it.")
    Set<String> allowed = Set.of();

    /** Where the source is; null when it is gone. */
    @Nullable SourceConnection sourceConnection() {
        if (sourceGone == (source != null)) {
            throw CommandFailed.usage(
                    "Name the source with --source-url and --source-user, or say --source-gone when it exists no more.");
        }
        return source == null ? null : source.connection();
    }

    /** Looks at both sides and changes neither. */
    Inventory look(Connection target) {
        return new Look(slots, withProvenance, allowed).at(sourceConnection(), target);
    }
}
