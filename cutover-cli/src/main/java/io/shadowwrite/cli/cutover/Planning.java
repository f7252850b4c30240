package io.shadowwrite.cli.cutover;

import io.shadowwrite.cli.cutover.CutoverPlan.Objection;
import io.shadowwrite.cli.cutover.CutoverPlan.Planned;
import io.shadowwrite.protocol.Criterion;
import io.shadowwrite.protocol.EngagedFence;
import io.shadowwrite.protocol.GateState;
import io.shadowwrite.protocol.Hold;
import io.shadowwrite.protocol.ReaderPosition;
import io.shadowwrite.protocol.Status;
import io.shadowwrite.protocol.Window;
import io.shadowwrite.replication.source.SourceIdentity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Makes the plan from what is known; reads and changes nothing.
 *
 * @param status of the migration
 * @param window that is open
 * @param source the server that we are connected to
 * @param elsewhere why its database is not that of the window, if it is not
 * @param behind sequences of the target that are behind, each with what mends it
 */
public record Planning(
        Status status,
        Window window,
        SourceIdentity source,
        List<String> elsewhere,
        Fence fence,
        List<String> behind,
        CutoverSettings settings) {

    /** A reader that is held works all the same. */
    private static final Set<String> WORKS = Set.of("STREAMING", "HOLDING");

    /** The plan. */
    public CutoverPlan plan() throws InterruptedException {
        return new CutoverPlan(List.of(
                planned(CutoverStep.PRECONDITIONS, "look whether the window has proven enough", preconditions()),
                planned(
                        CutoverStep.GATE,
                        "take the gate with a lease of %ds: no verifier holds the consumer and no replay is taken any more"
                                .formatted(settings.lease().toSeconds()),
                        gate()),
                planned(CutoverStep.FENCE, fence.would(), fenced()),
                planned(
                        CutoverStep.MARK,
                        "wait up to %s until no transaction of the source writes, and mark the place in its WAL"
                                .formatted(spelled(settings.writersEnd())),
                        List.of()),
                planned(
                        CutoverStep.QUIET,
                        "wait %s; any row change from the mark on voids the attempt"
                                .formatted(spelled(settings.quiet())),
                        List.of()),
                planned(CutoverStep.FINAL_LSN, "halt the consumer, and take the final LSN there", List.of()),
                planned(
                        CutoverStep.DRAIN,
                        "wait up to %s until both readers are at the final LSN".formatted(spelled(settings.drained())),
                        List.of()),
                planned(CutoverStep.VERIFY, "compare every row through the API at the final LSN", List.of()),
                planned(
                        CutoverStep.SEQUENCES,
                        "look for sequences of the target that are behind their column",
                        sequences()),
                planned(
                        CutoverStep.DECIDE,
                        "let shadow-api record a permit for %s, or a block".formatted(spelled(settings.permit())),
                        approvals())));
    }

    private static Planned planned(CutoverStep step, String would, List<Objection> whyNot) {
        return new Planned(step.id(), would, whyNot);
    }

    private static String spelled(Duration time) {
        return time.toSeconds() % 60 == 0 && time.toSeconds() > 0 ? time.toMinutes() + "m" : time.toSeconds() + "s";
    }

    private List<Objection> preconditions() {
        List<Objection> objections = new ArrayList<>();
        for (Criterion criterion : status.criteria()) {
            if (!criterion.code().equals("SC2") && !Boolean.TRUE.equals(criterion.met())) {
                objections.add(new Objection(criterion.code(), criterion.detail()));
            }
        }
        if (status.openDeadLetters() > 0) {
            objections.add(new Objection("DEAD_LETTERS", status.openDeadLetters() + " dead letter(s) are open"));
        }
        for (ReaderPosition reader : status.readers()) {
            if (!WORKS.contains(reader.state())) {
                objections.add(new Objection(
                        "READER",
                        "the reader %s is %s%s"
                                .formatted(
                                        reader.side(),
                                        reader.state(),
                                        reader.reason() == null ? "" : ": " + reader.reason())));
            }
        }
        if (!source.systemIdentifier().equals(window.systemIdentifier()) || source.timeline() != window.timeline()) {
            objections.add(new Objection(
                    "SOURCE_CHANGED", "the source is not the server and timeline that the window was opened on"));
        }
        elsewhere.forEach(reason -> objections.add(new Objection("SOURCE_CHANGED", reason)));
        if (objections.isEmpty() && !status.ready()) {
            objections.add(new Objection("NOT_READY", status.reason()));
        }
        return objections;
    }

    private List<Objection> gate() {
        Hold hold = status.hold();
        return hold == null || hold.kind() == Hold.Kind.VERIFIER
                ? List.of()
                : List.of(new Objection("HOLD_TAKEN", "the consumer is held by " + hold.holder()));
    }

    private List<Objection> fenced() throws InterruptedException {
        EngagedFence left = status.gate() == null ? null : status.gate().fence();
        if (left != null && !left.kind().equals(fence.kind())) {
            return List.of(new Objection(
                    "FENCE",
                    "%s has left --fence=%s engaged: ./shadow cutover abort --fence=%s --reason R"
                            .formatted(left.holder(), left.kind(), left.kind())));
        }
        String objection = left == null ? fence.strange() : null;
        objection = objection == null ? fence.objection() : objection;
        return objection == null ? List.of() : List.of(new Objection("FENCE", objection));
    }

    private List<Objection> sequences() {
        return behind.stream()
                .map(each -> new Objection(Cutover.SEQUENCE_BEHIND, each))
                .toList();
    }

    private List<Objection> approvals() {
        GateState gate = status.gate();
        int required = gate == null ? 1 : gate.requiredApprovals();
        long named = settings.approvals().stream().distinct().count();
        return named >= required
                ? List.of()
                : List.of(new Objection(
                        "APPROVALS", "%d of %d approval(s) named: --approved-by NAME".formatted(named, required)));
    }
}
