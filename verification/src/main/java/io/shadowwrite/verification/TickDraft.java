package io.shadowwrite.verification;

import static java.util.Objects.requireNonNull;

import io.shadowwrite.verification.attest.Attested;
import io.shadowwrite.verification.pin.PinnedSides;
import io.shadowwrite.verification.race.Relieved;
import io.shadowwrite.verification.session.VerificationProblem;
import io.shadowwrite.verification.verdict.Coverage;
import io.shadowwrite.verification.verdict.Findings;
import io.shadowwrite.verification.verdict.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** A tick in the making, so that one that breaks off still tells how far it came. Used by one thread at a time. */
final class TickDraft {

    private final Instant startedAt;
    private final Findings findings;
    private @Nullable Instant hour;
    private @Nullable LogSequenceNumber pinLsn;
    private @Nullable PinnedSides sides;
    private Relieved relieved = Relieved.nothing();
    private Attested attested = new Attested(0, List.of());
    private List<Coverage> coverage = List.of();
    private Map<String, Long> unmapped = Map.of();
    private List<String> unguarded = List.of();

    TickDraft(Instant startedAt, Findings findings) {
        this.startedAt = startedAt;
        this.findings = findings;
    }

    Findings findings() {
        return findings;
    }

    void pinned(PinnedSides pinned) {
        pinned(pinned.hour(), pinned.lsn());
        sides = pinned;
    }

    /** What became of the differences under a race window. */
    void relieved(Relieved differences) {
        relieved = differences;
    }

    /** A tick that pins the source only; the target says by itself that it stands there. */
    void pinned(Instant sourceHour, LogSequenceNumber lsn) {
        hour = sourceHour;
        pinLsn = lsn;
    }

    void attested(Attested receipts) {
        attested = receipts;
    }

    void compared(List<Coverage> models) {
        coverage = models;
    }

    void unmapped(Map<String, Long> rows) {
        unmapped = rows;
    }

    /** Where two equal rows of a key could stand for two equal rows of the source, and no sum would tell. */
    void unguarded(List<String> models) {
        unguarded = models;
    }

    /** A tick without an answer; a half-read tick attests nothing. */
    TickResult inconclusive(String reason, Instant now) {
        attested = new Attested(attested.events(), List.of());
        return result(Verdict.INCONCLUSIVE, reason, now);
    }

    /**
     * A tick that did not come to its end. What it found is exact and stands, unless the comparison cannot be trusted or was
     * not of one state.
     */
    TickResult brokenOff(VerificationProblem problem, Instant now) {
        String reason = String.valueOf(problem.getMessage());
        boolean untrusted = switch (problem.code()) {
            case SELF_TEST, MOVED -> true;
            case UNREACHABLE, SESSION_SETTING, ROW_SECURITY, READ_FAILED, TOO_SLOW -> false;
        };
        if (untrusted || findings.blocking() == 0) {
            return inconclusive(reason, now);
        }
        attested = new Attested(attested.events(), List.of());
        return result(Verdict.DIRTY, "%s, then %s".formatted(findings.summary(), reason), now);
    }

    /** A tick for which no pin was possible. */
    TickResult missed(String reason, Instant sourceHour, Instant now) {
        hour = sourceHour;
        return inconclusive(reason, now);
    }

    TickResult decided(boolean allowEmpty, Instant now) {
        long rows = coverage.stream()
                .mapToLong(model -> model.sourceRows() + model.targetRows())
                .sum();
        if (findings.blocking() > 0) {
            return result(Verdict.DIRTY, summary(rows), now);
        }
        List<String> undecided = new ArrayList<>(unguarded);
        undecided.addAll(relieved.undecided());
        if (!undecided.isEmpty()) {
            return inconclusive(String.join("; ", undecided), now);
        }
        if (rows == 0 && !allowEmpty) {
            return result(
                    Verdict.INCONCLUSIVE,
                    "there is no row on either side, which proves nothing; allow it with allow-empty",
                    now);
        }
        return result(Verdict.CLEAN, summary(rows), now);
    }

    private String summary(long rows) {
        long leftOut = unmapped.values().stream().mapToLong(Long::longValue).sum();
        String summary = "%d model(s), %d rows compared, %d events attested, %s"
                .formatted(coverage.size(), rows, attested.events(), findings.summary());
        if (relieved.gone() > 0) {
            summary += ", %d difference(s) explained by the race window".formatted(relieved.gone());
        }
        return unmapped.isEmpty()
                ? summary
                : summary + ", %d row(s) of %d unmapped table(s) left out".formatted(leftOut, unmapped.size());
    }

    /** A race window that is taken hour after hour must not go unnoticed, because it proves less. */
    private String withBarrierRefused(String reason) {
        String refused = sides == null ? null : sides.barrierRefused();
        return refused == null
                ? reason
                : "%s; under a race window, as there was no barrier: %s".formatted(reason, refused);
    }

    private TickResult result(Verdict verdict, String reason, Instant now) {
        return new TickResult(
                requireNonNull(hour),
                pinLsn,
                startedAt,
                now,
                verdict,
                withBarrierRefused(reason),
                attested.events(),
                coverage,
                unmapped,
                findings.total(),
                findings.kept(),
                attested.closed(),
                sides == null ? null : sides.kind(),
                sides == null ? null : sides.barrierRefused(),
                sides == null ? null : sides.mark());
    }
}
