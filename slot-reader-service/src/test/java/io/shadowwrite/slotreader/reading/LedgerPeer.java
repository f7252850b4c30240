package io.shadowwrite.slotreader.reading;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.shadowwrite.protocol.ControlState;
import io.shadowwrite.protocol.PositionReport;
import io.shadowwrite.protocol.ProblemDocument;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ReaderPosition;
import io.shadowwrite.protocol.Receipt;
import io.shadowwrite.protocol.ReceiptBatch;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.Side;
import io.shadowwrite.protocol.VerifierState;
import io.shadowwrite.protocol.Window;
import io.shadowwrite.protocol.WireJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** Speaks the slot reader's part of the protocol over real HTTP, and remembers the receipts. */
final class LedgerPeer implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(2);

    // Guarded by this.
    private final List<ReceiptBatch> batches = new ArrayList<>();
    private final List<PositionReport> reports = new ArrayList<>();
    private final Window window;
    private LogSequenceNumber position;
    private @Nullable ProblemType refusal;
    private int refused;

    LedgerPeer(Window window) {
        this.window = window;
        this.position = window.verifierBaseline();
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/shadow", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Refuses receipts until told otherwise with null. */
    synchronized void refuse(@Nullable ProblemType type) {
        refusal = type;
    }

    /** As if the target had been restored to an older state. */
    synchronized void goBackTo(LogSequenceNumber older) {
        position = older;
    }

    synchronized int refused() {
        return refused;
    }

    synchronized List<Receipt> receipts() {
        return batches.stream().flatMap(batch -> batch.receipts().stream()).toList();
    }

    /** Those without receipts, too. */
    synchronized List<ReceiptBatch> batches() {
        return List.copyOf(batches);
    }

    synchronized List<ReceiptBatch> batchesWithReceipts() {
        return batches.stream().filter(batch -> !batch.receipts().isEmpty()).toList();
    }

    synchronized List<PositionReport> reports() {
        return List.copyOf(reports);
    }

    synchronized LogSequenceNumber position() {
        return position;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            try {
                Object answer = answer(
                        exchange.getRequestMethod() + " "
                                + exchange.getRequestURI().getPath(),
                        body);
                send(exchange, 200, "application/json", answer);
            } catch (ShadowProblem problem) {
                send(exchange, problem.type().status(), ProblemDocument.MEDIA_TYPE, ProblemDocument.of(problem));
            }
        }
    }

    private synchronized Object answer(String route, byte[] body) {
        return switch (route) {
            case "GET /shadow/verifier/state" -> new VerifierState(window, position);
            case "POST /shadow/ledger" -> attest(WireJson.mapper().readValue(body, ReceiptBatch.class));
            case "POST /shadow/consumer-position" -> report(WireJson.mapper().readValue(body, PositionReport.class));
            default -> throw new ShadowProblem(ProblemType.MALFORMED_REQUEST, "no such route " + route);
        };
    }

    private ReaderPosition attest(ReceiptBatch batch) {
        if (refusal != null) {
            refused++;
            throw new ShadowProblem(refusal, "as the test wants it");
        }
        if (position.compareTo(batch.continuesFrom()) < 0) {
            throw new ShadowProblem(ProblemType.OUT_OF_TURN, "they continue from " + batch.continuesFrom());
        }
        batches.add(batch);
        position = batch.completeBelow().compareTo(position) > 0 ? batch.completeBelow() : position;
        return new ReaderPosition(Side.VERIFIER, position, position, position, "STREAMING", null, null);
    }

    private ControlState report(PositionReport report) {
        reports.add(report);
        return new ControlState(position, 0, null);
    }

    private static void send(HttpExchange exchange, int status, String type, Object answer) throws IOException {
        byte[] body = WireJson.mapper().writeValueAsBytes(answer);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }
}
