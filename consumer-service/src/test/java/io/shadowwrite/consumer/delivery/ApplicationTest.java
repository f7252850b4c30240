package io.shadowwrite.consumer.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.consumer.ConsumerApplication;
import io.shadowwrite.delivery.testing.SourceFixture;
import io.shadowwrite.protocol.Side;
import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Source;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

@PostgresTest
@Timeout(120)
class ApplicationTest {

    @Test
    void theWholeProgramDeliversAndShowsItsHealthAndFigures(@Source Database database, @TempDir Path directory)
            throws IOException {
        Path contract = Files.writeString(directory.resolve("contract.json"), SourceFixture.CONTRACT);
        try (SourceFixture source = SourceFixture.in(database, Side.CONSUMER);
                ShadowPeer peer = new ShadowPeer(source.window())) {
            try (ConfigurableApplicationContext program = run(source, peer, contract)) {
                source.insert(1);
                Await.until(
                        "the change is applied",
                        RunningConsumer.PATIENCE,
                        () -> peer.applied().size() == 1);

                assertThat(get(program, "/actuator/health/readiness").statusCode())
                        .isEqualTo(200);
                assertThat(get(program, "/actuator/health/liveness").statusCode())
                        .isEqualTo(200);
                assertThat(get(program, "/actuator/health").body()).contains("STREAMING");
                assertThat(get(program, "/actuator/prometheus").body())
                        .contains("shadow_applied_lsn", "shadow_apply_latency_seconds_count");
            }
        }
    }

    private static ConfigurableApplicationContext run(SourceFixture source, ShadowPeer peer, Path contract) {
        return new SpringApplicationBuilder(ConsumerApplication.class)
                .run(
                        "--server.port=0",
                        "--shadow.migration-id=test",
                        "--shadow.contract.location=" + contract,
                        "--shadow.api.url=" + peer.url(),
                        "--shadow.api.token=token",
                        "--shadow.source.url=" + source.database().jdbcUrl(),
                        "--shadow.source.user=" + Database.USER,
                        "--shadow.source.password=" + Database.PASSWORD,
                        "--shadow.slot.name=" + source.slotName());
    }

    private static HttpResponse<String> get(ConfigurableApplicationContext program, String path) {
        String port = program.getEnvironment().getRequiredProperty("local.server.port");
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
