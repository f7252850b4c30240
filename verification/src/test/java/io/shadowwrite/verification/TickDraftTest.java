package io.shadowwrite.verification;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.verification.session.VerificationProblem;
import io.shadowwrite.verification.session.VerificationProblem.Code;
import io.shadowwrite.verification.verdict.Finding;
import io.shadowwrite.verification.verdict.FindingClass;
import io.shadowwrite.verification.verdict.Findings;
import io.shadowwrite.verification.verdict.Verdict;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.replication.LogSequenceNumber;

/** What becomes of findings when a comparison does not come to its end. */
class TickDraftTest {

    private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");

    private static TickResult brokenOff(Code code) {
        Findings findings = new Findings(10);
        findings.add(new Finding(FindingClass.MISSING_IN_RDB, "app.memo", "Memo", "{}", List.of(), null, null));
        TickDraft draft = new TickDraft(NOON, findings);
        draft.pinned(NOON, LogSequenceNumber.valueOf(1));
        return draft.brokenOff(new VerificationProblem(code, "it broke", "Mend it", null), NOON);
    }

    @ParameterizedTest
    @EnumSource(names = {"SELF_TEST", "MOVED"})
    void decidesNothingOnAComparisonThatWasNotExactOrNotOfOneState(Code code) {
        assertThat(brokenOff(code).verdict()).isEqualTo(Verdict.INCONCLUSIVE);
    }

    @ParameterizedTest
    @EnumSource(
            names = {"SELF_TEST", "MOVED"},
            mode = EnumSource.Mode.EXCLUDE)
    void keepsWhatWasFoundBeforeAReadFailed(Code code) {
        assertThat(brokenOff(code).verdict()).isEqualTo(Verdict.DIRTY);
    }
}
