package io.shadowwrite.api.problem;

import static io.shadowwrite.api.TestApi.lsn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.shadowwrite.api.ShadowApiApplication;
import io.shadowwrite.api.TestApi;
import io.shadowwrite.protocol.BlockingFinding;
import io.shadowwrite.protocol.CutoverAudit;
import io.shadowwrite.protocol.CutoverDecision;
import io.shadowwrite.protocol.HaltRequest;
import io.shadowwrite.protocol.Hold;
import io.shadowwrite.protocol.PositionReport;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ReceiptBatch;
import io.shadowwrite.protocol.ResumeRequest;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.ShadowApiClient;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.Side;
import io.shadowwrite.protocol.TickClock;
import io.shadowwrite.protocol.Verdict;
import io.shadowwrite.protocol.VerifierRun;
import io.shadowwrite.protocol.WriteBatch;
import io.shadowwrite.testsupport.TcpProxy;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

/** Every route while the target does not answer, and while it does not have what a statement needs. */
class TargetAwayTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final UUID SOME_ID = UUID.fromString("01900000-0000-7000-8000-000000000001");

    private final TestApi api = TestApi.shared();

    /** A request to each route that the target would have to be asked for. */
    private Map<String, Consumer<ShadowApi>> requests() {
        Map<String, Consumer<ShadowApi>> requests = new LinkedHashMap<>();
        requests.put("window", client -> client.openWindow(api.window()));
        requests.put("session", client -> client.openSession(api.session()));
        requests.put("control-state", ShadowApi::controlState);
        requests.put("write", client -> client.write(new WriteBatch(1, lsn(2_000), List.of())));
        requests.put("positions", ShadowApi::positions);
        requests.put(
                "report",
                client -> client.report(new PositionReport(Side.VERIFIER, 0, lsn(1), lsn(1), "STREAMING", null)));
        requests.put("verifier state", ShadowApi::verifierState);
        requests.put("ledger", client -> client.attest(new ReceiptBatch(lsn(1_500), lsn(2_000), List.of())));
        requests.put("halt", client -> client.halt(new HaltRequest("v", Hold.Kind.VERIFIER, null, 1)));
        requests.put("resume", client -> client.resume(new ResumeRequest("v")));
        requests.put("audit", client -> client.audit(block()));
        requests.put("audits", client -> client.audits(1, null, null));
        requests.put("run", client -> client.storeRun(run()));
        requests.put("runs", client -> client.runs(1, null, null, null));
        requests.put("findings", client -> client.findings(SOME_ID, 1, null, null, null));
        requests.put("finding", client -> client.finding(SOME_ID, 1));
        requests.put("status", ShadowApi::status);
        return requests;
    }

    private static CutoverAudit block() {
        return new CutoverAudit(
                SOME_ID,
                CutoverDecision.BLOCK,
                null,
                null,
                null,
                Map.of(),
                List.of(new BlockingFinding("SC3", "not yet")),
                List.of(),
                null,
                "ada",
                "a try");
    }

    private static VerifierRun run() {
        return new VerifierRun(
                SOME_ID,
                "hourly",
                null,
                TickClock.SOURCE,
                "barrier",
                null,
                NOON,
                NOON,
                Verdict.CLEAN,
                "a reason",
                0,
                List.of(),
                0,
                List.of(),
                List.of());
    }

    @Test
    void saysThatTheTargetIsAwayAndAnswersOnceItIsBack() throws Exception {
        api.open();
        try (TcpProxy proxy = TcpProxy.to(api.target().port());
                ConfigurableApplicationContext behind = ShadowApiApplication.start(through(proxy))) {
            ShadowApi client = ShadowApiClient.connect(
                    URI.create("http://localhost:" + behind.getEnvironment().getProperty("local.server.port")),
                    TestApi.OPERATOR_TOKEN,
                    Duration.ofSeconds(60));
            proxy.refuse();
            // All at once, because each waits until it may give up on a connection.
            Map<String, Future<Throwable>> answers = new LinkedHashMap<>();
            try (ExecutorService callers = Executors.newFixedThreadPool(ShadowApiClient.MAX_CONNECTIONS)) {
                requests()
                        .forEach((name, request) ->
                                answers.put(name, callers.submit(() -> catchThrowable(() -> request.accept(client)))));
            }
            for (Map.Entry<String, Future<Throwable>> answer : answers.entrySet()) {
                assertProblem(answer.getKey(), answer.getValue().get(), ProblemType.TARGET_UNAVAILABLE);
            }

            proxy.heal();

            assertThat(client.status().phase()).isEqualTo("VALIDATING");
        }
    }

    private String[] through(TcpProxy proxy) {
        String url = "--shadow.target.url=";
        return Stream.concat(
                        Arrays.stream(TestApi.arguments(api.target())).filter(argument -> !argument.startsWith(url)),
                        Stream.of(url
                                + "jdbc:postgresql://127.0.0.1:%d/%s"
                                        .formatted(proxy.port(), api.target().name())))
                .toArray(String[]::new);
    }

    private static void assertProblem(String request, Throwable failure, ProblemType type) {
        assertThat(failure).as(request).isInstanceOfSatisfying(ShadowProblem.class, problem -> {
            assertThat(problem.type()).as(problem.detail()).isEqualTo(type);
            assertThat(problem.retryable()).isTrue();
        });
    }

    @Test
    void callsItADefectWhenATableOfOursIsNotThere() {
        api.open();
        api.target().execute("alter schema shadow rename to away");
        try {
            requests()
                    .forEach((name, request) -> assertProblem(
                            name, catchThrowable(() -> request.accept(api.operator())), ProblemType.INTERNAL));
        } finally {
            api.target().execute("alter schema away rename to shadow");
        }
        assertThat(api.service().status().phase()).isEqualTo("VALIDATING");
    }
}
