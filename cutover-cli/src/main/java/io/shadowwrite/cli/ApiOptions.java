package io.shadowwrite.cli;

import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.ShadowApiClient;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where shadow-api is and the token for it; the token comes from the environment only, so that no history keeps it. */
final class ApiOptions {

    static final String TOKEN_VARIABLE = "RDS_CDC_SHADOW_TOKEN";

    @Spec(Spec.Target.MIXEE)
    @Nullable CommandSpec command;

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
            throw new ParameterException(
                    command().commandLine(), "Set " + TOKEN_VARIABLE + " to the service token of shadow-api.");
        }
        return ShadowApiClient.connect(url, token, Duration.ofSeconds(timeoutSeconds));
    }

    private CommandSpec command() {
        if (command == null) {
            throw new IllegalStateException("options are used outside a command");
        }
        return command;
    }
}
