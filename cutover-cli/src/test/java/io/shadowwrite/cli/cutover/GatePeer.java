package io.shadowwrite.cli.cutover;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.shadowwrite.protocol.AuditEntry;
import io.shadowwrite.protocol.ControlState;
import io.shadowwrite.protocol.CutoverAudit;
import io.shadowwrite.protocol.EngagedFence;
import io.shadowwrite.protocol.GapPolicy;
import io.shadowwrite.protocol.GateState;
import io.shadowwrite.protocol.Hold;
import io.shadowwrite.protocol.ProblemDocument;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ReaderPosition;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.ShadowApiClient;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.Status;
import io.shadowwrite.protocol.TickClock;
import io.shadowwrite.protocol.WireJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** Speaks the gate's part of the protocol over real HTTP: it says what the test wants, and remembers what it was told. */
final class GatePeer implements AutoCloseable {

    private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(10);

    private final HttpServer server;

    // Guarded by this.
    private final List<String> told = new ArrayList<>();
    private String phase = "VALIDATING";
    private @Nullable Hold hold;
    private @Nullable EngagedFence fence;
    private @Nullable ProblemType refusal;
    private List<ReaderPosition> readers = List.of();

    GatePeer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/shadow", this::handle);
        server.start();
    }

    ShadowApi api() {
        return ShadowApiClient.connect(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()), "operator", ANSWERS_WITHIN);
    }

    synchronized void stands(String inPhase, @Nullable Hold held) {
        phase = inPhase;
        hold = held;
    }

    synchronized void fenced(@Nullable EngagedFence by) {
        fence = by;
    }

    synchronized void readersAre(List<ReaderPosition> positions) {
        readers = positions;
    }

    /** Whatever is to be decided. */
    synchronized void refuse(ProblemType type) {
        refusal = type;
    }

    /** What it was told to change. */
    synchronized List<String> told() {
        return List.copyOf(told);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            try {
                send(
                        exchange,
                        200,
                        "application/json",
                        answer(exchange.getRequestURI().getPath(), body));
            } catch (ShadowProblem problem) {
                send(exchange, problem.type().status(), ProblemDocument.MEDIA_TYPE, ProblemDocument.of(problem));
            }
        }
    }

    private synchronized Object answer(String path, byte[] body) {
        if (path.equals("/shadow/status")) {
            return status();
        }
        if (path.equals("/shadow/consumer-position")) {
            return readers;
        }
        told.add(path);
        return switch (path) {
            case "/shadow/cutover/audit" -> decided(WireJson.mapper().readValue(body, CutoverAudit.class));
            case "/shadow/cutover/halt-target", "/shadow/cutover/resume", "/shadow/cutover/fence" ->
                new ControlState(LogSequenceNumber.valueOf(1), 1, hold);
            default -> throw new ShadowProblem(ProblemType.MALFORMED_REQUEST, "no such route " + path);
        };
    }

    private AuditEntry decided(CutoverAudit audit) {
        if (refusal != null) {
            throw new ShadowProblem(refusal, "as the test wants it");
        }
        return new AuditEntry(audit, Instant.EPOCH, null, TickClock.SOURCE);
    }

    private Status status() {
        return new Status(
                phase,
                false,
                "of the test",
                List.of(),
                List.of(),
                0,
                hold,
                null,
                null,
                0,
                168,
                GapPolicy.RESET,
                TickClock.SOURCE,
                null,
                0,
                null,
                new GateState(1, null, null, null, "of the test", fence),
                List.of());
    }

    private static void send(HttpExchange exchange, int status, String type, Object answer) throws IOException {
        byte[] body = WireJson.mapper().writeValueAsBytes(answer);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }
}
