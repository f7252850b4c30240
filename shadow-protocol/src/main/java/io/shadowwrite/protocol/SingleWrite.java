package io.shadowwrite.protocol;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * One write of one target row by somebody other than the stream.
 *
 * @param key target key, canonical text by column
 * @param values canonical text by column; all of them to create, those to change for an update, none to remove
 * @param committedAt when the source committed it: where the version begins, if the row keeps versions
 * @param idempotencyKey names the write; the same again changes nothing
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record SingleWrite(
        String model,
        Map<String, String> key,
        Map<String, @Nullable String> values,
        Instant committedAt,
        String idempotencyKey,
        ShadowMetadata shadowMetadata) {}
