package io.shadowwrite.system.quickstart;

import io.shadowwrite.system.suite.Launch;
import io.shadowwrite.system.suite.Program;
import io.shadowwrite.system.suite.ProgramProcess;
import io.shadowwrite.system.suite.Suite;
import io.shadowwrite.testsupport.Database;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Types the commands of the runbook, as a person would. */
final class Operator {

    private static final Duration ENDS_WITHIN = Duration.ofMinutes(5);

    private final Suite suite;
    private final Path home;
    private final List<String> databases;
    private final String contract;
    private int commands;

    Operator(Suite suite, Path home, Path contract, Database source, Database target) {
        this.suite = suite;
        this.home = home;
        this.contract = "--contract=" + contract;
        this.databases = List.of(
                "--source-url=" + source.jdbcUrl(),
                "--source-user=" + source.user(),
                "--target-url=" + target.jdbcUrl(),
                "--target-user=" + target.user());
    }

    /**
     * What a command answered.
     *
     * @param lines of both its streams
     */
    record Answer(int code, List<String> lines, Path log) {

        /** The first line that contains the text; empty when none does. */
        String line(String text) {
            return lines.stream()
                    .filter(line -> line.contains(text))
                    .findFirst()
                    .orElse("");
        }

        /**
         * This, if it ended so.
         *
         * @throws IllegalStateException with the end of what it said, if it did not
         */
        Answer mustEndWith(int wanted) {
            if (code != wanted) {
                throw new IllegalStateException("it ended with %d instead of %d; %s ends with:%n%s"
                        .formatted(
                                code,
                                wanted,
                                log,
                                String.join("\n", lines.subList(Math.max(0, lines.size() - 8), lines.size()))));
            }
            return this;
        }
    }

    /** A command that asks shadow-api. */
    Answer asks(String... words) {
        String api =
                Objects.requireNonNull(suite.plan(Program.CONSUMER).settings().get("shadow.api.url"));
        return run(List.of(words), List.of("--api-url=" + api));
    }

    /** A command that looks at both databases by itself. */
    Answer looks(String... words) {
        return run(List.of(words), databases);
    }

    /** The same with the contract. */
    Answer compares(String... words) {
        return run(
                List.of(words),
                Stream.concat(databases.stream(), Stream.of(contract)).toList());
    }

    /** A command that needs all of it. */
    Answer decides(String... words) {
        String api =
                Objects.requireNonNull(suite.plan(Program.CONSUMER).settings().get("shadow.api.url"));
        return run(
                List.of(words),
                Stream.concat(databases.stream(), Stream.of(contract, "--api-url=" + api))
                        .toList());
    }

    private Answer run(List<String> words, List<String> more) {
        List<String> all = new ArrayList<>(words);
        all.addAll(more);
        String log = "operator-%02d-%s".formatted(++commands, words.getFirst());
        ProgramProcess process = suite.launch(new Launch(Program.CLI, all, log, Map.of(), environment(suite, home)));
        int code = process.exitWithin(ENDS_WITHIN);
        return new Answer(code, process.lines(), process.log());
    }

    /** What a program sees that starts the verifier itself. */
    static Map<String, String> environment(Suite suite, Path home) {
        Map<String, String> environment =
                new HashMap<>(suite.plan(Program.CONSUMER).environment());
        environment.put("SHADOW_JAVA_HOME", System.getProperty("java.home"));
        environment.put("SHADOW_VERIFY_COMMAND", home.resolve("shadow") + " verify run");
        return environment;
    }
}
