package io.shadowwrite.system;

import io.shadowwrite.system.suite.Launch;
import io.shadowwrite.system.suite.Program;
import io.shadowwrite.system.suite.ProgramProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What an operator's command answered.
 *
 * @param text both of its streams
 */
record OperatorCommand(int code, String text) {

    private static final Duration ENDED_WITHIN = Duration.ofMinutes(1);

    /** Runs a command of the CLI against the API of this house, with the tokens of an operator. */
    static OperatorCommand run(House house, String log, String... words) {
        Launch consumer = house.suite().plan(Program.CONSUMER);
        String api = Objects.requireNonNull(consumer.settings().get("shadow.api.url"));
        ProgramProcess process = house.suite()
                .launch(new Launch(Program.CLI, List.of(words), log, Map.of("api-url", api), consumer.environment()));
        int code = process.exitWithin(ENDED_WITHIN);
        try {
            return new OperatorCommand(code, Files.readString(process.log()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
