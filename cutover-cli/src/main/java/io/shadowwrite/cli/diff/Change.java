package io.shadowwrite.cli.diff;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * One thing that the new contract says otherwise.
 *
 * @param part what kind of thing
 * @param pointer RFC 6901 pointer into the new file; into the old one for what is gone
 * @param what the change in words
 * @param was what the old file says; null for what is new
 * @param is what the new file says; null for what is gone
 * @param models target models whose rows are affected
 * @param effects what has to follow for these models; empty when nothing has to
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Change(
        Part part,
        String pointer,
        String what,
        @Nullable String was,
        @Nullable String is,
        List<String> models,
        List<Effect> effects) {

    public Change {
        models = List.copyOf(models);
        effects = List.copyOf(effects);
    }

    /** A kind of thing in a contract. */
    public enum Part {
        NAME,
        SOURCE,
        COLUMN,
        KEY,
        IDENTITY,
        FILTER,
        WRITE,
        EXPRESSION,
        MODEL
    }

    /** What has to be done about rows that the old contract has written. */
    public enum Effect {
        /** They may be right; one comparison under the new contract tells. */
        VERIFY("verify"),
        /** They are missing or hold other values: load the model again. */
        BACKFILL("backfill"),
        /** Some belong to nothing any more, and nothing will change or remove them. */
        LEFTOVERS("remove leftovers");

        private final String words;

        Effect(String words) {
            this.words = words;
        }

        /** For people. */
        public String words() {
            return words;
        }
    }
}
