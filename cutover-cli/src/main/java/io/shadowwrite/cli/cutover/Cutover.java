package io.shadowwrite.cli.cutover;

import io.shadowwrite.protocol.Approval;
import io.shadowwrite.protocol.AuditEntry;
import io.shadowwrite.protocol.BlockingFinding;
import io.shadowwrite.protocol.CutoverAudit;
import io.shadowwrite.protocol.CutoverDecision;
import io.shadowwrite.protocol.ModelCoverage;
import io.shadowwrite.protocol.Patience;
import io.shadowwrite.protocol.ReceiptCell;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.Side;
import io.shadowwrite.protocol.VerifierRun;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * One attempt to cut over. It ends with a permit, or undone: the fence is released, the consumer goes on, and the audit says
 * why. Killed, it leaves a hold that runs out by itself, and what the fence does. For one thread.
 */
public final class Cutover {

    static final String SEQUENCE_BEHIND = "SEQUENCE_BEHIND";

    private static final Duration PAUSE = Duration.ofMillis(200);

    private final ShadowApi api;
    private final PausedWriters source;
    private final RememberedFence fence;
    private final String holder;
    private final Comparison comparison;
    private final Callable<List<String>> sequencesBehind;
    private final CutoverSettings settings;
    private final StepLines lines;
    private final Patience patience = ApiPatience.usual();
    private final UUID id = AuditId.next();

    // What the audit says of the attempt so far.
    private @Nullable LogSequenceNumber fenceLsn;
    private @Nullable LogSequenceNumber finalLsn;
    private @Nullable UUID runId;

    /** From now on there may be a permit, whatever was answered. */
    private boolean deciding;

    /** What came of it. */
    public sealed interface Outcome {

        /** There is a permit. */
        record Permitted(AuditEntry entry) implements Outcome {}

        /**
         * There is none, and nothing was begun; somebody else may have one.
         *
         * @param undone what could not be stored of it
         */
        record Refused(String code, String detail, List<String> undone) implements Outcome {}

        /**
         * There is none.
         *
         * @param undone what could not be undone, and who has to do what about it; empty when everything was
         */
        record Blocked(String code, String detail, List<String> undone) implements Outcome {}
    }

    /** With questions about the target's sequences that may fail with SQLException. */
    public Cutover(
            ShadowApi api,
            PausedWriters source,
            Fence fence,
            Comparison comparison,
            Callable<List<String>> sequencesBehind,
            CutoverSettings settings,
            StepLines lines) {
        this.api = api;
        this.source = source;
        this.holder = AuditId.holder(id, fence.kind(), settings.who());
        this.fence = new RememberedFence(fence, api, patience, holder);
        this.comparison = comparison;
        this.sequencesBehind = sequencesBehind;
        this.settings = settings;
        this.lines = lines;
    }

    /**
     * Attempts it, as planned a moment ago without an objection.
     *
     * @throws InterruptedException when it was told to end; everything is undone
     */
    public Outcome run() throws InterruptedException {
        GateHold gate;
        try {
            gate = GateHold.take(api, holder, settings.lease());
        } catch (CutoverBlocked taken) {
            return new Outcome.Refused(taken.code(), taken.detail(), List.of());
        }
        try {
            lines.at(CutoverStep.GATE, "attempt " + id);
            return new Outcome.Permitted(permitted(gate));
        } catch (CutoverBlocked blocked) {
            return blocked(gate, blocked.code(), blocked.detail());
        } catch (ShadowProblem refused) {
            return blocked(gate, refused.type().name(), refused.detail());
        } catch (InterruptedException ended) {
            // What follows waits for answers, too.
            blocked(gate, "INTERRUPTED", "the attempt was told to end");
            throw ended;
        } catch (RuntimeException failed) {
            blocked(gate, "FAILED", String.valueOf(failed.getMessage()));
            throw failed;
        }
    }

    /** Leaves in the audit why it was not even begun. */
    public Outcome.Refused refused(List<CutoverPlan.Objection> objections) throws InterruptedException {
        List<BlockingFinding> findings = objections.stream()
                .map(each -> new BlockingFinding(each.code(), each.detail()))
                .toList();
        Undo record = new Undo();
        record.each(
                "the record in the audit",
                () -> patience.call(() -> api.audit(audit(id, CutoverDecision.BLOCK, Map.of(), findings, List.of()))));
        lines.at(CutoverStep.BLOCKED, findings.getFirst().code());
        return new Outcome.Refused(
                findings.getFirst().code(), findings.getFirst().detail(), record.over());
    }

    private AuditEntry permitted(GateHold gate) throws InterruptedException {
        LogSequenceNumber fenced = fenced(gate);
        LogSequenceNumber last = halted(gate);
        LogSequenceNumber behind = source.mark("behind " + id);
        lines.at(CutoverStep.DRAIN, "to " + last.asString());
        new Drain(api, gate, lines, settings.drained()).until(last, behind);
        requireNoChanges(fenced, behind);
        lines.at(CutoverStep.VERIFY, "at " + last.asString());
        VerifierRun run = comparison.at(last, gate::check);
        runId = run.runId();
        requireSequences();
        lines.at(CutoverStep.DECIDE, "on run " + run.runId());
        gate.keepNoLonger();
        // Made once: what is sent again after a lost answer has to be the same.
        CutoverAudit permit = permit(run);
        deciding = true;
        AuditEntry entry = patience.call(() -> api.audit(permit));
        lines.at(CutoverStep.PERMITTED, "until " + entry.permitExpiresAt());
        return entry;
    }

