package io.shadowwrite.verification;

import io.shadowwrite.canonical.RowHash;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.contract.TargetModel;
import io.shadowwrite.verification.attest.Attestor;
import io.shadowwrite.verification.compare.Comparer;
import io.shadowwrite.verification.compare.SqlSide;
import io.shadowwrite.verification.compile.ContractCompiler;
import io.shadowwrite.verification.pin.Pin;
import io.shadowwrite.verification.pin.PinOutcome;
import io.shadowwrite.verification.pin.PinnedSides;
import io.shadowwrite.verification.pin.RaceWindow;
import io.shadowwrite.verification.progress.Progress;
import io.shadowwrite.verification.progress.Step;
import io.shadowwrite.verification.race.Relief;
import io.shadowwrite.verification.scan.AgreedHash;
import io.shadowwrite.verification.scan.Scans;
import io.shadowwrite.verification.session.Deadline;
import io.shadowwrite.verification.session.PinnedSession;
import io.shadowwrite.verification.session.VerificationProblem;
import io.shadowwrite.verification.verdict.Findings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** One verification: pin both databases, compare them row for row, attest the receipts, decide. */
public final class Tick {

    /** A look costs scans of the tables that it is about, and the next run looks again anyway. */
    private static final Duration LOOKING_AGAIN = Duration.ofMinutes(10);

    /** Most of what differs under a race window is gone at the second look, and must be kept until then. */
    private static final int SUSPECTS_PER_FINDING = 20;

    private final Contract contract;
    private final Pin pin;
    private final TickSettings settings;
    private final Clock clock;
    private final Progress progress;

    public Tick(Contract contract, Pin pin, TickSettings settings, Clock clock, Progress progress) {
        this.contract = contract;
        this.pin = pin;
        this.settings = settings;
        this.clock = clock;
        this.progress = progress;
    }

    /**
     * Runs the tick; everything that keeps it from an answer after both databases let us in makes it inconclusive.
     *
     * @throws VerificationProblem UNREACHABLE when the target does not let us in
     * @throws io.shadowwrite.replication.StreamProblem when the source does not
     */
    public TickResult run() {
        TickDraft draft = new TickDraft(clock.instant(), new Findings(settings.findingsCap()));
        TickResult result = switch (pin.take()) {
            case PinOutcome.Impossible(String reason, Instant hour, boolean _) ->
                draft.missed(reason, hour, clock.instant());
            case PinOutcome.Unfit(String reason, Instant hour, boolean _) ->
                draft.missed(reason, hour, clock.instant());
            case PinOutcome.Pinned(PinnedSides sides) -> judged(draft, sides);
        };
        progress.step(Step.VERDICT, result.verdict() + ": " + result.reason());
        return result;
    }

    private TickResult judged(TickDraft draft, PinnedSides sides) {
        try (sides) {
            draft.pinned(sides);
            Deadline deadline = Deadline.in(settings.timeout());
            deadline.keep("the comparison", sides::breakOff, () -> compare(draft, sides, deadline));
            return draft.decided(settings.allowEmpty(), clock.instant());
        } catch (VerificationProblem e) {
            return draft.brokenOff(e, clock.instant());
        }
    }

    private TickDraft compare(TickDraft draft, PinnedSides sides, Deadline deadline) {
        refuseRowSecurity(sides);
        ContractCompiler compiler = new ContractCompiler(contract);
        Scans scans = new Scans(agreedHash(sides), settings.bucketBits(), settings.fetchSize());
        Comparer comparer = comparer(sides, scans);
        comparer.prepare(compiler.everything());
        draft.unmapped(UnmappedRows.ofAll(contract, sides.source()));
        draft.unguarded(UnguardedModels.of(contract, sides.target()));
        progress.step(Step.ATTEST, "below " + sides.lsn().asString());
        Attestor attestor = new Attestor(settings.baseline(), Attestor.SEGMENT_BYTES);
        draft.attested(sides.target()
                .read("the ledger", connection -> attestor.attest(connection, sides.lsn(), draft.findings())));
        progress.expect(Step.COMPARE, ExpectedRows.ofSource(contract, sides.source()));
        progress.expect(Step.COMPARE, ExpectedRows.ofTarget(contract, sides.target()));
        RaceWindow window = sides.window();
        int mostSuspects = SUSPECTS_PER_FINDING * settings.findingsCap();
        Findings rows = window == null ? draft.findings() : new Findings(mostSuspects);
        Findings mappings = window == null ? draft.findings() : new Findings(mostSuspects);
        draft.compared(comparer.compareAll(compiler.models(), compiler.keyMap(), rows, mappings)
                .models());
        if (window != null) {
            Deadline looks = deadline.orIn(LOOKING_AGAIN);
            Relief relief = new Relief(compiler.models(), compiler.keyMap(), scans, draft.findings(), looks, progress);
            draft.relieved(relief.settle(sides, window, rows, mappings));
        }
        return draft;
    }

    private Comparer comparer(PinnedSides sides, Scans scans) {
        return new Comparer(
                SqlSide.expected(sides.source(), scans),
                SqlSide.found(sides.target(), scans),
                sides.source(),
                progress);
    }

    private static RowHash agreedHash(PinnedSides sides) {
        return sides.source()
                .read("a probe", source -> sides.target().read("a probe", target -> AgreedHash.of(source, target)));
    }

    private void refuseRowSecurity(PinnedSides sides) {
        List<String> sources =
                contract.sources().keySet().stream().map(QualifiedName::quoted).toList();
        List<String> targets = new ArrayList<>();
        contract.models().values().stream()
                .map(TargetModel::table)
                .map(QualifiedName::quoted)
                .forEach(targets::add);
        targets.add("shadow.event_ledger");
        sides.source().read("row security", connection -> {
            PinnedSession.refuseRowSecurity(connection, sources);
            return sources;
        });
        sides.target().read("row security", connection -> {
            PinnedSession.refuseRowSecurity(connection, targets);
            return targets;
        });
    }
}
