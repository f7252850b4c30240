package io.shadowwrite.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.protocol.AuditEntry;
import io.shadowwrite.protocol.CutoverDecision;
import io.shadowwrite.protocol.ExitCode;
import io.shadowwrite.protocol.GateState;
import io.shadowwrite.protocol.RunSummary;
import io.shadowwrite.protocol.Status;
import io.shadowwrite.protocol.Verdict;
import io.shadowwrite.system.suite.Program;
import io.shadowwrite.system.suite.ProgramProcess;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A gate that is killed with -9, at each of its steps and at random: there is a permit on a clean comparison or there is
 * none, and the consumer goes on within a lease unless there is.
 */
@ExtendWith(HouseExtension.class)
class CutoverKillIT {

    private static final Duration SAID_WITHIN = Duration.ofMinutes(3);
    private static final long LONGEST_ATTEMPT_MILLIS = 20_000;

    private final House house;
    private Gate gate;

    CutoverKillIT(House house) {
        this.house = house;
    }

    @BeforeEach
    void isReady() {
        house.drain();
        gate = Gate.ready(house);
    }

    @AfterEach
    void goesOn() {
        gate.close();
    }

    @ParameterizedTest
    @Timeout(400)
    @ValueSource(
            strings = {
                "gate",
                "fence",
                "mark",
                "quiet",
                "final-lsn",
                "drain",
                "verify",
                "sequences",
                "decide",
                "permitted"
            })
    void isUndoneOrCompleteWhereverItIsKilled(String step) {
        try (ProgramProcess attempt = gate.begin()) {
            awaitAtOnce(attempt, "step " + step + " ");
            kill(attempt);
        }

        isUndoneOrComplete();
    }

    /** Each of them is started again at once, as whatever runs it would. */
    @ParameterizedTest
    @Timeout(400)
    @CsvSource({
        "API,quiet",
        "API,verify",
        "API,decide",
        "CONSUMER,quiet",
        "CONSUMER,drain",
        "SLOT_READER,quiet",
        "SLOT_READER,drain"
    })
    void isUndoneOrCompleteWhichOfTheOthersIsKilled(Program victim, String step) {
        try (ProgramProcess attempt = gate.begin("--quiet=3s", "--lease=60s")) {
            awaitAtOnce(attempt, "step " + step + " ");
            house.suite().kill(victim);
            house.suite().start(victim);
            house.suite().awaitApi();

            assertThat(attempt.exitWithin(SAID_WITHIN)).isIn(0, ExitCode.GATE_BLOCKED.code());
        }

        isUndoneOrComplete();
        gate.abort();
        gate.consumerGoesOn();
    }

    @Test
    @Timeout(400)
    void leavesAFenceThatIsKnownAndThatAnAbortReleases() {
        try (ProgramProcess attempt = gate.begin("--fence=read-only")) {
            awaitAtOnce(attempt, "step drain ");
            kill(attempt);
        }
        isUndoneOrComplete();

        Gate.Answer aborted = gate.abort("--fence=read-only");

        assertThat(aborted.code()).as(aborted.text()).isZero();
        assertThat(house.source().queryForString("SHOW default_transaction_read_only"))
                .isEqualTo("off");
        assertThat(gate.standing().gate()).extracting(GateState::fence).isNull();
    }

    @Test
    @Timeout(3_600)
    void isUndoneOrCompleteWhenItIsKilledAtRandom() {
        int kills = Integer.getInteger("kills", 2);
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        House.measured("%d attempts to cut over are killed at random, seed %d".formatted(kills, seed));
        for (int i = 0; i < kills; i++) {
            try (ProgramProcess attempt = gate.begin()) {
                awaitAtOnce(attempt, "step gate ");
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextLong(LONGEST_ATTEMPT_MILLIS)));
                kill(attempt);
            }
            isUndoneOrComplete();
            gate.abort();
            gate.isReadyOnceTheVerifierRan();
        }
        Gate.Answer last = gate.execute();
        assertThat(last.code()).as("%s%nseed %d", last.text(), seed).isZero();
    }

    /** What it started may run on; the next attempt would be told of its end. */
    private static void kill(ProgramProcess attempt) {
        List<ProcessHandle> started = ProcessHandle.of(attempt.pid()).stream()
                .flatMap(ProcessHandle::descendants)
                .toList();
        attempt.kill();
        started.forEach(each -> each.onExit().orTimeout(3, TimeUnit.MINUTES).join());
    }

    private void isUndoneOrComplete() {
        for (AuditEntry entry :
                house.api().audits(1_000, null, CutoverDecision.PERMIT).entries()) {
            assertThat(run(entry).verdict()).isEqualTo(Verdict.CLEAN);
            assertThat(run(entry).pinLsn()).isEqualTo(entry.audit().finalLsn());
        }
        Status standing = gate.standing();
        if (standing.permit() == null) {
            gate.consumerGoesOn();
        } else {
            assertThat(Objects.requireNonNull(standing.hold()).ofPermit())
                    .as("held until somebody says what became of it")
                    .isTrue();
        }
    }

    private RunSummary run(AuditEntry entry) {
        return house.api().runs(1_000, null, "cutover", null).runs().stream()
                .filter(run -> run.runId().equals(entry.audit().verifierRunId()))
                .findFirst()
                .orElseThrow();
    }

    /** Looks without a pause worth the name: the next step may be milliseconds away. */
    private static void awaitAtOnce(ProgramProcess attempt, String line) {
        long deadline = System.nanoTime() + SAID_WITHIN.toNanos();
        while (attempt.lines().stream().noneMatch(said -> said.startsWith(line))) {
            if (!attempt.isAlive() || System.nanoTime() - deadline >= 0) {
                throw new AssertionError("'%s' is not in %s".formatted(line, attempt.log()));
            }
            LockSupport.parkNanos(200_000);
        }
    }
}
