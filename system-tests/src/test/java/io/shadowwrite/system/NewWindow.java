package io.shadowwrite.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.system.suite.Launch;
import io.shadowwrite.system.suite.Program;
import io.shadowwrite.system.suite.ProgramProcess;
import io.shadowwrite.testsupport.Database;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A window in the place of one that cannot be mended, opened as the runbook says. All programs of the house run before. */
record NewWindow(House house) {

    private static final Duration COMMAND_ENDS_WITHIN = Duration.ofMinutes(2);

    void open() {
        for (Program program : List.of(Program.CONSUMER, Program.SLOT_READER, Program.API)) {
            house.suite().stop(program);
        }
        try (ProgramProcess decommission = house.suite().launch(givingUp())) {
            assertThat(decommission.exitWithin(COMMAND_ENDS_WITHIN))
                    .as(String.join("\n", decommission.lines()))
                    .isZero();
        }
        house.target().execute("TRUNCATE " + house.target().queryForString("""
                                SELECT string_agg(format('%I.%I', schemaname, tablename), ', ')
                                  FROM pg_tables WHERE schemaname = 'unified'
                                """));
        house.suite().start(Program.API);
        house.suite().awaitApi();
        house.suite().openWindow();
        house.suite().start(Program.CONSUMER);
        house.suite().start(Program.SLOT_READER);
        house.suite().awaitStreaming();
    }

    private Launch givingUp() {
        Database source = house.source();
        Database target = house.target();
        return new Launch(
                Program.CLI,
                List.of("decommission", "execute", "--abandon", "--with-provenance", "--reason=a test"),
                "decommission",
                Map.of(
                        "source-url", source.jdbcUrl(),
                        "source-user", source.user(),
                        "target-url", target.jdbcUrl(),
                        "target-user", target.user(),
                        "source-database", source.name()),
                Map.of("SHADOW_SOURCE_PASSWORD", source.password(), "SHADOW_TARGET_PASSWORD", target.password()));
    }
}