    /** Nobody writes any more; whoever does after the mark that this answers was not paused. */
    private LogSequenceNumber fenced(GateHold gate) throws InterruptedException {
        lines.at(CutoverStep.FENCE, fence.would());
        String did = fence.engage();
        if (!did.isEmpty()) {
            lines.line("fence: " + did);
        }
        awaitNoWriter(gate);
        LogSequenceNumber mark = source.mark("fence " + id);
        fenceLsn = mark;
        lines.at(CutoverStep.MARK, "at " + mark.asString());
        lines.at(CutoverStep.QUIET, "for %ds".formatted(settings.quiet().toSeconds()));
        long until = System.nanoTime() + settings.quiet().toNanos();
        while (System.nanoTime() - until < 0) {
            gate.check();
            Thread.sleep(PAUSE);
        }
        return mark;
    }

    private void awaitNoWriter(GateHold gate) throws InterruptedException {
        long deadline = System.nanoTime() + settings.writersEnd().toNanos();
        String writing = source.writing();
        while (writing != null) {
            gate.check();
            if (System.nanoTime() - deadline >= 0) {
                throw new CutoverBlocked("WRITERS_NOT_PAUSED", writing);
            }
            Thread.sleep(PAUSE);
            writing = source.writing();
        }
    }

    /** The final LSN, which the consumer cannot have passed: it is halted before there is one. */
    private LogSequenceNumber halted(GateHold gate) throws InterruptedException {
        awaitNoWriter(gate);
        patience.call(() -> gate.halt(null));
        LogSequenceNumber last = source.mark("final " + id);
        finalLsn = last;
        patience.call(() -> gate.halt(last));
        lines.at(CutoverStep.FINAL_LSN, "at " + last.asString());
        return last;
    }

    /** The API looks again, in the transaction that gives the permit; nobody has to wait for a comparison to hear this. */
    private void requireNoChanges(LogSequenceNumber from, LogSequenceNumber to) throws InterruptedException {
        List<ReceiptCell> cells =
                patience.call(() -> api.receipts(from, to, Side.VERIFIER)).cells();
        long changes = cells.stream().mapToLong(cell -> cell.verifier().count()).sum();
        if (changes > 0) {
            throw new CutoverBlocked(
                    "WRITERS_NOT_PAUSED",
                    "%d row change(s) committed after the fence at %s, for example of %s"
                            .formatted(
                                    changes, from.asString(), cells.getFirst().sourceTable()));
        }
    }

    private void requireSequences() {
        lines.at(CutoverStep.SEQUENCES, "");
        List<String> behind = behind();
        if (!behind.isEmpty()) {
            throw new CutoverBlocked(SEQUENCE_BEHIND, String.join("; ", behind));
        }
    }

    private List<String> behind() {
        try {
            return sequencesBehind.call();
        } catch (SQLException e) {
            throw new CutoverBlocked(
                    "TARGET_ERROR", "the sequences of the target cannot be looked at: " + e.getMessage());
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private CutoverAudit permit(VerifierRun run) {
        Map<String, String> compared = new LinkedHashMap<>();
        for (ModelCoverage model : run.coverage()) {
            compared.put(
                    model.model(),
                    "%d source rows, %d target rows, %d differing buckets"
                            .formatted(model.sourceRows(), model.targetRows(), model.differingBuckets()));
        }
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        return audit(
                id,
                CutoverDecision.PERMIT,
                compared,
                List.of(),
                settings.approvals().stream()
                        .distinct()
                        .map(name -> new Approval(name, now))
                        .toList());
    }

    private CutoverAudit audit(
            UUID as,
            CutoverDecision decision,
            Map<String, String> compared,
            List<BlockingFinding> findings,
            List<Approval> approvals) {
        return new CutoverAudit(
                as,
                decision,
                fenceLsn,
                finalLsn,
                runId,
                compared,
                findings,
                approvals,
                decision == CutoverDecision.PERMIT
                        ? Math.toIntExact(settings.permit().toSeconds())
                        : null,
                settings.who(),
                settings.why());
    }

    /**
     * First no permit, then no hold, and the writers last: in between nobody is allowed anything. Where a permit may stand
     * that could not be taken away, writers stay paused.
     */
    private Outcome.Blocked blocked(GateHold gate, String code, String detail) {
        lines.at(CutoverStep.UNDO, code + ": " + detail);
        BlockRecord record = new BlockRecord(
                api,
                patience,
                as -> audit(
                        as, CutoverDecision.BLOCK, Map.of(), List.of(new BlockingFinding(code, detail)), List.of()));
        Undo undo = new Undo();
        boolean noPermit = undo.each("the record in the audit", () -> record.store(id)) || !deciding;
        undo.each("the gate's hold, which ends by itself", gate::release);
        if (noPermit) {
            undo.each("the fence", fence::release);
        } else {
            undo.left(Abort.FENCE_IS_LEFT);
        }
        List<String> failures = undo.over();
        // Also told here, because not everybody who gets here hears the outcome.
        failures.forEach(failure -> lines.line("not undone: " + failure));
        lines.at(CutoverStep.BLOCKED, code);
        return new Outcome.Blocked(code, detail, failures);
    }
}
