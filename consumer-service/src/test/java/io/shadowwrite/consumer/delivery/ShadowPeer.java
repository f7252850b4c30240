package io.shadowwrite.consumer.delivery;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.shadowwrite.protocol.ControlState;
import io.shadowwrite.protocol.DeadLetter;
import io.shadowwrite.protocol.Hold;
import io.shadowwrite.protocol.ParkRequest;
import io.shadowwrite.protocol.PositionReport;
import io.shadowwrite.protocol.ProblemDocument;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ReaderPosition;
import io.shadowwrite.protocol.SessionRequest;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.Side;
import io.shadowwrite.protocol.TransactionWrites;
import io.shadowwrite.protocol.VerifierState;
import io.shadowwrite.protocol.Window;
import io.shadowwrite.protocol.WireJson;
import io.shadowwrite.protocol.WriteBatch;
import io.shadowwrite.protocol.WriteResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** Speaks the protocol of shadow-api over real HTTP, keeps a position and an epoch, and remembers what it was told. */
final class ShadowPeer implements AutoCloseable {

    private static final int OPEN = 1_000_000;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private final Semaphore answers = new Semaphore(OPEN);
    private final PeerLetters letters = new PeerLetters();

    // Guarded by this.
    private final Deque<ProblemType> refusals = new ArrayDeque<>();
    private final List<TransactionWrites> applied = new ArrayList<>();
    private final List<PositionReport> reports = new ArrayList<>();
    private final List<SessionRequest> sessions = new ArrayList<>();
    private final Window window;
    private LogSequenceNumber position;
    private boolean windowOpen = true;
    private @Nullable ProblemType sessionRefusal;
    private @Nullable Hold hold;
    private LogSequenceNumber limit = LogSequenceNumber.valueOf(-1);
    private long epoch;
    private int writeRequests;
    private int replays;
    private int outOfTurn;
    private int longLines;
    private @Nullable ProblemType longRefusal;
    private boolean cutNextAnswer;
    private boolean cutNextLetter;
    private @Nullable CountDownLatch stall;
    private @Nullable CountDownLatch stalledOn;
    private int stalled;

    ShadowPeer(Window window) {
        this.window = window;
        position = window.consumerBaseline();
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

    /** Refuses that many of the next writes. */
    synchronized void refuseWrites(ProblemType type, int times) {
        for (int i = 0; i < times; i++) {
            refusals.add(type);
        }
    }

    /** Refuses the next transaction that comes line by line. */
    synchronized void refuseLong(ProblemType type) {
        longRefusal = type;
    }

    /** Answers writes again. */
    synchronized void refuseNoWrites() {
        refusals.clear();
    }

    PeerLetters letters() {
        return letters;
    }

    synchronized void refuseSessions(ProblemType type) {
        sessionRefusal = type;
    }

    synchronized void windowIsOpen(boolean open) {
        windowOpen = open;
    }

    /** A hold at an LSN, or where the position is now. */
    synchronized void holdAt(@Nullable LogSequenceNumber haltAt) {
        hold = new Hold("the-test", Hold.Kind.GATE, haltAt, null);
        limit = haltAt == null ? position : haltAt;
    }

    synchronized void releaseHold() {
        hold = null;
        limit = LogSequenceNumber.valueOf(-1);
    }

    /** As if the target had been restored to an older state. */
    synchronized void goBackTo(LogSequenceNumber older) {
        position = older;
    }

    /** As if another consumer had opened a session. */
    synchronized void fence() {
        epoch++;
    }

    /** Applies the next write of transactions but breaks the connection before the answer. */
    synchronized void cutNextAnswer() {
        cutNextAnswer = true;
    }

    /** Stores the next letter but breaks the connection before the answer. */
    synchronized void cutNextLetter() {
        cutNextLetter = true;
    }

    /** The next write arrives, but is not looked at until {@link #goOn()}; those after it are. */
    synchronized void stallNextWrite() {
        stall = new CountDownLatch(1);
    }

    synchronized int stalled() {
        return stalled;
    }

    void goOn() {
        CountDownLatch waiting;
        synchronized (this) {
            waiting = Objects.requireNonNull(stalledOn);
        }
        waiting.countDown();
    }

    /** From now on transactions are applied, but nobody hears of it until {@link #letAnswersGo()}. */
    void keepAnswers() {
        answers.drainPermits();
    }

    void letAnswersGo() {
        answers.release(OPEN);
    }

    synchronized List<TransactionWrites> applied() {
        return List.copyOf(applied);
    }

    synchronized List<PositionReport> reports() {
        return List.copyOf(reports);
    }

    synchronized List<SessionRequest> sessions() {
        return List.copyOf(sessions);
    }

    synchronized LogSequenceNumber position() {
        return position;
    }

    synchronized int writeRequests() {
        return writeRequests;
    }

    /** Lines of changes of transactions that came line by line. */
    synchronized int longLines() {
        return longLines;
    }

    /** Writes that came before the batch they continue. */
    synchronized int outOfTurn() {
        return outOfTurn;
    }

    synchronized int replays() {
        return replays;
    }

    @Override
    public void close() {
        letAnswersGo();
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            try {
                if (exchange.getRequestURI().getPath().endsWith("/write/batch")) {
                    waitIfStalled();
                }
                Object answer = answer(
                        exchange.getRequestMethod() + " "
                                + exchange.getRequestURI().getPath(),
                        body);
                if (answer instanceof WriteResult written && written.applied() > 0) {
                    awaitPermission();
                }
                if (isCut(answer)) {
                    return;
                }
                send(exchange, 200, "application/json", answer);
            } catch (ShadowProblem problem) {
                send(exchange, problem.type().status(), ProblemDocument.MEDIA_TYPE, ProblemDocument.of(problem));
            }
        }
    }

