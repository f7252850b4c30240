package io.shadowwrite.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * What every program that a person starts prints with {@code --output json}, also when it fails.
 *
 * @param apiVersion version of this shape
 * @param command the command that ran
 * @param state one word
 * @param reason one sentence
 * @param data the command's own record
 * @param problems codes and details of what went wrong
 * @param nextSteps what to do now
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Envelope(
        String apiVersion,
        String command,
        String state,
        String reason,
        @Nullable Object data,
        List<String> problems,
        List<String> nextSteps) {

    /** Of this shape. */
    public static final String VERSION = "shadow-write/v1";
}
