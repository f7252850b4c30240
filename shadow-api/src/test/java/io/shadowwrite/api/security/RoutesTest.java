package io.shadowwrite.api.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.api.ShadowApiApplication;
import io.shadowwrite.api.TestApi;
import io.shadowwrite.api.problem.UnknownRouteController;
import io.shadowwrite.protocol.WireJson;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;

/** What every route has in common, asked of every route that the running server knows. */
public class RoutesTest {

    /** Written out a second time on purpose: a route does not become the service's, or the operator's, by mistake. */
    public static final Set<String> OPERATOR_ROUTES = Set.of(
            "POST /shadow/window",
            "POST /shadow/window/load",
            "POST /shadow/window/streaming",
            "POST /shadow/window/discard",
            "POST /shadow/window/forget",
            "POST /shadow/write/load",
            "POST /shadow/cutover/audit",
            "GET /shadow/cutover/audit",
            "POST /shadow/cutover/fence",
            "POST /shadow/dlq/selections",
            "POST /shadow/dlq/selections/{id}/replay",
            "POST /shadow/dlq/selections/{id}/resolve",
            "PATCH /shadow/dlq/{id}",
            "POST /shadow/dlq/{id}/replay",
            "POST /shadow/dlq/{id}/resolve");

    private static final TestApi API = TestApi.shared();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static ConfigurableApplicationContext withoutTokens;
    private static ConfigurableApplicationContext withoutOperator;
    private static ConfigurableApplicationContext disabled;

    /**
     * One route.
     *
     * @param pattern as it is mapped
     * @param hasBody whether it reads one record from the body
     */
    public record Route(String method, String pattern, boolean hasBody) {

        /** Some address that the pattern matches. */
        String path() {
            return pattern.replaceAll("\\{[^}]*}", "1");
        }

        boolean isForOperators() {
            return OPERATOR_ROUTES.contains(method + " " + pattern);
        }

        @Override
        public String toString() {
            return method + " " + pattern;
        }
    }

