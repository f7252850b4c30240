package io.shadowwrite.protocol;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.web.client.ResponseErrorHandler;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Turns an answer that is not a success into a {@link ShadowProblem}, by its code and never by its text. */
final class ProblemReader implements ResponseErrorHandler {

    private static final List<String> STANDARD_MEMBERS =
            List.of("type", "title", "status", "detail", "code", "retryable", "runbook");

    private static final int LONGEST_PROBLEM_BYTES = 64 * 1024;

    @Override
    public boolean hasError(ClientHttpResponse response) throws IOException {
        return !response.getStatusCode().is2xxSuccessful();
    }

    @Override
    public void handleError(java.net.URI url, HttpMethod method, ClientHttpResponse response) throws IOException {
        throw problem(response.getStatusCode().value(), method + " " + url.getPath(), read(response.getBody()));
    }

    /** As much of the body as a problem may have. */
    static byte[] read(InputStream body) throws IOException {
        return body.readNBytes(LONGEST_PROBLEM_BYTES);
    }

    /** What an answer that is not a success says. */
    static ShadowProblem problem(int status, String request, byte[] body) {
        ShadowProblem problem = problemIn(parse(body));
        return problem == null ? withoutCode(HttpStatusCode.valueOf(status), request) : problem;
    }

    /** What a problem document says; null when it has no code of ours. */
    static @Nullable ShadowProblem problemIn(JsonNode document) {
        String code = document.path("code").asString("");
        return Arrays.stream(ProblemType.values())
                .filter(type -> type.name().equals(code))
                .findFirst()
                .map(type ->
                        new ShadowProblem(type, document.path("detail").asString(type.title()), facts(document), null))
                .orElse(null);
    }

    /** Not from our API: a proxy in front of it, or something else at that address. */
    private static ShadowProblem withoutCode(HttpStatusCode status, String request) {
        String detail =
                "%s was answered with status %d and no code of shadow-api; check shadow.api.url and what stands in between"
                        .formatted(request, status.value());
        boolean passing = status.is5xxServerError() || status.value() == 429 || status.value() == 408;
        return new ShadowProblem(passing ? ProblemType.TARGET_UNAVAILABLE : ProblemType.MALFORMED_REQUEST, detail);
    }

    private static Map<String, String> facts(JsonNode document) {
        Map<String, String> facts = new LinkedHashMap<>();
        document.properties().forEach(member -> {
            if (!STANDARD_MEMBERS.contains(member.getKey()) && member.getValue().isValueNode()) {
                facts.put(member.getKey(), member.getValue().asString());
            }
        });
        return facts;
    }

    private static JsonNode parse(byte[] body) {
        try {
            return WireJson.mapper().readTree(body);
        } catch (JacksonException notJson) {
            return WireJson.mapper().createObjectNode();
        }
    }
}
