package io.shadowwrite.api.deadletter;

import static io.shadowwrite.api.TestApi.lsn;
import static io.shadowwrite.api.deadletter.Letterbox.REPAIRED;
import static io.shadowwrite.api.deadletter.Letterbox.assertProblem;
import static io.shadowwrite.api.deadletter.Letterbox.refused;
import static io.shadowwrite.api.write.Batches.batch;
import static io.shadowwrite.api.write.Batches.city;
import static io.shadowwrite.api.write.Batches.partner;
import static io.shadowwrite.api.write.Batches.transaction;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shadowwrite.api.TestApi;
import io.shadowwrite.protocol.BehindDecision;
import io.shadowwrite.protocol.BehindDecision.Choice;
import io.shadowwrite.protocol.DeadLetter;
import io.shadowwrite.protocol.DeadLetterPage;
import io.shadowwrite.protocol.LetterClass;
import io.shadowwrite.protocol.LetterCorrection;
import io.shadowwrite.protocol.LetterFilter;
import io.shadowwrite.protocol.LetterOutcome;
import io.shadowwrite.protocol.LetterSelection;
import io.shadowwrite.protocol.LetterState;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ReplayStop;
import io.shadowwrite.protocol.ResolveRequest;
import io.shadowwrite.protocol.ResolveResult;
import io.shadowwrite.protocol.RunStored;
import io.shadowwrite.protocol.RunSummary;
import io.shadowwrite.protocol.SelectionReplay;
import io.shadowwrite.protocol.SelectionResolve;
import io.shadowwrite.protocol.SelectionResult;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.ShadowApiClient;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.TickClock;
import io.shadowwrite.protocol.Verdict;
import io.shadowwrite.protocol.VerifierRun;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.replication.LogSequenceNumber;

/** Giving up, finding, doing many at once, and what the rest of the suite sees of open letters. */
class ResolveTest {

    private static final LetterFilter OPEN = new LetterFilter(LetterState.OPEN, null, null, null, null, null, null);

    private final TestApi api = TestApi.shared();
    private final Letterbox letterbox = new Letterbox(api);

    @BeforeEach
    void parkThree() {
        api.open();
        var poison = transaction(2_100, 10, city(1, "XX", "Nowhere"), city(5, "XX", "Far"));
        api.service().park(refused(poison, 0));
        api.service().park(refused(poison, 1));
        api.service().write(batch(3_000, poison, transaction(2_200, 20, city(1, null, "Rome"))));
    }

    private long letter(int index) {
        return letterbox.all().get(index).id();
    }

    private static ResolveRequest giveUp(@Nullable BehindDecision behind) {
        return new ResolveRequest("ada", "not worth it", behind);
    }

    @Test
    void givesUpALetterAloneWhenNothingWaitsBehindIt() {
        assertThat(api.operator().resolve(letter(1), giveUp(null))).isEqualTo(new ResolveResult(1, 0));

        DeadLetter letter = api.service().deadLetter(letter(1)).letter();
        assertThat(letter.state()).isEqualTo(LetterState.RESOLVED);
        assertThat(letter.decidedBy()).isEqualTo("ada");
        assertThat(letter.reason()).isEqualTo("not worth it");
        assertThat(letter.decidedAt()).isNotNull();
        assertThat(api.operator().resolve(letter(1), giveUp(null))).isEqualTo(new ResolveResult(0, 0));
        assertProblem(ProblemType.DEAD_LETTER_STATE, () -> api.operator().replay(letter(1), REPAIRED));
        api.service().write(batch(4_000, transaction(3_100, 0, city(5, null, "Free"))));
        assertThat(letterbox.cities()).containsExactly("5 Free");
        letterbox.assertConserved();
    }

