package io.shadowwrite.api.verifierrun;

import static io.shadowwrite.api.TestApi.lsn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.shadowwrite.api.TestApi;
import io.shadowwrite.protocol.Criterion;
import io.shadowwrite.protocol.Finding;
import io.shadowwrite.protocol.FindingClass;
import io.shadowwrite.protocol.FindingSummary;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.RunStart;
import io.shadowwrite.protocol.RunStored;
import io.shadowwrite.protocol.RunSummary;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.Status;
import io.shadowwrite.protocol.TickClock;
import io.shadowwrite.protocol.Verdict;
import io.shadowwrite.protocol.VerifierRun;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A run is remembered when it begins, so that one that is killed does not vanish. */
class BegunRunTest {

    private static final Finding FINDING =
            new Finding(FindingClass.MISSING_IN_RDB, "app.partner", "Partner", "{\"id\":1}", List.of(), null, null);

    private final Instant hour = Instant.now().truncatedTo(ChronoUnit.HOURS);
    private final UUID id = UUID.randomUUID();

    private final TestApi api = TestApi.shared();

    @BeforeEach
    void openWindow() {
        api.open();
        api.conserved();
    }

    @Test
    void isInconclusiveUntilItEndsAndThenWhatItFound() {
        RunStored begun = api.service().startRun(start(id, "hourly", hour, TickClock.SOURCE));

        assertThat(begun.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(runs())
                .extracting(RunSummary::runId, RunSummary::tickHour, RunSummary::finishedAt, RunSummary::reason)
                .containsExactly(tuple(id, hour, null, "the run began and did not end"));

        RunStored ended = api.service().storeRun(run(id, Verdict.CLEAN));

        assertThat(ended.streak()).isEqualTo(1);
        assertThat(runs())
                .extracting(RunSummary::runId, RunSummary::verdict, RunSummary::tickHour, RunSummary::reason)
                .containsExactly(tuple(id, Verdict.CLEAN, hour, "a reason"));
        assertThat(runs().getFirst().finishedAt()).isNotNull();
    }

    @Test
    void keepsWhatItsEndFound() {
        api.service().startRun(start(id, "hourly", hour, TickClock.SOURCE));
        api.service().storeRun(run(id, Verdict.DIRTY, FINDING));

        assertThat(api.service().finding(id, 1)).isEqualTo(FINDING);
    }

    @Test
    void beginsOnceHoweverOftenItIsTold() {
        RunStart start = start(id, "hourly", hour, TickClock.SOURCE);
        api.service().startRun(start);
        assertThat(api.service().startRun(start).verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(runs()).hasSize(1);

        api.service().storeRun(run(id, Verdict.DIRTY));

        assertThat(api.service().startRun(start).verdict()).isEqualTo(Verdict.DIRTY);
        assertThat(runs()).singleElement().extracting(RunSummary::verdict).isEqualTo(Verdict.DIRTY);
    }

    @Test
    void doesNotEndTwiceWithDifferentVerdicts() {
        api.service().startRun(start(id, "hourly", hour, TickClock.SOURCE));
        VerifierRun dirty = run(id, Verdict.DIRTY);
        assertThat(api.service().storeRun(dirty)).isEqualTo(api.service().storeRun(dirty));

        assertRefused(ProblemType.BROKEN_INVARIANT, () -> api.service().storeRun(run(id, Verdict.CLEAN)));
    }

    @Test
    void isNotTakenForARunOfAnotherMode() {
        api.service().startRun(start(id, "cutover", null, TickClock.SOURCE));

        assertRefused(ProblemType.BROKEN_INVARIANT, () -> api.service().storeRun(run(id, Verdict.CLEAN)));
        assertRefused(
                ProblemType.BROKEN_INVARIANT,
                () -> api.service().startRun(start(id, "hourly", hour, TickClock.SOURCE)));
    }

    @Test
    void letsARetryGiveTheHourItsVerdict() {
        api.service().startRun(start(id, "hourly", hour, TickClock.SOURCE));
        UUID retry = UUID.randomUUID();
        api.service().startRun(start(retry, "hourly", hour, TickClock.SOURCE));

        assertThat(api.service().storeRun(run(retry, Verdict.CLEAN)).streak()).isEqualTo(1);
        assertThat(runs())
                .extracting(RunSummary::runId, RunSummary::verdict)
                .containsExactly(tuple(retry, Verdict.CLEAN), tuple(id, Verdict.INCONCLUSIVE));
    }

    @Test
    void doesNotLetARetryCleanADirtyHour() {
        api.service().storeRun(run(id, Verdict.DIRTY));
        UUID retry = UUID.randomUUID();
        api.service().startRun(start(retry, "hourly", hour, TickClock.SOURCE));

        assertThat(api.service().storeRun(run(retry, Verdict.CLEAN)).streak()).isZero();
    }

    @Test
    void doesNotSpeakWhileUnderWayButDoesOnceItShouldHaveEnded() {
        api.service().storeRun(run(UUID.randomUUID(), Verdict.CLEAN));
        api.service().startRun(start(id, "hourly", hour, TickClock.SOURCE));
        Status underWay = api.service().status();
        assertThat(underWay.lastRun()).extracting(RunSummary::verdict).isEqualTo(Verdict.CLEAN);
        assertThat(underWay.criteria()).extracting(Criterion::met).startsWith(true);

        api.target().execute("update shadow.verifier_run set recorded_at = recorded_at - interval '61 minutes'");

        Status killed = api.service().status();
        assertThat(killed.lastRun()).extracting(RunSummary::runId).isEqualTo(id);
        assertThat(killed.ready()).isFalse();
        assertThat(killed.criteria()).extracting(Criterion::met).startsWith((Boolean) null);
        assertThat(killed.nextSteps()).contains("run the verifier, and keep it running every hour");
    }

    @Test
    void countsForNoHourOfAnotherClockThanTheWindows() {
        assertRefused(
                ProblemType.WINDOW_MISMATCH,
                () -> api.service().startRun(start(id, "hourly", hour, TickClock.SIMULATED)));
        assertRefused(ProblemType.WINDOW_MISMATCH, () -> api.service().storeRun(simulated(id)));
        assertThat(runs()).isEmpty();

        api.target().execute("update shadow.backfill_state set tick_clock = 'SIMULATED'");

        assertRefused(
                ProblemType.WINDOW_MISMATCH, () -> api.service().startRun(start(id, "hourly", hour, TickClock.SOURCE)));
        assertRefused(ProblemType.WINDOW_MISMATCH, () -> api.service().storeRun(run(id, Verdict.CLEAN)));
        api.service().startRun(start(id, "hourly", hour, TickClock.SIMULATED));
        assertThat(api.service().storeRun(simulated(id)).streak()).isEqualTo(1);
        Status status = api.service().status();
        assertThat(status.tickClock()).isEqualTo(TickClock.SIMULATED);
        assertThat(status.lastRun()).extracting(RunSummary::tickClock).isEqualTo(TickClock.SIMULATED);
        assertThat(status.criteria()).extracting(Criterion::detail).anyMatch(detail -> detail.contains("SIMULATED"));
    }

    @Test
    void isInconclusiveWhereNobodyCountedYetWhatBecameOfTheChanges() {
        api.target().execute("update shadow.conservation set below_lsn = '0/7CF'");
        VerifierRun clean = run(id, Verdict.CLEAN);

        RunStored stored = api.service().storeRun(clean);

        assertThat(stored.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(stored.reason()).isEqualTo("what became of the changes is not counted up to the pin; a reason");
        assertThat(api.service().storeRun(clean)).isEqualTo(stored);
        api.conserved();
        assertThat(api.service().storeRun(run(UUID.randomUUID(), Verdict.CLEAN)).streak())
                .isEqualTo(1);
    }

    @Test
    void isDirtyWhenAChangeBelowItsPinIsUnaccountedFor() {
        api.target()
                .execute("insert into shadow.unconserved values ('0/7CF', 3, 1, 1, 0, 0, 'of the test'),"
                        + " ('0/7D0', 3, 1, 1, 0, 0, 'beyond the pin')");
        VerifierRun clean = run(id, Verdict.CLEAN);

        RunStored stored = api.service().storeRun(clean);

        assertThat(stored.verdict()).isEqualTo(Verdict.DIRTY);
        assertThat(stored.reason()).startsWith("of 1 source transaction(s) not every change");
        assertThat(api.service().storeRun(clean)).isEqualTo(stored);
        assertThat(api.service().findings(id, 10, null, null, null).findings())
                .extracting(FindingSummary::findingClass, FindingSummary::targetKey, FindingSummary::columns)
                .containsExactly(tuple(FindingClass.RECEIPT_MISMATCH, "transaction 0/7CF", List.of("conservation")));
    }

    private List<RunSummary> runs() {
        return api.service().runs(10, null, null, null).runs();
    }

    private static RunStart start(UUID run, String mode, @Nullable Instant of, TickClock clock) {
        return new RunStart(run, mode, of, clock, Instant.now().truncatedTo(ChronoUnit.MICROS));
    }

    private VerifierRun run(UUID run, Verdict verdict, Finding... findings) {
        return run(run, TickClock.SOURCE, verdict, findings);
    }

    private VerifierRun simulated(UUID run) {
        return run(run, TickClock.SIMULATED, Verdict.CLEAN);
    }

    private VerifierRun run(UUID run, TickClock clock, Verdict verdict, Finding... findings) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        return new VerifierRun(
                run,
                "hourly",
                hour,
                clock,
                "barrier",
                lsn(2_000),
                now.minusSeconds(5),
                now,
                verdict,
                "a reason",
                42,
                List.of(),
                findings.length,
                List.of(findings),
                List.of());
    }

    private static void assertRefused(ProblemType type, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ShadowProblem.class,
                        problem -> assertThat(problem.type()).isEqualTo(type));
    }
}
