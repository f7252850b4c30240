package io.shadowwrite.system.quickstart;

import io.shadowwrite.system.suite.Program;

/** Pre-flight and backfill: rows that were there before, loaded while writers go on. */
final class Opening {

    private static final long CHANGES_BEFORE = 8_000;

    private final Stage stage;
    private final Steps steps;

    Opening(Stage stage) {
        this.stage = stage;
        this.steps = stage.steps();
    }

    void run() {
        steps.phase(1, "pre-flight");
        steps.step("write rows before the window", "see the message", stage.traffic()::seedReferenceRows);
        stage.traffic().run(CHANGES_BEFORE, Double.POSITIVE_INFINITY, () -> false);
        steps.say("%,d row changes were there before anything of ours"
                .formatted(stage.traffic().changes()));
        steps.step("preflight", "run what ./shadow preflight --fix-sql prints", () -> {
            Operator.Answer answer = stage.operator().compares("preflight").mustEndWith(0);
            steps.say("preflight: " + answer.lines().getLast());
        });

        steps.phase(2, "backfill");
        // Readers may be there before the window; they wait for the load.
        stage.suite().start(Program.API);
        stage.suite().start(Program.CONSUMER);
        stage.suite().start(Program.SLOT_READER);
        steps.step("start shadow-api", "read " + stage.suite().log(Program.API), stage.suite()::awaitApi);
        steps.say("shadow-api answers on %s".formatted(stage.suite().apiUrl()));
        load();
        steps.step(
                "stream from both slots",
                "read %s and %s"
                        .formatted(
                                stage.suite().log(Program.CONSUMER),
                                stage.suite().log(Program.SLOT_READER)),
                stage.suite()::awaitStreaming);
        steps.say("consumer and slot reader are streaming");
    }

    private void load() {
        long before = stage.traffic().changes();
        int hours = stage.options().hours();
        steps.step(
                "load the rows that are there",
                "read " + stage.suite().log(Program.BACKFILL),
                () -> stage.underTraffic(() -> stage.suite().openSimulatedWindow(hours)));
        steps.say(
                "loaded and compared under %,d live row changes; %d clean SIMULATED hour(s) are asked for, a real window asks for 168"
                        .formatted(stage.traffic().changes() - before, hours));
    }
}
