package io.shadowwrite.verifier;

import static java.util.Objects.requireNonNull;

import io.shadowwrite.protocol.Attestation;
import io.shadowwrite.protocol.Finding;
import io.shadowwrite.protocol.FindingClass;
import io.shadowwrite.protocol.ModelCoverage;
import io.shadowwrite.protocol.Operation;
import io.shadowwrite.protocol.RunStart;
import io.shadowwrite.protocol.Side;
import io.shadowwrite.protocol.Verdict;
import io.shadowwrite.protocol.VerifierRun;
import io.shadowwrite.protocol.XidMark;
import io.shadowwrite.verification.TickResult;
import io.shadowwrite.verification.attest.ReceiptWindow;
import org.jspecify.annotations.Nullable;

/** Tick results in the words of the protocol. */
final class Runs {

    private Runs() {}

    /** The run to be stored. It stands for the hour for which it was registered, also when the pin came in the next one. */
    static VerifierRun of(RunStart start, Mode mode, TickResult tick) {
        return new VerifierRun(
                start.runId(),
                start.mode(),
                start.tickHour(),
                start.tickClock(),
                pinKind(mode, tick),
                tick.pinLsn(),
                tick.startedAt(),
                tick.finishedAt(),
                verdict(tick.verdict()),
                tick.reason(),
                tick.eventsAttested(),
                tick.coverage().stream()
                        .map(model -> new ModelCoverage(
                                model.model(), model.sourceRows(), model.targetRows(), model.differingBuckets()))
                        .toList(),
                tick.findingsTotal(),
                tick.findings().stream().map(Runs::finding).toList(),
                tick.attested().stream().map(Runs::attestation).toList(),
                tick.barrierRefused(),
                mark(tick.mark()));
    }

    /** The run to be stored of a tick that had begun when a cutover took over: it says nothing of its hour. */
    static VerifierRun ofNoHour(RunStart start, Mode mode, TickResult tick) {
        return of(new RunStart(start.runId(), start.mode(), null, start.tickClock(), start.startedAt()), mode, tick);
    }

    private static @Nullable XidMark mark(io.shadowwrite.verification.pin.@Nullable XidMark mark) {
        return mark == null ? null : new XidMark(mark.xid(), mark.lsn());
    }

    private static String pinKind(Mode mode, TickResult tick) {
        if (tick.pinLsn() == null) {
            return "none";
        }
        return switch (mode) {
            case HOURLY -> requireNonNull(tick.pinKind()).label();
            case POST_BACKFILL -> "snapshot";
            case CUTOVER -> "paused";
        };
    }

    private static Verdict verdict(io.shadowwrite.verification.verdict.Verdict verdict) {
        return switch (verdict) {
            case CLEAN -> Verdict.CLEAN;
            case DIRTY -> Verdict.DIRTY;
            case INCONCLUSIVE -> Verdict.INCONCLUSIVE;
        };
    }

    private static Finding finding(io.shadowwrite.verification.verdict.Finding finding) {
        return new Finding(
                findingClass(finding.findingClass()),
                finding.sourceTable(),
                finding.model(),
                finding.targetKey(),
                finding.columns(),
                finding.sourceImage(),
                finding.targetImage(),
                finding.originalClass() == null ? null : findingClass(finding.originalClass()),
                finding.signature());
    }

    private static FindingClass findingClass(io.shadowwrite.verification.verdict.FindingClass findingClass) {
        return switch (findingClass) {
            case MISSING_IN_RDB -> FindingClass.MISSING_IN_RDB;
            case EXTRA_IN_RDB -> FindingClass.EXTRA_IN_RDB;
            case VALUE_MISMATCH -> FindingClass.VALUE_MISMATCH;
            case DUPLICATE_CURRENT_VERSION -> FindingClass.DUPLICATE_CURRENT_VERSION;
            case REPRESENTATION_ONLY_DIFFERENCE -> FindingClass.REPRESENTATION_ONLY_DIFFERENCE;
            case VERIFIER_RACE_WINDOW -> FindingClass.VERIFIER_RACE_WINDOW;
            case RECEIPT_MISMATCH -> FindingClass.RECEIPT_MISMATCH;
        };
    }

    private static Attestation attestation(ReceiptWindow window) {
        return new Attestation(
                window.from(),
                window.to(),
                switch (window.side()) {
                    case CONSUMER -> Side.CONSUMER;
                    case SLOT_READER -> Side.VERIFIER;
                },
                window.sourceTable(),
                Operation.valueOf(window.operation()),
                window.count(),
                window.sum0(),
                window.sum1());
    }
}
