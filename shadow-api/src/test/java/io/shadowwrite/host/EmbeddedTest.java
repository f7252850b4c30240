package io.shadowwrite.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.shadowwrite.api.TestApi;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.ShadowApiClient;
import io.shadowwrite.protocol.WireJson;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Target;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.transaction.PlatformTransactionManager;

/** Two services in one process that do not know of each other. */
@PostgresTest
class EmbeddedTest {

    private static ConfigurableApplicationContext start(Database target, Map<String, Object> environment) {
        List<String> arguments = new ArrayList<>(List.of(TestApi.arguments(target)));
        arguments.add("--host.url=" + target.jdbcUrl());
        arguments.add("--host.user=" + target.user());
        arguments.add("--host.password=" + target.password());
        return new SpringApplicationBuilder(HostService.class)
                .initializers(context -> context.getEnvironment()
                        .getPropertySources()
                        .replace(
                                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                                new SystemEnvironmentPropertySource(
                                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, environment)))
                .run(arguments.toArray(new String[0]));
    }

    private static URI urlOf(ConfigurableApplicationContext host) {
        return URI.create("http://localhost:" + host.getEnvironment().getProperty("local.server.port"));
    }

    private static HttpResponse<String> get(ConfigurableApplicationContext host, String path, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(urlOf(host).resolve(path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), BodyHandlers.ofString());
        }
    }

    @Test
    void leavesTheHostAsItIsAndTheHostLeavesUs(@Target Database target) throws Exception {
        target.runScript(TestApi.resource("target.sql"));
        try (ConfigurableApplicationContext host = start(target, Map.of())) {
            assertTheHostAnswersAsAlways(host);
            assertWeAnswerAsAlways(host);
            assertNothingIsShared(host, target);
        }
    }

    private static void assertTheHostAnswersAsAlways(ConfigurableApplicationContext host) throws Exception {
        String[] key = {HostService.KEY_HEADER, HostService.KEY};

        assertThat(get(host, "/api/orders/1", key).body()).isEqualTo("{\"orderId\":1,\"articleName\":\"a lamp\"}");
        assertThat(get(host, "/api/broken", key).body()).isEqualTo("{\"hostError\":\"as the host wants it\"}");
        assertThat(get(host, "/api/orders/1").statusCode())
                .as("without its key")
                .isEqualTo(418);
        assertThat(get(host, "/api/orders/1", "Authorization", "Bearer " + TestApi.OPERATOR_TOKEN)
                        .statusCode())
                .as("with a token of ours")
                .isEqualTo(418);
        HttpResponse<String> unknown = get(host, "/api/nothing", key);
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.body()).doesNotContain("runbook");
    }

    private static void assertWeAnswerAsAlways(ConfigurableApplicationContext host) throws Exception {
        ShadowApi service = ShadowApiClient.connect(urlOf(host), TestApi.TOKEN, Duration.ofSeconds(10));
        assertThat(service.status().phase()).isEqualTo("NOT_OPEN");
        HttpResponse<String> refused = get(host, "/shadow/status", HostService.KEY_HEADER, HostService.KEY);
        assertThat(refused.statusCode()).as("with the key of the host").isEqualTo(401);
        HttpResponse<String> unknown = get(host, "/shadow/nothing", "Authorization", "Bearer " + TestApi.TOKEN);
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(WireJson.mapper().readTree(unknown.body()).path("code").asString())
                .isEqualTo("NOT_FOUND");
    }

    private static void assertNothingIsShared(ConfigurableApplicationContext host, Database target) {
        assertThat(host.getBeansOfType(DataSource.class).values())
                .singleElement()
                .isInstanceOf(HikariDataSource.class);
        assertThat(host.getBeansOfType(PlatformTransactionManager.class)).containsOnlyKeys("transactionManager");
        assertThat(host.getBeansOfType(Flyway.class)).containsOnlyKeys("flyway");
        assertThat(host.getBean(MeterRegistry.class).find("shadow.streak").gauge())
                .isNotNull();
        assertThat(
                        target.queryForList(
                                "select schemaname from pg_tables where tablename in ('orders', 'flyway_schema_history') order by 1"))
                .containsExactly("public", "public");
        assertThat(target.queryForLong("select count(*) from pg_tables where tablename = 'migration_history'"))
                .isEqualTo(1);
    }

    @Test
    void isGoneWhenTheEnvironmentSaysSo(@Target Database target) throws Exception {
        target.runScript(TestApi.resource("target.sql"));
        try (ConfigurableApplicationContext host = start(target, Map.of("SHADOW_DISABLED", "true"))) {
            assertTheHostAnswersAsAlways(host);

            HttpResponse<String> status = get(host, "/shadow/status", "Authorization", "Bearer " + TestApi.TOKEN);
            assertThat(status.statusCode()).isEqualTo(404);
            assertThat(status.body()).doesNotContain("runbook");
            assertThat(host.getBeanDefinitionNames()).noneMatch(name -> name.startsWith("shadow"));
            assertThat(host.getBean(MeterRegistry.class).getMeters())
                    .noneMatch(meter -> meter.getId().getName().startsWith("shadow."));
            assertThat(target.queryForLong("select count(*) from pg_namespace where nspname = 'shadow'"))
                    .isZero();
        }
    }
}
