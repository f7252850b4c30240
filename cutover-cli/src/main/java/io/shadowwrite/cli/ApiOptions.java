package io.shadowwrite.cli;

import io.shadowwrite.protocol.ExitCode;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.ShadowApiClient;
import java.net.URI;
import java.time.Duration;
import picocli.CommandLine.Option;

/** Where shadow-api is and the token for it; the token comes from the environment only, so that no history keeps it. */
final class ApiOptions {

    static final String TOKEN_VARIABLE = "RDS_CDC_SHADOW_TOKEN";

    @Option(
            names = "--api-url",
            description = "Address of shadow-api (default: $SHADOW_API_URL, or http://localhost:8080).",
            defaultValue = "${env:SHADOW_API_URL:-http://localhost:8080}")
    URI url = URI.create("http://localhost:8080");

    @Option(names = "--timeout", description = "Seconds to wait for an answer.", defaultValue = "10")
    int timeoutSeconds = 10;

    ShadowApi connect() {
        String token = System.getenv(TOKEN_VARIABLE);
        if (token == null || token.isBlank()) {
            throw new CommandFailed(
                    ExitCode.USAGE, "Set " + TOKEN_VARIABLE + " to the service token of shadow-api.", null);
        }
        return ShadowApiClient.connect(url, token, Duration.ofSeconds(timeoutSeconds));
    }
}
