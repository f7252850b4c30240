package io.shadowwrite.cli;

import io.shadowwrite.cli.cutover.CutoverPlan;
import io.shadowwrite.cli.cutover.CutoverSettings;
import io.shadowwrite.cli.cutover.Fence;
import io.shadowwrite.cli.cutover.Planning;
import io.shadowwrite.cli.cutover.Sequences;
import io.shadowwrite.cli.cutover.WindowSlots;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.Status;
import io.shadowwrite.protocol.TickClock;
import io.shadowwrite.protocol.Window;
import io.shadowwrite.replication.source.SourceIdentity;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** Everything that a plan is made of, opened once. */
record CutoverDesk(
        ShadowApi api,
        SourceOptions source,
        Contract contract,
        TargetOptions target,
        Fence fence,
        CutoverSettings settings,
        Window window) {

    private static final String APPLICATION_NAME = "shadow-cutover";
    private static final Duration ANSWER_BOUND = Duration.ofSeconds(30);

    static Window window(ShadowApi api) {
        return api.verifierState().window();
    }

    /** Sequences of the target that are behind now. */
    List<String> behind() throws SQLException {
        try (Connection here = target.open()) {
            return new Sequences(contract, here).behind();
        }
    }

    CutoverPlan plan() throws SQLException, InterruptedException {
        Status status = api.status();
        if (status.gate() == null) {
            throw new ShadowProblem(ProblemType.WINDOW_NOT_OPEN, "there is nothing to cut over");
        }
        SourceIdentity identity = SourceIdentity.read(source.connection(), APPLICATION_NAME);
        return new Planning(status, window, identity, elsewhere(), fence, behind(), settings).plan();
    }

    private List<String> elsewhere() throws SQLException {
        try (Connection there = source.connection().openBounded(APPLICATION_NAME, ANSWER_BOUND)) {
            return new WindowSlots(there).elsewhere(window);
        }
    }

    /** For people. */
    void print(PrintWriter out, CutoverPlan plan) {
        int number = 1;
        for (CutoverPlan.Planned step : plan.steps()) {
            out.printf("%2d  %-14s %s%n", number++, step.step(), step.would());
            for (CutoverPlan.Objection objection : step.whyNot()) {
                out.printf("    %-14s NOT YET %s: %s%n", "", objection.code(), objection.detail());
            }
        }
        if (window.tickClock() == TickClock.SIMULATED) {
            out.println("The hours of this window are SIMULATED: a permit on them is a demonstration, and no proof.");
        }
        out.flush();
    }
}
