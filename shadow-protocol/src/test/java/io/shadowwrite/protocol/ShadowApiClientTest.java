package io.shadowwrite.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.replication.LogSequenceNumber;

class ShadowApiClientTest {

    private static final String CONTROL = """
            {"position":"7","epoch":3,"hold":null}""";

    private final AtomicInteger requests = new AtomicInteger();
    private final CountDownLatch over = new CountDownLatch(1);
    private HttpServer server = unstarted();
    private ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private String lastRequest = "";
    private String lastAuthorization = "";

    private static HttpServer unstarted() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void start() {
        server.setExecutor(workers);
        server.start();
    }

    @AfterEach
    void stop() {
        over.countDown();
        server.stop(0);
        workers.close();
    }

    private ShadowApi client(Duration timeout) {
        return ShadowApiClient.connect(
                URI.create("http://localhost:" + server.getAddress().getPort()), "secret", timeout);
    }

    private void answer(int status, String type, String body) {
        server.createContext("/shadow", exchange -> {
            requests.incrementAndGet();
            lastRequest = exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            lastAuthorization = exchange.getRequestHeaders().getFirst("Authorization");
            send(exchange, status, type, body);
        });
    }

    private static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static ShadowProblem failure(Runnable call) {
        try {
            call.run();
        } catch (ShadowProblem problem) {
            return problem;
        }
        throw new AssertionError("no problem");
    }

    @Test
    void sendsTheTokenAndReadsTheAnswer() {
        answer(200, "application/json", CONTROL);

        ControlState state = client(Duration.ofSeconds(5)).controlState();

        assertThat(state.position()).isEqualTo(LogSequenceNumber.valueOf(7));
        assertThat(lastRequest).isEqualTo("GET /shadow/consumer/control-state ");
        assertThat(lastAuthorization).isEqualTo("Bearer secret");
    }

    @Test
    void sendsABodyInTheSpellingOfTheWire() {
        answer(
                200,
                "application/json",
                "{\"applied\":0,\"replayed\":0,\"forgotten\":0,\"repeated\":0,\"changes\":[],\"control\":" + CONTROL
                        + "}");

        client(Duration.ofSeconds(5))
                .write(new WriteBatch(3, LogSequenceNumber.valueOf(6), LogSequenceNumber.valueOf(7), List.of()));

        assertThat(lastRequest)
                .isEqualTo(
                        "POST /shadow/write/batch {\"epoch\":3,\"continues_from\":\"6\",\"complete_below\":\"7\",\"transactions\":[]}");
    }

    @ParameterizedTest
    @EnumSource
    void turnsEveryProblemBackIntoItsType(ProblemType type) {
        ShadowProblem sent =
                new ShadowProblem(type, "what happened", Map.of("commit_lsn", "12", "model", "Partner"), null);
        answer(
                type.status(),
                ProblemDocument.MEDIA_TYPE,
                WireJson.mapper().writeValueAsString(ProblemDocument.of(sent)));

        ShadowProblem received = failure(() -> client(Duration.ofSeconds(5)).status());

        assertThat(received.type()).isEqualTo(type);
        assertThat(received.detail()).isEqualTo("what happened");
        assertThat(received.facts()).isEqualTo(sent.facts());
        assertThat(requests).hasValue(1);
    }

    @ParameterizedTest
    @CsvSource({
        "500,text/html,<h1>oops</h1>,TARGET_UNAVAILABLE",
        "503,application/json,{},TARGET_UNAVAILABLE",
        "502,application/problem+json,{\"code\":\"SOMETHING_NEW\"},TARGET_UNAVAILABLE",
        "429,text/plain,slow down,TARGET_UNAVAILABLE",
        "404,text/plain,not here,MALFORMED_REQUEST",
        "302,text/plain,elsewhere,MALFORMED_REQUEST"
    })
    void decidesByStatusWhenThereIsNoCode(int status, String type, String body, ProblemType expected) {
        answer(status, type, body);

        ShadowProblem problem = failure(() -> client(Duration.ofSeconds(5)).status());

        assertThat(problem.type()).isEqualTo(expected);
        assertThat(problem.detail()).contains(String.valueOf(status)).doesNotContain(body);
        assertThat(requests).hasValue(1);
    }

    @Test
    void callsAServerThatIsSilentOrGoneUnavailable() {
        server.createContext("/shadow", exchange -> {
            try {
                over.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        });

        ShadowProblem silent = failure(() -> client(Duration.ofMillis(200)).controlState());
        over.countDown();
        ShadowApi late = client(Duration.ofSeconds(5));
        server.stop(0);
        ShadowProblem gone = failure(late::controlState);

        assertThat(silent.type()).isEqualTo(ProblemType.TARGET_UNAVAILABLE);
        assertThat(silent.retryable()).isTrue();
        assertThat(gone.type()).isEqualTo(ProblemType.TARGET_UNAVAILABLE);
        server = unstarted();
    }

    @Test
    void callsAnAnswerItCannotReadUnavailable() {
        answer(200, "application/json", "{\"position\":\"7\",\"epoch\":3,\"hold\":null,\"more\":1}");

        assertThatThrownBy(() -> client(Duration.ofSeconds(5)).controlState())
                .isInstanceOfSatisfying(ShadowProblem.class, problem -> {
                    assertThat(problem.type()).isEqualTo(ProblemType.TARGET_UNAVAILABLE);
                    assertThat(problem.detail()).contains("one version");
                });
    }

    @Test
    void callsAServerThatDiesWhileTheBodyIsBeingSentUnavailable() throws IOException {
        Receipt receipt = new Receipt(
                LogSequenceNumber.valueOf(7), 0, 1, "a.b", Operation.INSERT, "k".repeat(1_000), "0".repeat(32));
        // More than any socket buffer takes, so that the end of the connection is met while writing.
        ReceiptBatch large = new ReceiptBatch(
                LogSequenceNumber.valueOf(7), LogSequenceNumber.valueOf(7), Collections.nCopies(20_000, receipt));
        try (ServerSocket dying = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Future<@Nullable Void> death = workers.submit(() -> {
                try (Socket connection = dying.accept()) {
                    connection.getInputStream().readNBytes(1_000);
                    connection.setSoLinger(true, 0);
                }
                return null;
            });
            ShadowApi cut = ShadowApiClient.connect(
                    URI.create("http://localhost:" + dying.getLocalPort()), "secret", Duration.ofSeconds(5));

            ShadowProblem problem = failure(() -> cut.attest(large));

            assertThat(death).succeedsWithin(Duration.ofSeconds(5));
            assertThat(problem.type()).isEqualTo(ProblemType.TARGET_UNAVAILABLE);
            assertThat(problem.retryable()).isTrue();
        }
    }
}
