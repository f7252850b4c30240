package io.shadowwrite.verification.verdict;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One difference.
 *
 * @param targetKey canonical key of the target row; of the source row for the key map; the event for receipts
 * @param columns columns that differ, empty when the whole row does
 * @param sourceImage expected values by column, long ones shortened; null when there is no such row or it was not fetched
 * @param targetImage found values by column, long ones shortened; null when there is no such row or it was not fetched
 */
public record Finding(
        FindingClass findingClass,
        String sourceTable,
        String model,
        String targetKey,
        List<String> columns,
        @Nullable Map<String, @Nullable String> sourceImage,
        @Nullable Map<String, @Nullable String> targetImage) {

    public Finding {
        columns = List.copyOf(columns);
        sourceImage = copy(sourceImage);
        targetImage = copy(targetImage);
    }

    private static @Nullable Map<String, @Nullable String> copy(@Nullable Map<String, @Nullable String> image) {
        return image == null ? null : Collections.unmodifiableMap(new LinkedHashMap<>(image));
    }

    /** Class, model, key and columns; the images stay out of every log. */
    @Override
    public String toString() {
        return findingClass + " " + model + " " + targetKey + " " + columns;
    }
}
