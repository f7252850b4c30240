package io.shadowwrite.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.protocol.RunSummary;
import io.shadowwrite.protocol.Status;
import io.shadowwrite.protocol.Verdict;
import io.shadowwrite.system.suite.Launch;
import io.shadowwrite.system.suite.Program;
import io.shadowwrite.system.suite.ProgramProcess;
import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.verification.progress.Step;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A verifier in its own JVM, killed with -9 when it says that it has come to a step, leaves nothing behind but a run that began
 * and did not end; and the next one is clean.
 */
@ExtendWith(HouseExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class VerifierKillIT {

    private static final Duration SAID_WITHIN = Duration.ofMinutes(3);
    private static final Duration GONE_WITHIN = Duration.ofSeconds(60);
    private static final int MOST_TRIES = 12;

    private final House house;
    private int launches;

    VerifierKillIT(House house) {
        this.house = house;
        house.traffic(11).run(2_000, Double.POSITIVE_INFINITY, () -> false);
    }

    @BeforeEach
    void isQuiet() {
        house.drain();
    }

    @ParameterizedTest
    @Timeout(600)
    @Order(1)
    @EnumSource(
            value = Step.class,
            names = {
                "PIN_BEGIN",
                "PIN_HELD",
                "PIN_SOURCE",
                "PIN_READERS",
                "PIN_TARGET",
                "PIN_RELEASED",
                "ATTEST",
                "COMPARE",
                "COMPARE_KEYS",
                "STORE"
            })
    void leavesNothingButARunThatBegan(Step step) {
        RunSummary left = killedAt(step);

        assertThat(left.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(left.reason()).isEqualTo("the run began and did not end");
        assertThat(left.tickHour()).isNotNull();
        Await.until("the hold is over", GONE_WITHIN, () -> house.api().status().hold() == null);
        awaitNone("slot of the verifier", house.source(), "SELECT count(*) FROM pg_replication_slots WHERE temporary");
        String sessions = "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'shadow-verifier%'";
        awaitNone("session of the verifier at the source", house.source(), sessions);
        awaitNone("session of the verifier at the target", house.target(), sessions);
        house.traffic(12).run(50, Double.POSITIVE_INFINITY, () -> false);
        house.drain();
    }

    @Test
    @Timeout(300)
    @Order(2)
    void givesTheHourItsVerdictWhenItIsRunAgain() {
        int code = house.suite().verify();

        RunSummary last = runs().getFirst();
        assertThat(last.verdict()).as(last.reason()).isEqualTo(Verdict.CLEAN);
        assertThat(code).isZero();
        assertThat(last.finishedAt()).isNotNull();
        Status status = house.api().status();
        assertThat(status.streak()).isPositive();
        assertThat(status.lastRun()).extracting(RunSummary::runId).isEqualTo(last.runId());
    }

    /** The run of a verifier that was killed there; one that was quicker than the signal does not count. */
    private RunSummary killedAt(Step step) {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            Set<UUID> before = runs().stream().map(RunSummary::runId).collect(Collectors.toCollection(HashSet::new));
            launches++;
            Launch launch = house.suite()
                    .plan(Program.VERIFIER)
                    .named("verifier-killed-" + launches)
                    .with("mode", "hourly")
                    .with("shadow.verifier.hold-lease", "3s");
            try (ProgramProcess verifier = house.suite().launch(launch)) {
                awaitAtOnce(verifier, "step " + step.id() + " ");
                verifier.kill();
            }
            RunSummary left = runs().stream()
                    .filter(run -> !before.contains(run.runId()))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no run of the verifier that was killed at " + step.id()));
            if (left.finishedAt() == null) {
                return left;
            }
        }
        throw new AssertionError("%d verifiers ended before they could be killed at %s; logs in %s"
                .formatted(MOST_TRIES, step.id(), house.logs()));
    }

    /** Looks without a pause worth the name: the next step may be milliseconds away. */
    private static void awaitAtOnce(ProgramProcess verifier, String line) {
        long deadline = System.nanoTime() + SAID_WITHIN.toNanos();
        while (verifier.lines().stream().noneMatch(said -> said.startsWith(line))) {
            if (!verifier.isAlive() || System.nanoTime() - deadline >= 0) {
                throw new AssertionError("'%s' is not in %s".formatted(line, verifier.log()));
            }
            LockSupport.parkNanos(200_000);
        }
    }

    private List<RunSummary> runs() {
        return house.api().runs(200, null, null, null).runs();
    }

    private static void awaitNone(String what, Database database, String count) {
        Await.until("no " + what + " is left", GONE_WITHIN, () -> database.queryForLong(count) == 0);
    }
}
