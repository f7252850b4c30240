package io.shadowwrite.cli.decommission;

import io.shadowwrite.cli.check.Finding.Side;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * One thing that a migration left in a database, or that still works on it.
 *
 * @param side where
 * @param kind what it is to us
 * @param name of a slot, schema, program or object
 * @param detail for a person
 * @param bytes what it takes of a disk: of a slot the WAL that it keeps; null when it takes none
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Remnant(
        Side side,
        Kind kind,
        String name,
        String detail,
        @Nullable Long bytes) {

    /** What becomes of it when a window is decommissioned. */
    public enum Kind {
        /** A slot of the window, or one that the operator named: dropped. */
        SLOT("goes"),
        /** A slot of a reader's usual name that no window here knows: somebody else's, until the operator names it. */
        STRANGE_SLOT("stays"),
        /** A session of a program of ours, or a temporary slot of one: in the way. */
        RUNNING("runs"),
        /** A schema that is dropped. */
        SCHEMA("goes"),
        /** Provenance that outlives the window because nobody wanted it dropped. */
        KEPT_SCHEMA("stays"),
        /** A schema of a name of ours that holds something else: never touched. */
        STRANGE_SCHEMA("not ours"),
        /** Something of the target's own that names what is ours. */
        REFERENCE("by hand");

        private final String fate;

        Kind(String fate) {
            this.fate = fate;
        }

        /** In a word. */
        public String fate() {
            return fate;
        }
    }

    /** Whether the migration is not over while it is there. */
    public boolean isResidue() {
        return switch (kind) {
            case SLOT, STRANGE_SLOT, RUNNING, SCHEMA, REFERENCE -> true;
            case KEPT_SCHEMA, STRANGE_SCHEMA -> false;
        };
    }
}
