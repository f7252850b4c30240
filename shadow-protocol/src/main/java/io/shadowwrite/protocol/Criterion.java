package io.shadowwrite.protocol;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * One of SC1 to SC4.
 *
 * @param met whether it holds now; null when it has not been judged yet
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Criterion(
        String code, String question, @Nullable Boolean met, String detail) {}
