package io.shadowwrite.api.fold;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the target holds for a key before the batch.
 *
 * @param open SCD2: the youngest version has no end; CRUD: the row exists
 * @param fromMicros SCD2: where the youngest version begins
 * @param untilMicros SCD2: where it ends; null when open
 * @param row its texts, when they were asked for
 */
public record Found(
        boolean open,
        boolean archived,
        long fromMicros,
        @Nullable Long untilMicros,
        @Nullable List<@Nullable String> row) {}
