package io.shadowwrite.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.protocol.RunSummary;
import io.shadowwrite.protocol.Verdict;
import io.shadowwrite.system.suite.Launch;
import io.shadowwrite.system.suite.Program;
import io.shadowwrite.system.suite.ProgramProcess;
import io.shadowwrite.testsupport.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Programs whose own clocks are wrong by an hour, and jump by two, while changes flow. It needs libfaketime (the package
 * {@code libfaketime}, or {@code -Dfaketime=FILE}); without, it is skipped and says so, but fails in CI.
 */
@Timeout(600)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClockJumpIT {

    private static final String AHEAD = "+1h";
    private static final String BEHIND = "-1h";
    private static final Duration ABOUT_AN_HOUR = Duration.ofMinutes(50);
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(30);
    private static final Duration ASKED_IN_VAIN_WITHIN = Duration.ofMinutes(2);
    private static final int BREAKER_OPENS_AFTER = 10;
    private static final List<String> INSTALLED = List.of(
            "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
            "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1");
    private static final List<Program> DAEMONS = List.of(Program.API, Program.CONSUMER, Program.SLOT_READER);

    private final Path library = library();
    private final House house = House.streaming("clock-jumps");
    private long seed = 100;

    @AfterAll
    void tearDown() {
        house.close();
    }

    @Test
    @Order(1)
    void everythingArrivesInItsOrderThroughProgramsWhoseClocksJump() throws IOException {
        for (Program daemon : DAEMONS) {
            house.suite().kill(daemon);
            set(daemon, AHEAD);
            try (ProgramProcess jumping = house.suite().launch(wrong(daemon).named("jumping-" + daemon.module()))) {
                if (daemon == Program.API) {
                    house.suite().awaitApi();
                }
                write();
                assertThat(error(firstLine(jumping))).as("ahead").isGreaterThan(ABOUT_AN_HOUR);
                set(daemon, BEHIND);
                write();
                jumping.stop(STOPS_WITHIN);
                assertThat(error(lastLine(jumping))).as("behind").isLessThan(ABOUT_AN_HOUR.negated());
            }
            house.suite().start(daemon);
            house.suite().awaitApi();
        }
        house.drain();

        house.oracle().agreesWithBothReaders();
        History.isSound(house.target());
        assertThat(new Ticks(house).run().findings()).isEmpty();
    }

    @Test
    @Order(2)
    void aClockThatGoesBackMakesNobodyWaitForTheHourToComeAgain() throws IOException {
        house.suite().kill(Program.CONSUMER);
        set(Program.CONSUMER, AHEAD);
        try (ProgramProcess consumer =
                house.suite().launch(wrong(Program.CONSUMER).named("waiting-consumer"))) {
            write();
            house.suite().kill(Program.API);
            house.traffic(seed++).run(300, Double.POSITIVE_INFINITY, () -> false);
            try (RefusingApi refusing = RefusingApi.of(house)) {
                // Both of its writers, at least one of which has seen its breaker open then.
                Await.until(
                        "it was asked in vain",
                        ASKED_IN_VAIN_WITHIN,
                        () -> refusing.asked("/shadow/write/batch") >= 2 * BREAKER_OPENS_AFTER);
                set(Program.CONSUMER, BEHIND);
            }
            house.suite().start(Program.API);
            house.suite().awaitApi();

            write();
            assertThat(consumer.isAlive()).isTrue();
        }
        house.suite().start(Program.CONSUMER);
        house.drain();
    }

    @ParameterizedTest
    @Order(3)
    @ValueSource(strings = {AHEAD, BEHIND})
    void anHourIsThatOfTheSourceWhateverTheVerifierThinks(String offset) throws IOException {
        // A second verdict on an hour would count for none.
        house.target().execute("UPDATE shadow.verifier_run SET tick_hour = NULL");
        set(Program.VERIFIER, offset);
        Instant before = hourOfTheSource();
        int code =
                house.suite().run(wrong(Program.VERIFIER).with("mode", "hourly").with("fail-on", "dirty"));
        RunSummary run = house.api().runs(1, null, null, null).runs().getFirst();

        assertThat(code).as(run.reason()).isZero();
        assertThat(run.verdict()).as(run.reason()).isEqualTo(Verdict.CLEAN);
        assertThat(run.tickHour()).isBetween(before, hourOfTheSource());
    }

    private Instant hourOfTheSource() {
        return Instant.ofEpochSecond(
                house.source().queryForLong("SELECT extract(epoch FROM date_trunc('hour', now(), 'UTC'))::bigint"));
    }

    private void write() {
        house.traffic(seed++).run(300, Double.POSITIVE_INFINITY, () -> false);
        house.drain();
    }

    /** The same under a clock that a file tells, looked at every second. */
    private Launch wrong(Program program) {
        return house.suite()
                .plan(program)
                .withEnvironment("LD_PRELOAD", library.toString())
                .withEnvironment("FAKETIME_TIMESTAMP_FILE", clock(program).toString())
                .withEnvironment("FAKETIME_CACHE_DURATION", "1")
                .withEnvironment("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    }

    private Path clock(Program program) {
        return house.logs().resolve("clock-of-" + program.module());
    }

    private void set(Program program, String offset) throws IOException {
        Files.writeString(clock(program), offset + "\n");
    }

    /** How far the clock that wrote it was ahead of ours, as it is now. */
    private static Duration error(String line) {
        return Duration.between(Instant.now(), OffsetDateTime.parse(line.split(" ", 2)[0]));
    }

    private static String firstLine(ProgramProcess program) {
        return stamped(program).findFirst().orElseThrow();
    }

    private static String lastLine(ProgramProcess program) {
        return stamped(program).reduce((_, last) -> last).orElseThrow();
    }

    private static Stream<String> stamped(ProgramProcess program) {
        return program.lines().stream().filter(line -> line.matches("\\d{4}-\\d\\d-\\d\\dT.*Z .*"));
    }

    private static Path library() {
        String named = System.getProperty("faketime");
        if (named != null) {
            assertThat(Path.of(named)).as("-Dfaketime").isRegularFile();
            return Path.of(named);
        }
        Optional<Path> installed =
                INSTALLED.stream().map(Path::of).filter(Files::exists).findFirst();
        Precondition.ofPackage(installed.isPresent(), "install the package libfaketime, or set -Dfaketime=FILE");
        return installed.orElseThrow();
    }
}
