package io.shadowwrite.api.metrics;

import static io.shadowwrite.api.TestApi.lsn;
import static io.shadowwrite.api.write.Batches.batch;
import static io.shadowwrite.api.write.Batches.partner;
import static io.shadowwrite.api.write.Batches.transaction;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.MeterRegistry;
import io.shadowwrite.api.TestApi;
import io.shadowwrite.protocol.Finding;
import io.shadowwrite.protocol.FindingClass;
import io.shadowwrite.protocol.HaltRequest;
import io.shadowwrite.protocol.Hold;
import io.shadowwrite.protocol.Operation;
import io.shadowwrite.protocol.PositionReport;
import io.shadowwrite.protocol.Receipt;
import io.shadowwrite.protocol.ReceiptBatch;
import io.shadowwrite.protocol.ShadowApiClient;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.Side;
import io.shadowwrite.protocol.TickClock;
import io.shadowwrite.protocol.Verdict;
import io.shadowwrite.protocol.VerifierRun;
import io.shadowwrite.protocol.WriteBatch;
import io.shadowwrite.testsupport.Await;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The figures exist under their names, and move. */
class MetricsTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    private final TestApi api = TestApi.shared();
    private final MeterRegistry registry = api.context().getBean(MeterRegistry.class);

    @BeforeEach
    void openWindow() {
        api.open();
    }

    private long requests(String method, String route, String outcome) {
        return registry
                .find("shadow.api.requests")
                .tags("method", method, "route", route, "outcome", outcome)
                .timers()
                .stream()
                .mapToLong(timer -> timer.count())
                .sum();
    }

    private double receipts(String side, String disposition) {
        return registry.get("shadow.receipts")
                .tags("side", side, "disposition", disposition)
                .counter()
                .count();
    }

    /** Figures of the tables are read every few seconds. */
    private void awaitGauge(String name, double value, String... tags) {
        Await.until(
                name + " is " + value,
                SOON,
                () -> Double.compare(registry.get(name).tags(tags).gauge().value(), value) == 0);
    }

    @Test
    void countsRequestsByRouteAndOutcome() {
        long answered = requests("GET", "/shadow/status", "SUCCESS");
        long fenced = requests("POST", "/shadow/write/batch", "EPOCH_FENCED");
        long forbidden = requests("POST", "/shadow/window", "TOKEN_INSUFFICIENT");
        long unknown = requests("GET", "none", "TOKEN_WRONG");

        api.service().status();
        assertThatThrownBy(() -> api.service().write(new WriteBatch(7, lsn(2_000), List.of())))
                .isInstanceOf(ShadowProblem.class);
        assertThatThrownBy(() -> api.service().openWindow(api.window())).isInstanceOf(ShadowProblem.class);
        assertThatThrownBy(() ->
                        ShadowApiClient.connect(api.url(), "nonsense", SOON).status())
                .isInstanceOf(ShadowProblem.class);

        assertThat(requests("GET", "/shadow/status", "SUCCESS")).isEqualTo(answered + 1);
        assertThat(requests("POST", "/shadow/write/batch", "EPOCH_FENCED")).isEqualTo(fenced + 1);
        assertThat(requests("POST", "/shadow/window", "TOKEN_INSUFFICIENT")).isEqualTo(forbidden + 1);
        assertThat(requests("GET", "none", "TOKEN_WRONG")).isEqualTo(unknown + 1);
    }

    @Test
    void measuresBatchesAndWhatBecameOfTheirChanges() {
        double transactions =
                registry.get("shadow.batch.transactions").summary().totalAmount();
        double changes = registry.get("shadow.batch.changes").summary().totalAmount();
        long batches = registry.get("shadow.batch.duration").timer().count();
        double applied = receipts("consumer", "applied");
        WriteBatch batch = batch(
                2_500,
                transaction(2_000, 0, partner(1, "a", "1", null)),
                transaction(2_100, 0, partner(2, "b", "1", null)));

        api.service().write(batch);
        api.service().write(batch);

        assertThat(registry.get("shadow.batch.transactions").summary().totalAmount())
                .isEqualTo(transactions + 4);
        assertThat(registry.get("shadow.batch.changes").summary().totalAmount()).isEqualTo(changes + 4);
        assertThat(registry.get("shadow.batch.duration").timer().count()).isEqualTo(batches + 2);
        assertThat(receipts("consumer", "applied"))
                .as("a replay leaves no receipt")
                .isEqualTo(applied + 2);
    }

    @Test
    void countsTheReceiptsOfTheSlotReaderOnce() {
        double attested = receipts("verifier", "none");
        ReceiptBatch batch = new ReceiptBatch(
                lsn(1_500),
                lsn(3_000),
                List.of(new Receipt(lsn(2_000), 0, 7, "app.partner", Operation.INSERT, "{\"id\":1}", "0".repeat(32))));

        api.service().attest(batch);
        api.service().attest(batch);

        assertThat(receipts("verifier", "none")).isEqualTo(attested + 1);
    }

    @Test
    void showsWhatTheTablesSay() {
        api.conserved();
        awaitGauge("shadow.streak", 0);
        awaitGauge("shadow.position.lag", Double.NaN, "side", "consumer");
        Instant hour = Instant.now().truncatedTo(ChronoUnit.HOURS);
        api.service().report(new PositionReport(Side.CONSUMER, 1, lsn(5_000), lsn(900), "STREAMING", null));
        api.service().storeRun(run(hour.minus(Duration.ofHours(1)), Verdict.CLEAN));
        api.service().halt(new HaltRequest("v", Hold.Kind.VERIFIER, null, 600));

        awaitGauge("shadow.streak", 1);
        awaitGauge("shadow.streak.required", 3);
        awaitGauge("shadow.position.lsn", 1_000, "side", "consumer");
        awaitGauge("shadow.position.lag", 4_000, "side", "consumer");
        awaitGauge("shadow.attestation.lag", 500);
        awaitGauge("shadow.hold", 1, "kind", "verifier");
        awaitGauge("shadow.hold", 0, "kind", "gate");
        awaitGauge("shadow.criterion", 1, "code", "SC1");
        awaitGauge("shadow.dead.letters.open", 0);
        awaitGauge("shadow.permit.remaining", 0);
        awaitGauge("shadow.permit.undecided", 0);
        awaitGauge("shadow.ledger.dropped.lsn", 0);
        assertThat(registry.get("shadow.ledger.partitions").gauge().value()).isNotNegative();
        assertThat(registry.get("shadow.ledger.size").gauge().value()).isNotNegative();
        assertThat(registry.get("shadow.tick.age").gauge().value()).isGreaterThanOrEqualTo(3_600);

        api.service()
                .storeRun(run(
                        hour,
                        Verdict.DIRTY,
                        new Finding(
                                FindingClass.VALUE_MISMATCH,
                                "app.partner",
                                "Partner",
                                "{}",
                                List.of("name"),
                                null,
                                null)));

        awaitGauge("shadow.streak", 0);
        awaitGauge("shadow.findings", 1, "class", "value_mismatch");
        awaitGauge("shadow.findings", 0, "class", "missing_in_rdb");
    }

    @Test
    void tellsSinceWhenNobodyCountsWhatBecameOfTheChanges() {
        awaitGauge("shadow.conservation.age", 0);
        api.target().execute("update shadow.reader_position set position = '0/2000'");
        Await.until(
                "nobody counts",
                SOON,
                () -> registry.get("shadow.conservation.age").gauge().value() > 0);

        api.target()
                .execute(
                        "insert into shadow.conservation (from_lsn, below_lsn, checked_at) values ('0/5DC', '0/2000', now() - interval '1 day')");
        awaitGauge("shadow.conservation.age", 0);
        api.target().execute("update shadow.reader_position set position = '0/2001'");
        Await.until(
                "the last count was a day ago",
                SOON,
                () -> registry.get("shadow.conservation.age").gauge().value() > 80_000);
    }

    private static VerifierRun run(Instant hour, Verdict verdict, Finding... findings) {
        return new VerifierRun(
                UUID.randomUUID(),
                "hourly",
                hour,
                TickClock.SOURCE,
                "barrier",
                lsn(2_000),
                hour,
                hour,
                verdict,
                "a reason",
                0,
                List.of(),
                findings.length,
                List.of(findings),
                List.of());
    }

    @Test
    void documentsEveryNameAndNoOther() throws IOException {
        api.service().status();
        Set<String> documented = Pattern.compile("^\\| `(shadow\\.[a-z.]+)`", Pattern.MULTILINE)
                .matcher(Files.readString(Path.of("..", "docs", "metrics.md")))
                .results()
                .map(name -> name.group(1))
                .collect(Collectors.toSet());

        assertThat(registry.getMeters().stream()
                        .map(meter -> meter.getId().getName())
                        .filter(name -> name.startsWith("shadow."))
                        .collect(Collectors.toSet()))
                .isEqualTo(documented);
    }

    @Test
    void exportsThemWhereTheManagementRoutesAre() throws Exception {
        api.service().status();
        URI url = api.url().resolve("/actuator/prometheus");
        try (HttpClient http = HttpClient.newHttpClient()) {
            String body = http.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString())
                    .body();

            assertThat(body)
                    .contains("shadow_api_requests_seconds_count{")
                    .contains("shadow_batch_changes_sum")
                    .contains("shadow_batch_duration_seconds_count")
                    .contains("shadow_receipts_total{")
                    .contains("shadow_position_lag_bytes{")
                    .contains("shadow_attestation_lag_bytes")
                    .contains("shadow_dead_letters_open")
                    .contains("shadow_dead_letters_oldest_age_seconds")
                    .contains("shadow_hold{")
                    .contains("shadow_streak ")
                    .contains("shadow_tick_age_seconds")
                    .contains("shadow_findings{")
                    .contains("shadow_criterion{")
                    .contains("shadow_permit_remaining_seconds");
        }
    }
}
