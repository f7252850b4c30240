package io.shadowwrite.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * How far the opening of the window is, and what a load must know of the target.
 *
 * @param opening null while no window is registered
 * @param ranges how many were loaded
 * @param rows source rows in them, also those that the contract leaves out
 * @param written target rows they became
 * @param filled what of the target holds rows: tables of models, and the key map
 * @param passes models in the order of the target's foreign keys: each pass is loaded once the one before is complete
 * @param whole models that refer to themselves, whose source tables come in one range each
 * @param targetLagBytes how far the slowest standby of the target is behind, as far as the API may see it
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record LoadState(
        @Nullable LoadOpening opening,
        long ranges,
        long rows,
        long written,
        List<String> filled,
        List<List<String>> passes,
        List<String> whole,
        long targetLagBytes) {

    public LoadState {
        filled = List.copyOf(filled);
        passes = List.copyOf(passes);
        whole = List.copyOf(whole);
    }
}
