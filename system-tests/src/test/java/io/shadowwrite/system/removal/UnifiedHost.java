package io.shadowwrite.system.removal;

import io.shadowwrite.system.Checkout;
import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.LoopbackPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The sample host in a JVM of its own, asked over HTTP. */
final class UnifiedHost implements AutoCloseable {

    static final String KEY_HEADER = "X-Api-Key";
    static final String KEY = "the-key-of-the-unified-service";
    static final String TOKEN = "service-token-of-this-test";
    static final String OPERATOR_TOKEN = "operator-token-of-this-test";

    private static final Duration ANSWERS_WITHIN = Duration.ofMinutes(2);

    private final Process process;
    private final Path log;
    private final URI url;
    private final HttpClient client = HttpClient.newHttpClient();

    private UnifiedHost(Process process, Path log, URI url) {
        this.process = process;
        this.log = log;
        this.url = url;
    }

    /**
     * Starts it and returns when it answers.
     *
     * @param name of its log
     * @param program what follows the options of the JVM
     * @param environment beside what it always needs; the settings of ours are there in any case
     */
    static UnifiedHost start(String name, List<String> program, Database target, Map<String, String> environment) {
        int port = LoopbackPort.free();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-Duser.timezone=UTC"));
        command.addAll(program);
        Path log = Checkout.freshDirectory("removal-logs/" + name).resolve("host.log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(Sample.HOME.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment()
                .putAll(Map.of(
                        "SERVER_PORT",
                        String.valueOf(port),
                        "SERVER_ADDRESS",
                        "127.0.0.1",
                        "UNIFIED_API_KEY",
                        KEY,
                        "UNIFIED_DATABASE_URL",
                        target.jdbcUrl(),
                        "UNIFIED_DATABASE_USER",
                        target.user(),
                        "UNIFIED_DATABASE_PASSWORD",
                        target.password(),
                        "RDS_CDC_SHADOW_TOKEN",
                        TOKEN,
                        "RDS_CDC_SHADOW_OPERATOR_TOKEN",
                        OPERATOR_TOKEN));
        builder.environment().putAll(environment);
        try {
            UnifiedHost host = new UnifiedHost(builder.start(), log, URI.create("http://127.0.0.1:" + port));
            host.awaitAnswer();
            return host;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitAnswer() {
        try {
            Await.until("the host answers", ANSWERS_WITHIN, () -> {
                if (!process.isAlive()) {
                    throw new AssertionError("the host ended: " + text());
                }
                return answers();
            });
        } catch (RuntimeException | AssertionError e) {
            close();
            throw e;
        }
    }

    private boolean answers() {
        try {
            return get("/api/v1/tags/none", KEY_HEADER, KEY).statusCode() == 404;
        } catch (UncheckedIOException notYet) {
            return false;
        }
    }

    HttpResponse<String> get(String path, String... headers) {
        return send(request(path, headers).GET());
    }

    HttpResponse<String> put(String path, String json, String... headers) {
        return send(request(path, headers)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(json)));
    }

    private HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(url.resolve(path)).timeout(Duration.ofSeconds(30));
        return headers.length == 0 ? request : request.headers(headers);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the host was asked", e);
        }
    }

    private String text() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return "its log " + log + " cannot be read";
        }
    }

    @Override
    public void close() {
        client.close();
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
