package io.shadowwrite.contract;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What a name may be, so that it can stand in SQL, in replication options and in the text of a derived key. */
final class Names {

    /** PostgreSQL cuts longer identifiers. */
    private static final int MOST_BYTES = 63;

    private Names() {}

    /** Reports a name that cannot be used; {@code place} is where it stands. */
    static void check(JsonTree place, String what, String name) {
        if (name.isBlank()) {
            place.problem("a %s needs a name".formatted(what));
        } else if (name.chars().anyMatch(c -> c == '\'' || c == '|' || Character.isISOControl(c))) {
            place.problem("%s name '%s' has a quote ('), a bar (|) or a control character; rename it"
                    .formatted(what, name.replaceAll("\\p{Cntrl}", "?")));
        } else if (name.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
            place.problem("%s name '%s' is longer than %d bytes".formatted(what, name, MOST_BYTES));
        }
    }

    /** A table; null, reported, when the text is not schema.name. */
    static @Nullable QualifiedName table(JsonTree place, String text) {
        if (text.indexOf('.') <= 0 || text.endsWith(".")) {
            place.problem("'%s' is no table; write schema.name".formatted(text));
            return null;
        }
        QualifiedName name = QualifiedName.parse(text);
        check(place, "schema", name.schema());
        check(place, "table", name.name());
        return name.schema().isBlank() || name.name().isBlank() ? null : name;
    }
}
