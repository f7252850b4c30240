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
 * @param originalClass what a difference in the race window is, if it is one; null for every other class
 * @param signature digests by which the same difference is known again in the next run, with spaces between; null unless in
 *     the race window
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Finding(
        FindingClass findingClass,
        String sourceTable,
        String model,
        String targetKey,
        List<String> columns,
        @Nullable Map<String, @Nullable String> sourceImage,
        @Nullable Map<String, @Nullable String> targetImage,
        @Nullable FindingClass originalClass,
        @Nullable String signature) {

    /** A difference that is what its class says. */
    public Finding(
            FindingClass findingClass,
            String sourceTable,
            String model,
            String targetKey,
            List<String> columns,
            @Nullable Map<String, @Nullable String> sourceImage,
            @Nullable Map<String, @Nullable String> targetImage) {
        this(findingClass, sourceTable, model, targetKey, columns, sourceImage, targetImage, null, null);
    }

    /** The same without the values of its rows. */
    public Finding withoutImages() {
        return new Finding(findingClass, sourceTable, model, targetKey, columns, null, null, originalClass, signature);
    }
}
