package io.shadowwrite.verification;

import io.shadowwrite.canonical.RowHash;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.verification.attest.Attestor;
import io.shadowwrite.verification.compare.Comparer;
import io.shadowwrite.verification.compare.SqlSide;
import io.shadowwrite.verification.compile.ContractCompiler;
import io.shadowwrite.verification.pin.PausedSource;
import io.shadowwrite.verification.progress.Progress;
import io.shadowwrite.verification.progress.Step;
import io.shadowwrite.verification.scan.AgreedHash;
import io.shadowwrite.verification.scan.Scans;
import io.shadowwrite.verification.session.Deadline;
import io.shadowwrite.verification.session.PinnedSession;
import io.shadowwrite.verification.session.Sessions;
import io.shadowwrite.verification.session.VerificationProblem;
import io.shadowwrite.verification.verdict.Findings;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.postgresql.replication.LogSequenceNumber;

/**
 * The verification that a permit rests on: writers are paused, a gate holds the consumer at the final LSN, and the target
 * is only asked through its API. Nothing moves, so no difference is excused.
 */
public final class CutoverTick {

    private final Contract contract;
    private final PausedSource source;
    private final FarTarget target;
    private final LogSequenceNumber finalLsn;
    private final TickSettings settings;
    private final Clock clock;
    private final Progress progress;

    public CutoverTick(
            Contract contract,
            PausedSource source,
            FarTarget target,
            LogSequenceNumber finalLsn,
            TickSettings settings,
            Clock clock,
            Progress progress) {
        this.contract = contract;
        this.source = source;
        this.target = target;
        this.finalLsn = finalLsn;
        this.settings = settings;
        this.clock = clock;
        this.progress = progress;
    }

    /**
     * Runs it; everything that keeps it from an answer after the source let us in makes it inconclusive.
     *
     * @throws io.shadowwrite.replication.StreamProblem when the source does not let us in
     */
    public TickResult run() {
        TickDraft draft = new TickDraft(clock.instant(), new Findings(settings.findingsCap()));
        TickResult result = switch (source.take()) {
            case PausedSource.Outcome.Impossible(String reason, Instant hour) ->
                draft.missed(reason, hour, clock.instant());
            case PausedSource.Outcome.Pinned(Sessions sessions, Instant hour) -> judged(draft, sessions, hour);
        };
        progress.step(Step.VERDICT, result.verdict() + ": " + result.reason());
        return result;
    }

    private TickResult judged(TickDraft draft, Sessions sessions, Instant hour) {
        try (sessions) {
            draft.pinned(hour, finalLsn);
            Deadline.in(settings.timeout()).keep("the comparison", sessions::breakOff, () -> compare(draft, sessions));
            // Every answer said that it is of the final LSN; this says that nobody let go in between.
            target.requireStandstill();
            return draft.decided(settings.allowEmpty(), clock.instant());
        } catch (VerificationProblem e) {
            return draft.brokenOff(e, clock.instant());
        }
    }

    private TickDraft compare(TickDraft draft, Sessions sessions) {
        sessions.read("row security", connection -> {
            List<String> tables = contract.sources().keySet().stream()
                    .map(QualifiedName::quoted)
                    .toList();
            PinnedSession.refuseRowSecurity(connection, tables);
            return tables;
        });
        List<Long> probe = target.probe();
        RowHash hash = sessions.read("a probe", connection -> AgreedHash.with(connection, probe));
        Scans scans = new Scans(hash, settings.bucketBits(), settings.fetchSize());
        Comparer comparer = new Comparer(SqlSide.expected(sessions, scans), target.side(hash), sessions, progress);
        ContractCompiler compiler = new ContractCompiler(contract);
        comparer.prepare(compiler.everything());
        draft.unmapped(UnmappedRows.ofAll(contract, sessions));
        draft.unguarded(target.unguarded());
        progress.step(Step.ATTEST, "below " + finalLsn.asString());
        draft.attested(new Attestor(settings.baseline(), Attestor.SEGMENT_BYTES)
                .attest(target.receipts(), finalLsn, draft.findings()));
        progress.expect(Step.COMPARE, ExpectedRows.ofSource(contract, sessions));
        draft.compared(comparer.compareAll(compiler.models(), compiler.keyMap(), draft.findings(), draft.findings())
                .models());
        return draft;
    }
}