    private synchronized Object answer(String route, byte[] body) {
        return switch (route) {
            case "GET /shadow/consumer-position" -> positions();
            case "GET /shadow/verifier/state" -> new VerifierState(window, position);
            case "POST /shadow/consumer/session" -> session(read(body, SessionRequest.class));
            case "GET /shadow/consumer/control-state" -> control();
            case "POST /shadow/consumer-position" -> report(read(body, PositionReport.class));
            case "POST /shadow/write/batch" -> write(read(body, WriteBatch.class));
            case "POST /shadow/write/transaction" -> writeLong(body);
            case "POST /shadow/dlq" -> park(read(body, ParkRequest.class));
            default -> throw new ShadowProblem(ProblemType.MALFORMED_REQUEST, "no such route " + route);
        };
    }

    private List<ReaderPosition> positions() {
        if (!windowOpen) {
            throw new ShadowProblem(ProblemType.WINDOW_NOT_OPEN, "open it first");
        }
        return List.of(new ReaderPosition(Side.CONSUMER, position, position, position, "UNKNOWN", null, null));
    }

    private ControlState session(SessionRequest request) {
        if (sessionRefusal != null) {
            throw new ShadowProblem(sessionRefusal, "the window has the hash 0123abcd");
        }
        sessions.add(request);
        epoch++;
        return control();
    }

    private ControlState control() {
        return new ControlState(position, epoch, hold);
    }

    private ControlState report(PositionReport report) {
        requireNewest(report.epoch());
        reports.add(report);
        return control();
    }

    private Object park(ParkRequest request) {
        requireNewest(request.epoch());
        return letters.park(request);
    }

    private void requireNewest(long session) {
        if (session != epoch) {
            throw new ShadowProblem(ProblemType.EPOCH_FENCED, "session %d is the newest".formatted(epoch));
        }
    }

    private WriteResult write(WriteBatch batch) {
        writeRequests++;
        ProblemType refusal = refusals.poll();
        if (refusal != null) {
            throw new ShadowProblem(refusal, "as the test wants it", Map.of("change_index", "0"), null);
        }
        requireNewest(batch.epoch());
        if (position.compareTo(batch.continuesFrom()) < 0) {
            return outOfTurn(batch);
        }
        int answered = 0;
        int replayed = 0;
        for (TransactionWrites transaction : batch.transactions()) {
            if (transaction.commitLsn().compareTo(limit) >= 0) {
                break;
            }
            if (transaction.commitLsn().compareTo(position) < 0) {
                replayed++;
            } else {
                letters.apply(transaction);
                applied.add(transaction);
                position = transaction.endLsn();
            }
            answered++;
        }
        LogSequenceNumber reached = batch.completeBelow().compareTo(limit) < 0 ? batch.completeBelow() : limit;
        position = reached.compareTo(position) > 0 ? reached : position;
        replays += replayed;
        return new WriteResult(
                answered,
                replayed,
                0,
                batch.transactions().subList(0, replayed).stream()
                        .mapToLong(each -> each.changes().size())
                        .sum(),
                letters.counts(batch.transactions().subList(replayed, answered)),
                control());
    }

    private WriteResult writeLong(byte[] body) {
        PeerLines lines = PeerLines.read(body);
        longLines += lines.lines();
        ProblemType refusal = longRefusal;
        longRefusal = null;
        if (refusal != null) {
            throw new ShadowProblem(refusal, "as the test wants it", Map.of("change_index", "0"), null);
        }
        return write(lines.batch());
    }

    private WriteResult outOfTurn(WriteBatch batch) {
        outOfTurn++;
        if (limit.compareTo(position) <= 0) {
            return new WriteResult(0, 0, 0, 0, List.of(), control());
        }
        throw new ShadowProblem(ProblemType.OUT_OF_TURN, "it continues from " + batch.continuesFrom());
    }

    private void waitIfStalled() {
        CountDownLatch mine;
        synchronized (this) {
            mine = stall;
            stall = null;
            if (mine == null) {
                return;
            }
            stalledOn = mine;
            stalled++;
        }
        try {
            if (!mine.await(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the test never let the write go on");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitPermission() {
        try {
            if (!answers.tryAcquire(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the test never let the answers go");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean isCut(Object answer) {
        boolean cut = switch (answer) {
            case WriteResult written -> cutNextAnswer && written.applied() > 0;
            case DeadLetter _ -> cutNextLetter;
            default -> false;
        };
        cutNextAnswer &= !(cut && answer instanceof WriteResult);
        cutNextLetter &= !(cut && answer instanceof DeadLetter);
        return cut;
    }

    private static <T> T read(byte[] body, Class<T> type) {
        return WireJson.mapper().readValue(body, type);
    }

    private static void send(HttpExchange exchange, int status, String type, Object answer) throws IOException {
        byte[] body = WireJson.mapper().writeValueAsBytes(answer);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }
}
