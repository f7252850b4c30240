package io.shadowwrite.api.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.shadowwrite.api.ShadowApiApplication;
import io.shadowwrite.api.TestApi;
import io.shadowwrite.api.start.StartRefused;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.WireJson;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/** What a stranger, a clumsy caller and an operator see, as plain HTTP. */
class DoorTest {

    private final TestApi api = TestApi.shared();

    @BeforeEach
    void openWindow() {
        api.open();
    }

    private HttpResponse<String> send(String method, String path, @Nullable String token, String body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(api.url().resolve(path))
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), BodyHandlers.ofString());
        }
    }

    private static JsonNode problem(HttpResponse<String> response) {
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        JsonNode problem = WireJson.mapper().readTree(response.body());
        assertThat(problem.path("status").asInt()).isEqualTo(response.statusCode());
        return problem;
    }

    @Test
    void asksForATokenWhereverAHostPutsTheRoutes() throws Exception {
        List<String> arguments = new ArrayList<>(List.of(TestApi.arguments(api.target())));
        arguments.add("--spring.mvc.servlet.path=/app");
        try (ConfigurableApplicationContext host = ShadowApiApplication.start(arguments.toArray(new String[0]))) {
            String status = "http://localhost:%s/app/shadow/status"
                    .formatted(host.getEnvironment().getProperty("local.server.port"));

            HttpResponse<String> refused = send("GET", status, null, "");

            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(problem(refused).path("code").asString()).isEqualTo("TOKEN_WRONG");
            assertThat(send("GET", status, TestApi.TOKEN, "").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void lacksNoTokenOutsideOfItsRoutes() throws Exception {
        assertThat(send("GET", "/actuator/health/liveness", null, "").statusCode())
                .isEqualTo(200);
    }

    @Test
    void opensAWindowForAnOperatorOnly() throws Exception {
        String window = WireJson.mapper().writeValueAsString(api.window());

        HttpResponse<String> refused = send("POST", "/shadow/window", TestApi.TOKEN, window);

        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(problem(refused).path("code").asString()).isEqualTo("TOKEN_INSUFFICIENT");
        assertThat(send("POST", "/shadow/window", TestApi.OPERATOR_TOKEN, window)
                        .statusCode())
                .isEqualTo(200);
        assertThat(send("GET", "/shadow/status", TestApi.OPERATOR_TOKEN, "").statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "not JSON",
                "{}",
                "{\"epoch\":1,\"complete_below\":\"2000\",\"transactions\":[],\"typo\":1}",
                "{\"epoch\":1,\"complete_below\":2000,\"transactions\":[]}",
                "{\"epoch\":1,\"complete_below\":\"0/7D0\",\"transactions\":[]}",
                "{\"epoch\":null,\"complete_below\":\"2000\",\"transactions\":[]}",
                "{\"epoch\":1,\"complete_below\":\"2000\",\"transactions\":null}",
                "{\"epoch\":1,\"complete_below\":\"2000\",\"transactions\":[null]}",
                "{\"epoch\":1,\"epoch\":1,\"complete_below\":\"2000\",\"transactions\":[]}",
                "{\"epoch\":1,\"complete_below\":\"2000\",\"transactions\":[]} trailing"
            })
    void refusesWhatItCannotReadStrictly(String body) throws Exception {
        HttpResponse<String> response = send("POST", "/shadow/write/batch", TestApi.TOKEN, body);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(problem(response).path("code").asString()).isEqualTo("MALFORMED_REQUEST");
    }

    @Test
    void refusesAParameterItCannotRead() throws Exception {
        for (String parameter : List.of("limit=many", "limit=0", "limit=1001", "before=1", "verdict=GOOD")) {
            HttpResponse<String> response = send("GET", "/shadow/verifier/runs?" + parameter, TestApi.TOKEN, "");

            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(problem(response).path("code").asString()).isEqualTo("MALFORMED_REQUEST");
        }
    }

    @Test
    void takesTheSchemeInAnyCase() {
        Tokens tokens = new Tokens("service-0123456789", "operator-0123456789");

        assertThat(tokens.admit("bearer service-0123456789")).isEqualTo(Caller.SERVICE);
        assertThat(tokens.admit("BEARER operator-0123456789")).isEqualTo(Caller.OPERATOR);
        assertThatThrownBy(() -> tokens.admit("Basic service-0123456789")).isInstanceOf(ShadowProblem.class);
    }

    @Test
    void makesNobodyAnOperatorWithoutAConfiguredOperatorToken() {
        Tokens serviceOnly = new Tokens("service-0123456789", "");

        Caller caller = serviceOnly.admit("Bearer service-0123456789");

        assertThatThrownBy(() -> caller.mustBeOperator("this"))
                .isInstanceOfSatisfying(
                        ShadowProblem.class,
                        problem -> assertThat(problem.type()).isEqualTo(ProblemType.TOKEN_NOT_CONFIGURED));
        assertThatThrownBy(() -> serviceOnly.admit("Bearer ")).isInstanceOf(ShadowProblem.class);
        assertThat(serviceOnly.toString()).doesNotContain("0123456789").contains("operator=not configured");
    }

    @Test
    void answersNobodyWithTheOperatorsTokenAlone() {
        assertThatThrownBy(() -> new Tokens("", "operator-0123456789").admit("Bearer operator-0123456789"))
                .isInstanceOfSatisfying(
                        ShadowProblem.class,
                        problem -> assertThat(problem.type()).isEqualTo(ProblemType.TOKEN_NOT_CONFIGURED));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " ",
                "                    ",
                "fifteen-letters",
                "with white-space-in-it",
                "line-feed-at-the-end\n",
                "gr\u00fc\u00dfe-0123456789"
            })
    void refusesTokensThatProtectNothingOrNeverMatch(String token) {
        for (ThrowingCallable start : List.<ThrowingCallable>of(
                () -> new Tokens(token, "operator-0123456789"), () -> new Tokens("service-0123456789", token))) {
            assertThatThrownBy(start).isInstanceOfSatisfying(StartRefused.class, refused -> {
                assertThat(refused.getExitCode()).isEqualTo(3);
                assertThat(refused.problems())
                        .singleElement()
                        .asString()
                        .contains("RDS_CDC_SHADOW_", "at least 16")
                        .doesNotContain("\n");
            });
        }
    }

    @Test
    void refusesToStartWithEqualTokens() {
        List<String> arguments = new ArrayList<>(List.of(TestApi.arguments(api.target())));
        arguments.removeIf(argument -> argument.startsWith("--shadow.api.operator-token="));
        arguments.add("--shadow.api.operator-token=" + TestApi.TOKEN);

        Throwable failure = catchThrowable(() -> ShadowApiApplication.start(arguments.toArray(new String[0])));

        assertThat(StartRefused.exitCodeIn(failure)).isEqualTo(3);
        assertThat(failure)
                .rootCause()
                .hasMessageContaining("RDS_CDC_SHADOW_TOKEN and RDS_CDC_SHADOW_OPERATOR_TOKEN are equal");
        assertThat(failure).rootCause().hasMessageNotContaining(TestApi.TOKEN);
    }
}
