package io.shadowwrite.api.audit;

import static io.shadowwrite.api.TestApi.lsn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shadowwrite.api.TestApi;
import io.shadowwrite.api.write.Batches;
import io.shadowwrite.protocol.Approval;
import io.shadowwrite.protocol.BlockingFinding;
import io.shadowwrite.protocol.CutoverAudit;
import io.shadowwrite.protocol.CutoverDecision;
import io.shadowwrite.protocol.HaltRequest;
import io.shadowwrite.protocol.Hold;
import io.shadowwrite.protocol.Operation;
import io.shadowwrite.protocol.Permit;
import io.shadowwrite.protocol.PositionReport;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.Receipt;
import io.shadowwrite.protocol.ReceiptBatch;
import io.shadowwrite.protocol.RunStart;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.Side;
import io.shadowwrite.protocol.TickClock;
import io.shadowwrite.protocol.TransactionWrites;
import io.shadowwrite.protocol.Verdict;
import io.shadowwrite.protocol.VerifierRun;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** Prepares the grounds of a permit in a test, one by one or all of them, and asks for it. */
final class GateDesk {

    static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123456789Z");
    private static final String DIGEST = "0".repeat(31) + "1";
    static final long FENCE = 4_000;
    static final long FINAL = 5_000;

    private final TestApi api;
    private long made;
    private UUID attempt = newId();

    GateDesk(TestApi api) {
        this.api = api;
    }

    static void assertProblem(ProblemType type, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ShadowProblem.class,
                        problem -> assertThat(problem.type()).isEqualTo(type));
    }

    UUID newId() {
        return new UUID(0x0190_0000_0000_7000L | made++, 0x8000_0000_0000_0000L);
    }

    /** Holds the consumer at the final LSN for another attempt, which a permit is the decision of from now on. */
    void hold() {
        attempt = newId();
        api.operator().halt(new HaltRequest(holder(), Hold.Kind.GATE, lsn(FINAL), 600));
    }

    String holder() {
        return "cutover %s by ada".formatted(attempt);
    }

    /** As somebody with SQL could. */
    void holdNobody() {
        api.target().execute("""
                update shadow.backfill_state
                   set hold_holder = null, hold_kind = null, hold_halt_at = null, hold_expires_at = null, hold_lost_micros = null
                """);
    }

    CutoverAudit block() {
        return block(null);
    }

    /** One that knows of the permit. */
    CutoverAudit blockOfPermit() {
        return block(lsn(FINAL));
    }

    private CutoverAudit block(@Nullable LogSequenceNumber finalLsn) {
        return new CutoverAudit(
                newId(),
                CutoverDecision.BLOCK,
                null,
                finalLsn,
                null,
                Map.of(),
                List.of(new BlockingFinding("SC3", "120 of 168 clean hours in a row")),
                List.of(),
                null,
                "ada",
                "first attempt");
    }

    CutoverAudit permit(UUID run, int seconds) {
        return new CutoverAudit(
                attempt,
                CutoverDecision.PERMIT,
                lsn(FENCE),
                lsn(FINAL),
                run,
                Map.of("Partner", "17:42", "City", "3:9"),
                List.of(),
                List.of(new Approval("grace", NOON)),
                seconds,
                "ada",
                "all four criteria hold");
    }

    /** The hours were clean, the gate holds at the final LSN, both readers are there, and a comparison there was clean; its id. These committed below. */
    UUID grounds(Long... committed) {
        cleanHours(3);
        api.service()
                .attest(new ReceiptBatch(
                        lsn(1_500),
                        lsn(FINAL + 500),
                        Arrays.stream(committed).map(GateDesk::receipt).toList()));
        slotReaderReports("STREAMING");
        hold();
        api.service()
                .write(Batches.batch(
                        FINAL + 500,
                        Arrays.stream(committed)
                                .map(lsn -> Batches.transaction(lsn, 1, Batches.unmapped()))
                                .toArray(TransactionWrites[]::new)));
        countedBelow(FINAL);
        return storeRun("cutover", Verdict.CLEAN);
    }

    void cleanHours(int hours) {
        api.target().execute("""
                insert into shadow.verifier_run (run_id, mode, tick_hour, tick_clock, pin_kind, started_at, finished_at, verdict,
                                                 reason, events_attested, coverage, findings_total)
                select gen_random_uuid(), 'hourly', date_trunc('hour', now(), 'UTC') - n * interval '1 hour', 'SOURCE',
                       'barrier', now(), now(), 'CLEAN', '', 0, '[]', 0
                  from generate_series(1, %d) n
                """.formatted(hours));
    }

    /** The slot reader has passed it and works; beyond what it stored before lies this receipt, if it is there at all. */
    void slotReaderSeesBeyond(long from, long commitLsn) {
        api.service().attest(new ReceiptBatch(lsn(from), lsn(commitLsn + 8), List.of(receipt(commitLsn))));
    }

    private static Receipt receipt(long commitLsn) {
        return new Receipt(lsn(commitLsn), 0, commitLsn * 10, "app.audit_log", Operation.INSERT, "{\"id\":1}", DIGEST);
    }

    void slotReaderReports(String state) {
        api.service().report(new PositionReport(Side.VERIFIER, 0, lsn(FINAL), lsn(FINAL), state, null));
    }

    void slotReaderAt(long lsn) {
        slotReaderReports("STREAMING");
        api.target()
                .execute("update shadow.reader_position set position = '%s' where side = 2"
                        .formatted(lsn(lsn).asString()));
    }

    void countedBelow(long lsn) {
        api.target().execute("truncate shadow.conservation");
        api.target()
                .execute("insert into shadow.conservation (from_lsn, below_lsn) values ('0/0', '%s')"
                        .formatted(lsn(lsn).asString()));
    }

    UUID storeRun(String mode, Verdict verdict) {
        return storeRun(mode, verdict, FINAL, "paused");
    }

    UUID storeRun(String mode, Verdict verdict, long pin, String pinKind) {
        UUID id = UUID.randomUUID();
        api.service().startRun(new RunStart(id, mode, null, TickClock.SOURCE, NOON));
        api.service()
                .storeRun(new VerifierRun(
                        id,
                        mode,
                        null,
                        TickClock.SOURCE,
                        pinKind,
                        lsn(pin),
                        NOON,
                        NOON,
                        verdict,
                        "a reason",
                        0,
                        List.of(),
                        0,
                        List.of(),
                        List.of()));
        return id;
    }

    @Nullable Permit permitNow() {
        return api.service().status().permit();
    }

    @Nullable String withoutPermit() {
        return Objects.requireNonNull(api.service().status().gate()).withoutPermit();
    }
}
