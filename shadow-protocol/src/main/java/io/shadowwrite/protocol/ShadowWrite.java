package io.shadowwrite.protocol;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * One write of one change.
 *
 * @param writeIndex position among the writes of the source table in the contract
 * @param model the target model
 * @param action what is asked
 * @param key target key, canonical text by column
 * @param values canonical text by column, null for NULL; a column that is absent is unchanged and keeps its value
 * @param carryFrom the key under which the row was known before a change of its key; absent columns come from there
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record ShadowWrite(
        int writeIndex,
        String model,
        Action action,
        Map<String, String> key,
        Map<String, @Nullable String> values,
        @Nullable Map<String, String> carryFrom) {}
