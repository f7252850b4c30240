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
 * @param originalClass what a difference in the race window is, if it is one; null for every other class
 * @param signature digests by which the next run knows it again, one for each way in which every look agreed that it differs,
 *     with spaces between; null unless in the race window
 */
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

    public Finding {
        columns = List.copyOf(columns);
        sourceImage = copy(sourceImage);
        targetImage = copy(targetImage);
    }

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

    /** The same as one that a race may explain. */
    public Finding inRaceWindow(String knownBy) {
        return new Finding(
                FindingClass.VERIFIER_RACE_WINDOW,
                sourceTable,
                model,
                targetKey,
                columns,
                sourceImage,
                targetImage,
                findingClass,
                knownBy);
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