    @Test
    void wantsToHearWhatBecomesOfThoseBehind() {
        assertThatThrownBy(() -> api.operator().resolve(letter(0), giveUp(null)))
                .isInstanceOfSatisfying(ShadowProblem.class, problem -> {
                    assertThat(problem.type()).isEqualTo(ProblemType.DEAD_LETTERS_BEHIND);
                    assertThat(problem.facts()).containsEntry("behind", "1");
                });
        assertProblem(
                ProblemType.CONFIRMATION_STALE,
                () -> api.operator().resolve(letter(0), giveUp(new BehindDecision(Choice.RESOLVE, 2))));
        assertThat(letterbox.all()).allSatisfy(one -> assertThat(one.state()).isEqualTo(LetterState.OPEN));
    }

    @Test
    void keepsThoseBehindAndTheirRowWhenToldTo() {
        assertThat(api.operator().resolve(letter(0), giveUp(new BehindDecision(Choice.KEEP, 1))))
                .isEqualTo(new ResolveResult(1, 1));

        api.service().write(batch(4_000, transaction(3_100, 0, city(1, null, "Later"))));
        assertThat(letterbox.cities()).isEmpty();
        assertThat(api.operator().replay(letter(2), REPAIRED).replayed()).isEqualTo(2);
        assertThat(letterbox.cities()).containsExactly("1 Later");
        letterbox.assertConserved();
    }

    @Test
    void freesTheRowWhenAllAreGivenUp() {
        assertThat(api.operator().resolve(letter(0), giveUp(new BehindDecision(Choice.RESOLVE, 1))))
                .isEqualTo(new ResolveResult(2, 0));

        api.service().write(batch(4_000, transaction(3_100, 0, city(1, null, "Later"))));
        assertThat(letterbox.cities()).containsExactly("1 Later");
        assertThat(api.service().status().openDeadLetters()).isEqualTo(1);
    }

    @Test
    void neverResolvesWhatIsApplied() {
        api.target().execute("insert into unified.country values ('XX', 'Utopia', null)");
        api.operator().replay(letter(0), REPAIRED);

        assertProblem(ProblemType.DEAD_LETTER_STATE, () -> api.operator().resolve(letter(0), giveUp(null)));
    }

    @Test
    void listsLettersPageByPageAndByEveryFilter() {
        DeadLetterPage first = letterbox.page(null, null, 2);
        DeadLetterPage second = letterbox.page(null, first.next(), 2);

        assertThat(first.letters()).hasSize(2);
        assertThat(second.letters()).hasSize(1);
        assertThat(second.next()).isNull();
        assertThat(letterbox.page(null, null, 3).next()).isNull();
        assertThat(letterbox.page("{\"id\":1}", null, 9).letters()).hasSize(2);
        assertThat(found(LetterState.OPEN, null, null, null, null, null)).isEqualTo(3);
        assertThat(found(LetterState.REPLAYED, null, null, null, null, null)).isZero();
        assertThat(found(null, LetterClass.HALTING, null, null, null, null)).isZero();
        assertThat(found(null, LetterClass.REJECTED, null, null, null, null)).isEqualTo(3);
        assertThat(found(null, null, "app.city", null, null, null)).isEqualTo(3);
        assertThat(found(null, null, "app.country", null, null, null)).isZero();
        assertThat(found(null, null, null, "PARKED_BEHIND", null, null)).isEqualTo(1);
        assertThat(found(null, null, null, null, lsn(2101), null)).isEqualTo(1);
        assertThat(found(null, null, null, null, lsn(2100), lsn(2200))).isEqualTo(2);
        assertProblem(ProblemType.MALFORMED_REQUEST, () -> letterbox.page(null, null, 0));
        assertThat(api.service().deadLetter(letter(0)).behind()).isEqualTo(1);
    }

