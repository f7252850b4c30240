package io.shadowwrite.api.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.api.ShadowApiApplication;
import io.shadowwrite.api.TestApi;
import io.shadowwrite.api.problem.UnknownRouteController;
import io.shadowwrite.api.security.RoutesTest;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.WireJson;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/** The committed description of the routes, against the running application. */
class OpenApiTest {

    private static final Path COMMITTED = Path.of("..", "docs", "openapi.json");

    private static final String HOW_TO_WRITE =
            "./mvnw -pl shadow-api -am verify -Dtest=OpenApiTest -Dsurefire.failIfNoSpecifiedTests=false -Dopenapi.write=true";

    private static String generated;
    private static JsonNode root;

    @BeforeAll
    static void generate() throws Exception {
        SpringApplication application = new SpringApplication(ShadowApiApplication.class);
        application.setDefaultProperties(Map.of("spring.config.name", "shadow-api,application"));
        String[] arguments = Stream.concat(
                        Arrays.stream(TestApi.arguments(TestApi.shared().target()))
                                .filter(argument -> !argument.startsWith("--springdoc.")),
                        Stream.of("--springdoc.api-docs.version=openapi_3_1"))
                .toArray(String[]::new);
        try (ConfigurableApplicationContext context = application.run(arguments);
                HttpClient http = HttpClient.newHttpClient()) {
            URI url = URI.create("http://localhost:%s/v3/api-docs"
                    .formatted(context.getEnvironment().getProperty("local.server.port")));
            String raw = http.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString())
                    .body();
            generated = new Document(raw, RoutesTest.OPERATOR_ROUTES).complete(UnknownRouteController.PATTERN);
        }
        root = WireJson.mapper().readTree(generated);
    }

    @Test
    void isCommittedAsTheApplicationAnswers() throws IOException {
        if (Boolean.getBoolean("openapi.write")) {
            Files.writeString(COMMITTED, generated);
        }

        assertThat(Files.readString(COMMITTED))
                .as("docs/openapi.json is behind the routes; write it anew with\n  %s\nand commit it", HOW_TO_WRITE)
                .isEqualTo(generated);
    }

    @Test
    void describesEveryRouteAndNothingElse() {
        Set<String> described = operations().keySet();

        assertThat(described)
                .isEqualTo(RoutesTest.routes().stream()
                        .map(RoutesTest.Route::toString)
                        .collect(Collectors.toSet()));
    }

    private static Map<String, JsonNode> operations() {
        return root.path("paths").properties().stream()
                .flatMap(path -> path.getValue().properties().stream()
                        .map(operation -> Map.entry(
                                operation.getKey().toUpperCase(java.util.Locale.ROOT) + " " + path.getKey(),
                                operation.getValue())))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    @Test
    void asksForOneOfTheTwoTokensEverywhere() {
        operations().forEach((route, operation) -> {
            List<String> schemes = operation
                    .path("security")
                    .valueStream()
                    .flatMap(each -> each.propertyNames().stream())
                    .toList();

            assertThat(schemes)
                    .as(route)
                    .isEqualTo(
                            RoutesTest.OPERATOR_ROUTES.contains(route)
                                    ? List.of("operator")
                                    : List.of("operator", "service"));
        });
    }

    @Test
    void answersEveryFailureWithAProblem() {
        operations()
                .forEach((route, operation) -> assertThat(operation.path("responses"))
                        .as(route)
                        .allSatisfy(response -> assertThat(response.has("content") || response.has("$ref"))
                                .isTrue())
                        .filteredOn(
                                response -> response.path("$ref").asString("").endsWith("/Problem"))
                        .hasSizeGreaterThanOrEqualTo(5));
        JsonNode problem = root.path("components").path("schemas").path("ProblemDocument");
        assertThat(problem.path("required").valueStream().map(JsonNode::asString))
                .contains("code", "retryable", "runbook");
        assertThat(problem.path("properties").path("code").path("enum").size()).isEqualTo(ProblemType.values().length);
    }

    @Test
    void spellsEveryNameInSnakeCaseAndEveryLsnAsAString() {
        root.path("components")
                .path("schemas")
                .properties()
                .forEach(schema -> schema.getValue()
                        .path("properties")
                        .properties()
                        .forEach(member -> {
                            String name = schema.getKey() + "." + member.getKey();
                            assertThat(member.getKey()).as(name).matches("[a-z][a-z0-9_]*");
                            if (name.matches(".*(_lsn|_below|_baseline|\\.position|\\.received|\\.flushed|halt_at)")) {
                                assertThat(member.getValue().path("type").toString())
                                        .as(name)
                                        .contains("string");
                                assertThat(member.getValue().path("pattern").asString())
                                        .as(name)
                                        .isEqualTo("^[0-9]{1,20}$");
                            }
                        }));
        operations()
                .values()
                .forEach(operation -> operation
                        .path("parameters")
                        .forEach(parameter ->
                                assertThat(parameter.path("name").asString()).matches("[a-z][a-z0-9_]*")));
    }
}
