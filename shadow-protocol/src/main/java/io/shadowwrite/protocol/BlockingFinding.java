package io.shadowwrite.protocol;

import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * One reason why the gate blocked.
 *
 * @param code a {@link FindingClass}, a {@link ProblemType}, or a criterion such as SC3
 * @param detail what was found, in one line; never a row value
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record BlockingFinding(String code, String detail) {}