    private int found(
            @Nullable LetterState state,
            @Nullable LetterClass letterClass,
            @Nullable String table,
            @Nullable String problem,
            @Nullable LogSequenceNumber from,
            @Nullable LogSequenceNumber to) {
        return api.service()
                .deadLetters(state, letterClass, table, null, problem, from, to, null, 10)
                .letters()
                .size();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"limit=5&from_lsn=0/834", "limit=5&state=LOST", "limit=5&class=BAD", "limit=1001", "after=1"})
    void refusesAListItCannotRead(String query) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(api.url().resolve("/shadow/dlq?" + query))
                .header("Authorization", "Bearer " + TestApi.TOKEN)
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body()).contains("\"code\":\"MALFORMED_REQUEST\"");
        }
    }

    @Test
    void replaysExactlyWhatWasFrozen() {
        LetterSelection selection = api.operator().select(OPEN);
        assertThat(selection.count()).isEqualTo(3);
        assertThat(selection.more()).isFalse();
        api.service().write(batch(4_000, transaction(3_100, 0, city(1, null, "Later"))));
        api.target().execute("insert into unified.country values ('XX', 'Utopia', null)");

        assertProblem(
                ProblemType.CONFIRMATION_STALE,
                () -> api.operator().replaySelection(selection.id(), new SelectionReplay(4, "ada", "repaired")));
        SelectionResult result =
                api.operator().replaySelection(selection.id(), new SelectionReplay(3, "ada", "repaired"));

        assertThat(result.replayed()).isEqualTo(3);
        assertThat(result.stops()).extracting(ReplayStop::problem).containsExactly("DEAD_LETTER_BLOCKED");
        assertThat(letterbox.cities()).containsExactly("1 Rome", "5 Far XX");
        assertThat(letterbox.all().getLast().state()).isEqualTo(LetterState.OPEN);
        assertThat(api.operator()
                        .replaySelection(selection.id(), new SelectionReplay(3, "ada", "repaired"))
                        .replayed())
                .isZero();
    }

    @Test
    void replaysASelectionInPartsAndTellsOfEveryLetter() {
        LetterSelection selection = api.operator().select(OPEN);
        api.target().execute("insert into unified.country values ('XX', 'Utopia', null)");
        List<LetterOutcome> outcomes = new ArrayList<>();
        Integer from = 0;
        int parts = 0;
        while (from != null && parts < 10) {
            SelectionResult part =
                    api.operator().replaySelection(selection.id(), new SelectionReplay(3, "ada", "repaired", from, 1));
            assertThat(part.outcomes()).hasSize(1);
            outcomes.addAll(part.outcomes());
            from = part.next();
            parts++;
        }

        assertThat(parts).isEqualTo(3);
        assertThat(outcomes).extracting(LetterOutcome::state).containsOnly(LetterState.REPLAYED);
        assertThat(outcomes).extracting(LetterOutcome::letter).doesNotHaveDuplicates();
        assertProblem(
                ProblemType.MALFORMED_REQUEST,
                () -> api.operator().replaySelection(selection.id(), new SelectionReplay(3, "ada", "x", 4, 1)));
        assertProblem(
                ProblemType.MALFORMED_REQUEST,
                () -> api.operator().replaySelection(selection.id(), new SelectionReplay(3, "ada", "x", 0, 0)));
    }

    @Test
    void keepsOnlyTheRefusedRowBackInABulkReplay() {
        api.service().park(refused(transaction(3_100, 0, partner(1, "Ada", "1", null)), 0));
        api.service().write(batch(4_000, transaction(3_100, 0, partner(1, "Ada", "1", null))));

        LetterSelection selection = api.operator().select(OPEN);
        SelectionResult result = api.operator().replaySelection(selection.id(), new SelectionReplay(4, "ada", "try"));

        assertThat(result.replayed()).isEqualTo(1);
        assertThat(result.stops())
                .extracting(ReplayStop::problem)
                .containsExactlyInAnyOrder("WRITE_REJECTED", "WRITE_REJECTED", "DEAD_LETTER_BLOCKED");
        letterbox.assertConserved();
    }

    @Test
    void resolvesExactlyWhatWasFrozen() {
        LetterSelection selection =
                api.operator().select(new LetterFilter(null, null, null, null, "WRITE_REJECTED", null, null));
        assertThat(selection.count()).isEqualTo(2);

        assertProblem(
                ProblemType.DEAD_LETTERS_BEHIND,
                () -> api.operator().resolveSelection(selection.id(), new SelectionResolve(2, "ada", "no use", null)));
        assertThat(api.operator()
                        .resolveSelection(
                                selection.id(),
                                new SelectionResolve(2, "ada", "no use", new BehindDecision(Choice.KEEP, 1))))
                .isEqualTo(new ResolveResult(2, 1));
        assertThat(api.service().status().openDeadLetters()).isEqualTo(1);
    }

    @Test
    void knowsNoSelectionThatIsNotThere() {
        UUID unknown = UUID.randomUUID();

        assertProblem(
                ProblemType.DEAD_LETTER_UNKNOWN,
                () -> api.operator().replaySelection(unknown, new SelectionReplay(0, "ada", "x")));
        assertProblem(
                ProblemType.DEAD_LETTER_UNKNOWN,
                () -> api.operator().resolveSelection(unknown, new SelectionResolve(0, "ada", "x", null)));
    }

    @Test
    void letsOnlyAnOperatorDecide() {
        UUID selection = api.operator().select(OPEN).id();
        List<ThrowingCallable> actions = List.of(
                () -> api.service().correct(letter(0), new LetterCorrection("ada", null, "x")),
                () -> api.service().replay(letter(0), REPAIRED),
                () -> api.service().resolve(letter(0), giveUp(null)),
                () -> api.service().select(OPEN),
                () -> api.service().replaySelection(selection, new SelectionReplay(3, "ada", "x")),
                () -> api.service().resolveSelection(selection, new SelectionResolve(3, "ada", "x", null)));

        assertThat(actions).allSatisfy(action -> assertProblem(ProblemType.TOKEN_INSUFFICIENT, action));
    }

    @Test
    void letsNobodyInWithoutAToken() {
        ShadowApi stranger = ShadowApiClient.connect(api.url(), "wrong", Duration.ofSeconds(10));
        List<ThrowingCallable> requests = List.of(
                () -> stranger.park(refused(transaction(3_100, 0, city(1, "XX", "Nowhere")), 0)),
                () -> stranger.deadLetters(null, null, null, null, null, null, null, null, 1),
                () -> stranger.deadLetter(1),
                () -> stranger.correct(1, new LetterCorrection("ada", null, "x")),
                () -> stranger.replay(1, REPAIRED),
                () -> stranger.resolve(1, giveUp(null)),
                () -> stranger.select(OPEN));

        assertThat(requests).allSatisfy(request -> assertProblem(ProblemType.TOKEN_WRONG, request));
    }

    @Test
    void makesNoRunCleanAndNoCutoverReady() {
        VerifierRun clean = new VerifierRun(
                UUID.randomUUID(),
                "hourly",
                Instant.parse("2026-11-01T12:00:00Z"),
                TickClock.SOURCE,
                "barrier",
                null,
                Instant.parse("2026-11-01T12:01:00Z"),
                Instant.parse("2026-11-01T12:02:00Z"),
                Verdict.CLEAN,
                "equal",
                3,
                List.of(),
                0,
                List.of(),
                List.of());

        RunStored answer = api.service().storeRun(clean);
        assertThat(answer.streak()).isZero();
        assertThat(answer.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(answer.reason()).isEqualTo("dead letters are open; equal");
        assertThat(api.service().storeRun(clean)).isEqualTo(answer);

        RunSummary stored = api.service().runs(1, null, null, null).runs().getFirst();
        assertThat(stored.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(stored.reason()).isEqualTo("dead letters are open; equal");
        assertThat(api.service().status().ready()).isFalse();
        assertThat(api.service().status().reason()).isEqualTo("3 dead letter(s) are open");
    }
}
