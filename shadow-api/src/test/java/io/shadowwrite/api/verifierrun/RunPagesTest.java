package io.shadowwrite.api.verifierrun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shadowwrite.api.TestApi;
import io.shadowwrite.protocol.Finding;
import io.shadowwrite.protocol.FindingClass;
import io.shadowwrite.protocol.FindingPage;
import io.shadowwrite.protocol.FindingSummary;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.RunPage;
import io.shadowwrite.protocol.RunSummary;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.TickClock;
import io.shadowwrite.protocol.Verdict;
import io.shadowwrite.protocol.VerifierRun;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Looking through runs and findings page by page. */
class RunPagesTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private final TestApi api = TestApi.shared();

    @BeforeEach
    void openWindow() {
        api.open();
    }

    private static void assertProblem(ProblemType type, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ShadowProblem.class,
                        problem -> assertThat(problem.type()).isEqualTo(type));
    }

    private VerifierRun store(String mode, Verdict verdict, Finding... findings) {
        VerifierRun run = run(UUID.randomUUID(), mode, verdict, findings);
        api.service().storeRun(run);
        return run;
    }

    private static VerifierRun run(UUID id, String mode, Verdict verdict, Finding... findings) {
        return new VerifierRun(
                id,
                mode,
                null,
                TickClock.SOURCE,
                "barrier",
                null,
                NOON,
                NOON,
                verdict,
                "a reason",
                0,
                List.of(),
                findings.length,
                List.of(findings),
                List.of());
    }

    private static Finding finding(FindingClass findingClass, String model) {
        return new Finding(
                findingClass, "app.a", model, "{\"id\":1}", List.of("a"), Map.of("a", "1"), Map.of("a", "2"));
    }

    @Test
    void pagesThroughAllRunsNewestFirst() {
        List<UUID> stored = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            stored.addFirst(store("hourly", Verdict.CLEAN).runId());
        }

        List<UUID> seen = new ArrayList<>();
        RunPage page = api.service().runs(2, null, null, null);
        int pages = 1;
        seen.addAll(page.runs().stream().map(RunSummary::runId).toList());
        while (page.next() != null && pages < 10) {
            // What comes in between is newer, and not part of the pages that follow.
            store("hourly", Verdict.CLEAN);
            page = api.service().runs(2, page.next(), null, null);
            seen.addAll(page.runs().stream().map(RunSummary::runId).toList());
            pages++;
        }

        assertThat(seen).isEqualTo(stored);
        assertThat(pages).isEqualTo(3);
    }

    @Test
    void showsOnlyRunsOfAModeAndAVerdict() {
        VerifierRun dirty = store("hourly", Verdict.DIRTY);
        VerifierRun cutover = store("cutover", Verdict.CLEAN);
        VerifierRun hourly = store("hourly", Verdict.CLEAN);

        assertThat(ids(api.service().runs(10, null, "hourly", null))).containsExactly(hourly.runId(), dirty.runId());
        assertThat(ids(api.service().runs(10, null, null, Verdict.CLEAN)))
                .containsExactly(hourly.runId(), cutover.runId());
        assertThat(ids(api.service().runs(10, null, "cutover", Verdict.DIRTY))).isEmpty();
        assertThat(ids(api.service().runs(10, hourly.runId(), "hourly", null))).containsExactly(dirty.runId());
    }

    private static List<UUID> ids(RunPage page) {
        return page.runs().stream().map(RunSummary::runId).toList();
    }

    @Test
    void pagesThroughTheFindingsOfARunWithoutTheirRows() {
        VerifierRun run = store(
                "hourly",
                Verdict.DIRTY,
                finding(FindingClass.VALUE_MISMATCH, "A"),
                finding(FindingClass.MISSING_IN_RDB, "A"),
                finding(FindingClass.VALUE_MISMATCH, "B"));

        FindingPage first = api.service().findings(run.runId(), 2, null, null, null);
        FindingPage second = api.service().findings(run.runId(), 2, first.next(), null, null);

        assertThat(first.findings()).extracting(FindingSummary::ordinal).containsExactly(1, 2);
        assertThat(first.findings().getFirst())
                .isEqualTo(new FindingSummary(
                        1, FindingClass.VALUE_MISMATCH, "app.a", "A", "{\"id\":1}", List.of("a"), null));
        assertThat(second.findings()).extracting(FindingSummary::ordinal).containsExactly(3);
        assertThat(second.next()).isNull();
    }

    @Test
    void showsOnlyFindingsOfAClassAndAModel() {
        VerifierRun run = store(
                "hourly",
                Verdict.DIRTY,
                finding(FindingClass.VALUE_MISMATCH, "A"),
                finding(FindingClass.MISSING_IN_RDB, "A"),
                finding(FindingClass.VALUE_MISMATCH, "B"));

        assertThat(ordinals(run, FindingClass.VALUE_MISMATCH, null)).containsExactly(1, 3);
        assertThat(ordinals(run, null, "A")).containsExactly(1, 2);
        assertThat(ordinals(run, FindingClass.VALUE_MISMATCH, "B")).containsExactly(3);
        assertThat(ordinals(run, null, "C")).isEmpty();
        assertThat(api.service().finding(run.runId(), 3))
                .isEqualTo(run.findings().get(2));
    }

    private List<Integer> ordinals(VerifierRun run, @Nullable FindingClass findingClass, @Nullable String model) {
        return api.service().findings(run.runId(), 10, null, findingClass, model).findings().stream()
                .map(FindingSummary::ordinal)
                .toList();
    }

    @Test
    void knowsNoRunOrFindingThatWasNotStored() {
        VerifierRun run = store("hourly", Verdict.DIRTY, finding(FindingClass.VALUE_MISMATCH, "A"));
        UUID unknown = UUID.randomUUID();

        assertProblem(ProblemType.NOT_FOUND, () -> api.service().runs(1, unknown, null, null));
        assertProblem(ProblemType.NOT_FOUND, () -> api.service().findings(unknown, 1, null, null, null));
        assertProblem(ProblemType.NOT_FOUND, () -> api.service().finding(unknown, 1));
        assertProblem(ProblemType.NOT_FOUND, () -> api.service().finding(run.runId(), 2));
    }

    @Test
    void refusesAPageWithoutABound() {
        UUID run = store("hourly", Verdict.CLEAN).runId();

        for (int limit : new int[] {0, -1, 1_001}) {
            assertProblem(ProblemType.MALFORMED_REQUEST, () -> api.service().runs(limit, null, null, null));
            assertProblem(ProblemType.MALFORMED_REQUEST, () -> api.service().findings(run, limit, null, null, null));
        }
    }

    @Test
    void refusesAnotherRunUnderAStoredId() {
        VerifierRun run = store("hourly", Verdict.CLEAN);

        assertProblem(
                ProblemType.BROKEN_INVARIANT,
                () -> api.service()
                        .storeRun(
                                run(run.runId(), "hourly", Verdict.DIRTY, finding(FindingClass.VALUE_MISMATCH, "A"))));
        assertThat(api.service().runs(10, null, null, null).runs())
                .singleElement()
                .satisfies(stored -> assertThat(stored.verdict()).isEqualTo(Verdict.CLEAN));
    }

    @Test
    void storesNoRunWithoutAWindow() {
        api.reset();

        assertProblem(ProblemType.WINDOW_NOT_OPEN, () -> store("hourly", Verdict.CLEAN));
    }
}
