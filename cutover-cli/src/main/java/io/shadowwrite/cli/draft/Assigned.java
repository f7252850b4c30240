package io.shadowwrite.cli.draft;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a column of the target gets.
 *
 * @param expression as the contract spells it
 * @param uses columns of the source
 * @param rule why it is that one, for people; null when both columns have one name
 * @param doubt what to make sure of; null when all is well
 */
record Assigned(
        ObjectNode expression,
        List<String> uses,
        @Nullable String rule,
        @Nullable String doubt) {

    Assigned {
        uses = List.copyOf(uses);
    }

    Assigned doubting(String another) {
        return new Assigned(expression, uses, rule, doubt == null ? another : doubt + "; " + another);
    }
}
