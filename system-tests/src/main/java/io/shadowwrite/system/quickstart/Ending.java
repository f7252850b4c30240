package io.shadowwrite.system.quickstart;

import io.shadowwrite.protocol.ExitCode;
import io.shadowwrite.system.suite.Program;
import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.Database;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Cutover to a permit, and what is left of it all afterwards: nothing. */
final class Ending {

    private static final String REASON = "--reason=the quickstart is over";
    private static final Duration GONE_WITHIN = Duration.ofSeconds(30);

    private static final String SESSIONS =
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'shadow-%'";

    private final Stage stage;
    private final Steps steps;

    Ending(Stage stage) {
        this.stage = stage;
        this.steps = stage.steps();
    }

    /** With writers that have stopped. */
    void cutOver() {
        steps.phase(4, "cutover");
        String name = "--source-database=" + stage.source().name();
        steps.step("cut over", "read the log it names, then ./shadow cutover plan", () -> {
            Operator.Answer executed = stage.operator()
                    .decides(
                            "cutover",
                            "execute",
                            REASON,
                            name,
                            "--approved-by=ada",
                            "--approved-by=grace",
                            "--quiet=2s")
                    .mustEndWith(0);
            executed.lines().stream()
                    .filter(line -> line.startsWith("step "))
                    .forEach(line -> steps.say("cutover: " + line));
            steps.say(executed.line("PERMITTED"));
            stage.operator().asks("cutover", "status").mustEndWith(0);
            Operator.Answer finished = stage.operator()
                    .asks(
                            "cutover",
                            "finish",
                            REASON,
                            name,
                            "--source-url=" + stage.source().jdbcUrl(),
                            "--source-user=" + stage.source().user())
                    .mustEndWith(0);
            steps.say(finished.line("FINISHED"));
        });
    }

    /** Shows what there is to remove, and removes it when nothing shall stay. */
    void decommission() {
        steps.phase(5, "decommission");
        if (stage.options().once()) {
            stop();
        }
        steps.step("plan the removal", "read the log it names", () -> {
            int wanted = (stage.options().once() ? ExitCode.DONE : ExitCode.GATE_BLOCKED).code();
            tell(stage.operator().looks("decommission", "plan").mustEndWith(wanted));
        });
        if (stage.options().once()) {
            remove();
        }
    }

    private void stop() {
        Stream.of(Program.CONSUMER, Program.SLOT_READER, Program.API).forEach(stage.suite()::stop);
        for (Database side : List.of(stage.source(), stage.target())) {
            steps.step(
                    "stop every program",
                    "read the logs in " + stage.directory(),
                    () -> Await.until("their sessions end", GONE_WITHIN, () -> side.queryForLong(SESSIONS) == 0));
        }
        steps.say("every program is stopped");
    }

    private void remove() {
        steps.step("remove what is ours", "read the log it names; it may be repeated", () -> {
            String name = "--source-database=" + stage.source().name();
            stage.operator()
                    .looks("decommission", "execute", "--with-provenance", REASON, name)
                    .mustEndWith(0);
            Operator.Answer checked = stage.operator()
                    .looks("decommission", "check", "--with-provenance")
                    .mustEndWith(0);
            steps.say("decommission check: " + checked.lines().getLast());
        });
    }

    private void tell(Operator.Answer answer) {
        answer.lines().stream()
                .filter(line -> line.startsWith("SOURCE") || line.startsWith("TARGET") || line.startsWith("in the way"))
                .forEach(line -> steps.say("plan: " + line));
    }
}
