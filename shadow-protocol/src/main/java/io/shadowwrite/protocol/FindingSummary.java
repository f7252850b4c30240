package io.shadowwrite.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * A stored difference without the values of its row.
 *
 * @param ordinal its number within the run, from 1
 * @param targetKey canonical key of the target row; for receipts the LSN window
 * @param columns the columns that differ, empty when the whole row does
 * @param originalClass what a difference in the race window is, if it is one; null for every other class
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record FindingSummary(
        int ordinal,
        FindingClass findingClass,
        String sourceTable,
        String model,
        String targetKey,
        List<String> columns,
        @Nullable FindingClass originalClass) {}
