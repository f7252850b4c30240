package io.shadowwrite.cli;

import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.ShadowApiClient;
import java.net.URI;
import java.time.Duration;
import picocli.CommandLine.Option;

/** Where shadow-api is and the tokens for it; those come from the environment only, so that no history keeps them. */
final class ApiOptions {

    static final String TOKEN_VARIABLE = "RDS_CDC_SHADOW_TOKEN";
    static final String OPERATOR_TOKEN_VARIABLE = "RDS_CDC_SHADOW_OPERATOR_TOKEN";

    /** A thousand letters, each in a transaction of its own. */
    private static final Duration WORK = Duration.ofMinutes(5);

    @Option(
            names = "--api-url",
            description = "Address of shadow-api (default: $SHADOW_API_URL, or http://localhost:8080).",
            defaultValue = "${env:SHADOW_API_URL:-http://localhost:8080}")
    URI url = URI.create("http://localhost:8080");

    @Option(names = "--timeout", description = "Seconds to wait for an answer.", defaultValue = "10")
    int timeoutSeconds = 10;

    /** For what changes nothing. */
    ShadowApi connect() {
        return connect(TOKEN_VARIABLE, "service", Duration.ofSeconds(timeoutSeconds));
    }

    /** For what only a person decides, and what then may take its time: nothing is gained by not hearing how it ended. */
    ShadowApi connectAsOperator() {
        Duration asked = Duration.ofSeconds(timeoutSeconds);
        return connect(OPERATOR_TOKEN_VARIABLE, "operator", asked.compareTo(WORK) < 0 ? WORK : asked);
    }

    /** For what only a person decides and the API does at once. */
    ShadowApi connectAsOperatorBriefly() {
        return connect(OPERATOR_TOKEN_VARIABLE, "operator", Duration.ofSeconds(timeoutSeconds));
    }

    private ShadowApi connect(String variable, String kind, Duration timeout) {
        String token = System.getenv(variable);
        if (token == null || token.isBlank()) {
            throw CommandFailed.usage("Set %s to the %s token of shadow-api.".formatted(variable, kind));
        }
        return ShadowApiClient.connect(url, token, timeout);
    }
}
