package io.shadowwrite.system.quickstart;

import io.shadowwrite.system.suite.Program;

/** Pre-flight, and a window on a source that is still empty: loading what was there before is no part of this story yet. */
final class Opening {

    private final Stage stage;
    private final Steps steps;

    Opening(Stage stage) {
        this.stage = stage;
        this.steps = stage.steps();
    }

    void run() {
        steps.phase(1, "pre-flight");
        steps.step("preflight", "run what ./shadow preflight --fix-sql prints", () -> {
            Operator.Answer answer = stage.operator().compares("preflight").mustEndWith(0);
            steps.say("preflight: " + answer.lines().getLast());
        });

        steps.phase(2, "open the window");
        stage.suite().start(Program.API);
        steps.step("start shadow-api", "read " + stage.suite().log(Program.API), stage.suite()::awaitApi);
        steps.say("shadow-api answers on %s".formatted(stage.suite().apiUrl()));
        open();
        stage.suite().start(Program.CONSUMER);
        stage.suite().start(Program.SLOT_READER);
        steps.step(
                "stream from both slots",
                "read %s and %s"
                        .formatted(
                                stage.suite().log(Program.CONSUMER),
                                stage.suite().log(Program.SLOT_READER)),
                stage.suite()::awaitStreaming);
        steps.say("consumer and slot reader are streaming");
        steps.step("write reference rows", "see the message", stage.traffic()::seedReferenceRows);
    }

    private void open() {
        int hours = stage.options().hours();
        steps.step(
                "open the window",
                "read " + stage.suite().log(Program.BACKFILL),
                () -> stage.suite().openSimulatedWindow(hours));
        steps.say("window open: both slots exist; %d clean SIMULATED hour(s) are asked for, a real window asks for 168"
                .formatted(hours));
    }
}
