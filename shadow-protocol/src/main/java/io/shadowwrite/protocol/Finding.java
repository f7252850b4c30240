package io.shadowwrite.protocol;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * One difference.
 *
 * @param targetKey canonical key of the target row; for receipts the LSN window
 * @param columns the columns that differ, empty when the whole row does
 * @param sourceImage expected values by column, null when there is no row
 * @param targetImage found values by column, null when there is no row
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Finding(
        FindingClass findingClass,
        String sourceTable,
        String model,
        String targetKey,
        List<String> columns,
        @Nullable Map<String, @Nullable String> sourceImage,
        @Nullable Map<String, @Nullable String> targetImage) {}