    public static List<Route> routes() {
        return API
                .context()
                .getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .entrySet()
                .stream()
                .flatMap(entry -> routes(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static Stream<Route> routes(RequestMappingInfo info, HandlerMethod handler) {
        boolean hasBody = Arrays.stream(handler.getMethodParameters()).anyMatch(RoutesTest::isBody);
        return info.getPatternValues().stream()
                .filter(pattern -> pattern.startsWith("/shadow/") && !pattern.equals(UnknownRouteController.PATTERN))
                .flatMap(pattern -> info.getMethodsCondition().getMethods().stream()
                        .map(method -> new Route(method.name(), pattern, hasBody)));
    }

    private static boolean isBody(MethodParameter parameter) {
        return parameter.hasParameterAnnotation(RequestBody.class);
    }

    static Stream<Route> routesWithABody() {
        return routes().stream().filter(Route::hasBody);
    }

    @BeforeAll
    static void start() {
        withoutTokens = startWithout("--shadow.api.token=", "--shadow.api.operator-token=");
        withoutOperator = startWithout("--shadow.api.operator-token=");
        disabled = ShadowApiApplication.start("--server.port=0", "--shadow.disabled=true");
    }

    private static ConfigurableApplicationContext startWithout(String... settings) {
        return ShadowApiApplication.start(Arrays.stream(TestApi.arguments(API.target()))
                .filter(argument -> Arrays.stream(settings).noneMatch(argument::startsWith))
                .toArray(String[]::new));
    }

    @AfterAll
    static void stop() {
        withoutTokens.close();
        withoutOperator.close();
        disabled.close();
        HTTP.close();
    }

    @BeforeEach
    void openWindow() {
        API.open();
    }

    private static HttpResponse<String> send(URI server, String method, String path, @Nullable String token)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve(path))
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString("not JSON"));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    private static URI urlOf(ConfigurableApplicationContext application) {
        return URI.create("http://localhost:" + application.getEnvironment().getProperty("local.server.port"));
    }

    private static void assertProblem(HttpResponse<String> response, int status, String code) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        JsonNode problem = WireJson.mapper().readTree(response.body());
        assertThat(problem.path("code").asString()).isEqualTo(code);
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("retryable").isBoolean()).isTrue();
        assertThat(problem.path("detail").asString()).isNotBlank();
        assertThat(problem.path("runbook").asString())
                .isEqualTo("docs/runbook.md#"
                        + code.toLowerCase(java.util.Locale.ROOT).replace('_', '-'));
    }

    @Test
    void sortsEveryRouteAsTheListSays() {
        Set<String> declared = routes().stream()
                .filter(route -> OperatorRoutes.contain(route.method(), route.pattern()))
                .map(Route::toString)
                .collect(Collectors.toSet());

        assertThat(declared).isEqualTo(OPERATOR_ROUTES);
        assertThat(routes()).hasSizeGreaterThan(10);
    }

    @ParameterizedTest
    @MethodSource("routes")
    void asksForTheRightToken(Route route) throws Exception {
        for (String token : new @Nullable String[] {null, "", "wrong", TestApi.TOKEN + "x"}) {
            assertProblem(send(API.url(), route.method(), route.path(), token), 401, "TOKEN_WRONG");
        }
    }

    @ParameterizedTest
    @MethodSource("routes")
    void answersNobodyWithoutAConfiguredToken(Route route) throws Exception {
        for (String token : new @Nullable String[] {null, "", TestApi.TOKEN, TestApi.OPERATOR_TOKEN}) {
            assertProblem(send(urlOf(withoutTokens), route.method(), route.path(), token), 503, "TOKEN_NOT_CONFIGURED");
        }
    }

    @ParameterizedTest
    @MethodSource("routes")
    void letsOnlyAnOperatorUseAnOperatorsRoute(Route route) throws Exception {
        HttpResponse<String> response = send(API.url(), route.method(), route.path(), TestApi.TOKEN);

        if (route.isForOperators()) {
            assertProblem(response, 403, "TOKEN_INSUFFICIENT");
            assertProblem(
                    send(urlOf(withoutOperator), route.method(), route.path(), TestApi.TOKEN),
                    503,
                    "TOKEN_NOT_CONFIGURED");
        } else {
            assertThat(response.statusCode()).isNotIn(401, 403, 503);
        }
    }

    @ParameterizedTest
    @MethodSource("routes")
    void isGoneWhenTheModuleIsSwitchedOff(Route route) throws Exception {
        HttpResponse<String> response = send(urlOf(disabled), route.method(), route.path(), TestApi.OPERATOR_TOKEN);

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body()).doesNotContain("runbook");
    }

    @ParameterizedTest
    @MethodSource("routesWithABody")
    void refusesABodyItCannotRead(Route route) throws Exception {
        assertProblem(send(API.url(), route.method(), route.path(), TestApi.OPERATOR_TOKEN), 400, "MALFORMED_REQUEST");
    }

    @ParameterizedTest
    @MethodSource("routes")
    void answersAnUnknownPathBelowItWithAProblem(Route route) throws Exception {
        String below = route.path() + "/no/such/route";

        assertProblem(send(API.url(), route.method(), below, TestApi.OPERATOR_TOKEN), 404, "NOT_FOUND");
        assertProblem(send(API.url(), route.method(), below, null), 401, "TOKEN_WRONG");
    }

    @ParameterizedTest
    @MethodSource("routes")
    void namesTheMethodsItTakes(Route route) throws Exception {
        List<String> others = new ArrayList<>(List.of("PUT", "DELETE", "TRACE", "OPTIONS"));
        routes().stream()
                .filter(each -> each.path().equals(route.path()))
                .forEach(each -> others.remove(each.method()));

        HttpResponse<String> response = send(API.url(), others.getFirst(), route.path(), TestApi.OPERATOR_TOKEN);

        assertProblem(response, 405, "METHOD_NOT_ALLOWED");
        assertThat(response.headers().firstValue("Allow").orElse("")).contains(route.method());
    }
}
