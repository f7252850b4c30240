package io.shadowwrite.protocol;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import java.util.Locale;
import java.util.Map;

/**
 * An RFC 9457 problem document as shadow-api writes it; its client reads only the code, the detail and the facts.
 *
 * @param type a URN of the code, stable
 * @param code name of a {@link ProblemType}
 * @param runbook section that says what to do
 * @param facts further members, such as the LSN of a refused change
 */
public record ProblemDocument(
        String type,
        String title,
        int status,
        String detail,
        String code,
        boolean retryable,
        String runbook,
        @JsonAnyGetter Map<String, String> facts) {

    /** The media type of the document. */
    public static final String MEDIA_TYPE = "application/problem+json";

    public ProblemDocument {
        facts = Map.copyOf(facts);
    }

    public static ProblemDocument of(ShadowProblem problem) {
        ProblemType type = problem.type();
        return new ProblemDocument(
                "urn:shadow-write:problem:"
                        + type.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                type.title(),
                type.status(),
                problem.detail(),
                type.name(),
                problem.retryable(),
                type.runbookAnchor(),
                problem.facts());
    }
}
