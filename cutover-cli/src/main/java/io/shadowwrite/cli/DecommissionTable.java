package io.shadowwrite.cli;

import io.shadowwrite.cli.decommission.Inventory;
import io.shadowwrite.cli.decommission.KnownWindow;
import io.shadowwrite.cli.decommission.Remnant;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What is there of a migration, for people. */
final class DecommissionTable {

    private DecommissionTable() {}

    static void print(PrintWriter out, Inventory inventory) {
        KnownWindow window = inventory.window();
        out.println(
                window == null
                        ? "window  none is known to the target"
                        : "window  %s, %s; %s".formatted(window.migrationId(), window.phase(), window.standing()));
        @Nullable String fence = window == null ? null : window.leftFence();
        if (fence != null) {
            out.println("fence   " + fence);
        }
        remnants(out, inventory.remnants());
    }

    static void remnants(PrintWriter out, List<Remnant> remnants) {
        for (Remnant remnant : remnants) {
            out.println("%-7s %-8s %-24s %s%s"
                    .formatted(remnant.side(), remnant.kind().fate(), remnant.name(), remnant.detail(), size(remnant)));
        }
    }

    private static String size(Remnant remnant) {
        @Nullable Long bytes = remnant.bytes();
        if (bytes == null) {
            return "";
        }
        String megabytes = String.format(Locale.ROOT, "%,.1f MB", bytes / 1_048_576.0);
        return switch (remnant.kind()) {
            case SLOT, STRANGE_SLOT -> ", keeps %s of WAL".formatted(megabytes);
            case RUNNING, SCHEMA, KEPT_SCHEMA, STRANGE_SCHEMA, REFERENCE -> ", " + megabytes;
        };
    }
}
