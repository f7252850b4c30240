package io.shadowwrite.api.verifierrun;

import static io.shadowwrite.api.TestApi.lsn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shadowwrite.api.TestApi;
import io.shadowwrite.protocol.Attestation;
import io.shadowwrite.protocol.Criterion;
import io.shadowwrite.protocol.Finding;
import io.shadowwrite.protocol.FindingClass;
import io.shadowwrite.protocol.ModelCoverage;
import io.shadowwrite.protocol.Operation;
import io.shadowwrite.protocol.PositionReport;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.RunStored;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.Side;
import io.shadowwrite.protocol.Status;
import io.shadowwrite.protocol.TickClock;
import io.shadowwrite.protocol.Verdict;
import io.shadowwrite.protocol.VerifierRun;
import io.shadowwrite.protocol.XidMark;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Stored runs, the run of clean hours, and the status that rests on them. */
class RunTest {

    private final Instant thisHour = Instant.now().truncatedTo(ChronoUnit.HOURS);

    private final TestApi api = TestApi.shared();

    @BeforeEach
    void openWindow() {
        api.open();
        api.conserved();
    }

    private static VerifierRun run(@Nullable Instant hour, Verdict verdict, Finding... findings) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        return new VerifierRun(
                UUID.randomUUID(),
                "hourly",
                hour,
                TickClock.SOURCE,
                "barrier",
                lsn(2_000),
                now.minusSeconds(5),
                now,
                verdict,
                "a reason",
                42,
                List.of(new ModelCoverage("Partner", 10, 10, 0)),
                findings.length,
                List.of(findings),
                List.of());
    }

    private RunStored tick(int hoursAgo, Verdict verdict) {
        return api.service().storeRun(run(thisHour.minus(Duration.ofHours(hoursAgo)), verdict));
    }

    @Test
    void countsCleanHoursInARow() {
        assertThat(tick(5, Verdict.CLEAN).streak()).isEqualTo(1);
        assertThat(tick(4, Verdict.CLEAN).streak()).isEqualTo(2);
        assertThat(tick(3, Verdict.CLEAN))
                .extracting(RunStored::streak, RunStored::requiredTicks)
                .containsExactly(3, 3);
    }

    @Test
    void startsAgainAfterADirtyAnInconclusiveOrAMissedHour() {
        tick(9, Verdict.CLEAN);
        assertThat(tick(8, Verdict.DIRTY).streak()).isZero();
        assertThat(tick(7, Verdict.CLEAN).streak()).isEqualTo(1);
        assertThat(tick(6, Verdict.INCONCLUSIVE).streak()).isZero();
        assertThat(tick(5, Verdict.CLEAN).streak()).isEqualTo(1);
        assertThat(tick(3, Verdict.CLEAN).streak()).isEqualTo(1);
    }

    @Test
    void judgesAnHourOnceButRemembersWhatASecondRunFound() {
        tick(2, Verdict.CLEAN);
        tick(1, Verdict.CLEAN);
        assertThat(tick(1, Verdict.CLEAN).streak()).isEqualTo(2);

        assertThat(tick(1, Verdict.DIRTY).streak()).isZero();
        assertThat(api.service().runs(10, null, null, null).runs())
                .hasSize(4)
                .first()
                .satisfies(newest -> {
                    assertThat(newest.tickHour()).isNull();
                    assertThat(newest.verdict()).isEqualTo(Verdict.DIRTY);
                });
        assertThat(tick(0, Verdict.CLEAN).streak()).isEqualTo(1);
    }

    @Test
    void refusesAnHourOfARunThatCountsForNone() {
        for (String mode : List.of("cutover", "post-backfill")) {
            VerifierRun ticking = inMode(mode, thisHour);
            assertThatThrownBy(() -> api.service().storeRun(ticking))
                    .isInstanceOfSatisfying(
                            ShadowProblem.class,
                            problem -> assertThat(problem.type()).isEqualTo(ProblemType.MALFORMED_REQUEST));

            assertThat(api.service().storeRun(inMode(mode, null)).streak()).isZero();
        }
    }

    private static VerifierRun inMode(String mode, @Nullable Instant hour) {
        VerifierRun run = run(hour, Verdict.CLEAN);
        return new VerifierRun(
                run.runId(),
                mode,
                hour,
                run.tickClock(),
                run.pinKind(),
                run.pinLsn(),
                run.startedAt(),
                run.finishedAt(),
                run.verdict(),
                run.reason(),
                run.eventsAttested(),
                run.coverage(),
                run.findingsTotal(),
                run.findings(),
                run.attested());
    }

    @Test
    void givesFindingsBackAsTheyWere() {
        Map<String, @Nullable String> image = new LinkedHashMap<>();
        image.put("name", "a");
        image.put("score", null);
        Finding finding = new Finding(
                FindingClass.VALUE_MISMATCH,
                "app.partner",
                "Partner",
                "{\"id\":1}",
                Arrays.asList("name", "score"),
                image,
                null);
        VerifierRun run = run(thisHour, Verdict.DIRTY, finding);

        api.service().storeRun(run);

        assertThat(api.service().finding(run.runId(), 1)).isEqualTo(finding);
        assertThat(api.service().runs(1, null, null, null).runs())
                .singleElement()
                .satisfies(summary -> {
                    assertThat(summary.runId()).isEqualTo(run.runId());
                    assertThat(summary.pinLsn()).isEqualTo(lsn(2_000));
                    assertThat(summary.finishedAt()).isEqualTo(run.finishedAt());
                });
    }

    private static VerifierRun attesting(int hoursAgo, long events, String sum0, String sum1) {
        VerifierRun base =
                run(Instant.now().truncatedTo(ChronoUnit.HOURS).minus(Duration.ofHours(hoursAgo)), Verdict.CLEAN);
        Attestation attestation = new Attestation(
                lsn(0), lsn(1 << 24), Side.CONSUMER, "app.partner", Operation.INSERT, events, sum0, sum1);
        return new VerifierRun(
                base.runId(),
                base.mode(),
                base.tickHour(),
                base.tickClock(),
                base.pinKind(),
                base.pinLsn(),
                base.startedAt(),
                base.finishedAt(),
                base.verdict(),
                base.reason(),
                7,
                base.coverage(),
                0,
                List.of(),
                List.of(attestation));
    }

    @Test
    void storesARunOnceWithItsAttestations() {
        VerifierRun run = attesting(1, 7, "123456789012345678901234", "-5");

        assertThat(api.service().storeRun(run)).isEqualTo(api.service().storeRun(run));

        assertThat(api.target()
                        .queryForList("select concat_ws(' ', to_lsn, events, sum0, sum1) from shadow.attestation"))
                .containsExactly("0/1000000 7 123456789012345678901234 -5");
    }

    @Test
    void refusesARunWhoseAttestationContradictsAnEarlierOne() {
        api.service().storeRun(attesting(3, 7, "11", "-5"));

        api.service().storeRun(attesting(2, 7, "11", "-5"));
        for (VerifierRun other :
                List.of(attesting(1, 8, "11", "-5"), attesting(1, 7, "12", "-5"), attesting(1, 7, "11", "5"))) {
            assertThatThrownBy(() -> api.service().storeRun(other))
                    .isInstanceOfSatisfying(
                            ShadowProblem.class,
                            problem -> assertThat(problem.type()).isEqualTo(ProblemType.BROKEN_INVARIANT));
        }
        assertThat(api.service().runs(10, null, null, null).runs()).hasSize(2);
    }

    @Test
    void keepsWhatARaceWindowLeaves() {
        VerifierRun base = run(thisHour, Verdict.CLEAN);
        Finding finding = new Finding(
                FindingClass.VERIFIER_RACE_WINDOW,
                "app.partner",
                "Partner",
                "{\"id\":1}",
                List.of("name"),
                null,
                null,
                FindingClass.VALUE_MISMATCH,
                "a digest");
        VerifierRun run = new VerifierRun(
                base.runId(),
                base.mode(),
                base.tickHour(),
                TickClock.SOURCE,
                "race-window",
                base.pinLsn(),
                base.startedAt(),
                base.finishedAt(),
                base.verdict(),
                base.reason(),
                base.eventsAttested(),
                base.coverage(),
                1,
                List.of(finding),
                List.of(),
                "a transaction is open",
                new XidMark(1L << 33, lsn(1_000)));

        assertThat(api.service().storeRun(run).streak()).isEqualTo(1);

        assertThat(api.service().finding(run.runId(), 1)).isEqualTo(finding);
        assertThat(api.service().findings(run.runId(), 10, 0, null, null).findings())
                .singleElement()
                .satisfies(summary -> assertThat(summary.originalClass()).isEqualTo(FindingClass.VALUE_MISMATCH));
        assertThat(
                        api.target()
                                .queryForList(
                                        "select concat_ws(' ', pin_kind, barrier_refused, mark_xid, mark_lsn) from shadow.verifier_run"))
                .containsExactly("race-window a transaction is open 8589934592 0/3E8");
    }

    @Test
    void refusesAnHourThatIsNotFull() {
        assertThatThrownBy(() -> api.service().storeRun(run(thisHour.plusSeconds(1), Verdict.CLEAN)))
                .isInstanceOfSatisfying(
                        ShadowProblem.class,
                        problem -> assertThat(problem.type()).isEqualTo(ProblemType.MALFORMED_REQUEST));
    }

    @Test
    void tellsWithoutAWindowWhatToDoFirst() {
        api.reset();

        Status status = api.service().status();

        assertThat(status.phase()).isEqualTo("NOT_OPEN");
        assertThat(status.ready()).isFalse();
        assertThat(status.nextSteps()).singleElement().asString().contains("POST /shadow/window");
    }

    @Test
    void isReadyOnceEverythingThatCanBeJudgedIsMet() {
        assertThat(api.service().status().criteria()).extracting(Criterion::met).containsOnlyNulls();
        tick(2, Verdict.CLEAN);
        tick(1, Verdict.CLEAN);
        assertThat(api.service().status().reason()).contains("SC3").contains("2 of 3");
        tick(0, Verdict.CLEAN);

        Status status = api.service().status();

        assertThat(status.criteria())
                .extracting(Criterion::code, Criterion::met)
                .hasSize(4);
        assertThat(status.ready()).isTrue();
        assertThat(status.streak()).isEqualTo(3);
        assertThat(status.attestationLagBytes()).isEqualTo(500);
    }

    @Test
    void isNotReadyWhileAReaderIsHaltedOrAFindingIsOpen() {
        tick(1, Verdict.CLEAN);
        api.service().report(new PositionReport(Side.CONSUMER, 1, lsn(1), lsn(1), "HALTED", "drift"));
        api.service()
                .storeRun(run(
                        thisHour,
                        Verdict.DIRTY,
                        new Finding(FindingClass.RECEIPT_MISMATCH, "app.a", "", "0/0", List.of(), null, null),
                        new Finding(
                                FindingClass.DUPLICATE_CURRENT_VERSION, "app.a", "A", "{}", List.of(), null, null)));

        Status status = api.service().status();

        assertThat(status.ready()).isFalse();
        assertThat(status.reason()).contains("CONSUMER is HALTED: drift");
        assertThat(status.criteria()).extracting(Criterion::met).containsExactly(false, null, false, false);
    }
}
