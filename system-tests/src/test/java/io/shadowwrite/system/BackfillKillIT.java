package io.shadowwrite.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.protocol.LoadOpening;
import io.shadowwrite.protocol.LoadState;
import io.shadowwrite.protocol.RunSummary;
import io.shadowwrite.protocol.Verdict;
import io.shadowwrite.protocol.WindowPhase;
import io.shadowwrite.system.suite.Launch;
import io.shadowwrite.system.suite.Program;
import io.shadowwrite.system.suite.ProgramProcess;
import io.shadowwrite.system.traffic.Traffic;
import io.shadowwrite.testsupport.Await;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/**
 * Loads and their cleanups that are killed with -9 at each of their steps, at random moments, while writers go on: the window is
 * opened by the next run, or taken away without a trace. {@code -Dkills=20 -Dkills.seed=N} is the long form.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BackfillKillIT {

    private static final int KILLS = Integer.getInteger("kills", 9);
    private static final long SEED = Long.getLong("kills.seed", System.nanoTime());
    private static final Duration SAID_WITHIN = Duration.ofMinutes(3);
    private static final Duration ENDED_WITHIN = Duration.ofMinutes(5);

    private static final List<String> STEPS = List.of(
            "preflight", "slot.one", "slot.two", "register", "load", "loaded", "verify", "verified", "streaming");

    /** What of a cleanup is told once a window is registered, and before. */
    private static final List<String> CLEANUP_STEPS = List.of("discard", "drop", "forget", "clean");

    private static final List<String> CLEANUP_STEPS_OF_SLOTS = List.of("drop", "clean");

    /** Longer than most steps take, so that the kill may also hit the beginning of the next. */
    private static final Duration SOON = Duration.ofMillis(40);

    /** A comparison that was started goes on by itself; it may have joined the snapshot by then, or not. */
    private static final Duration WHILE_COMPARING = Duration.ofSeconds(6);

    private static final String MEMBERS = """
            SELECT count(pg_terminate_backend(pid, 5000))
              FROM pg_stat_activity
             WHERE application_name LIKE ?
               AND pid <> pg_backend_pid()
            """;

    private static final String OPEN_BY_FORCE =
            "UPDATE shadow.backfill_state SET phase = 'DISCARDING' WHERE phase = 'STREAMING'";

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final AtomicBoolean over = new AtomicBoolean();

    private House house;
    private CompletableFuture<Void> writers;
    private int launches;

    @BeforeAll
    void build() {
        house = House.build("backfill-kills");
        house.traffic(61).seedReferenceRows();
        house.traffic(62).run(3_000, Double.POSITIVE_INFINITY, () -> false);
        house.suite().start(Program.API);
        house.suite().awaitApi();
        Traffic traffic = house.traffic(63);
        writers = CompletableFuture.runAsync(() -> traffic.run(Long.MAX_VALUE, 50, over::get));
        House.measured("backfill kills: seed %d".formatted(SEED));
    }

    @AfterAll
    void tearDown() {
        over.set(true);
        try {
            writers.join();
        } finally {
            house.close();
        }
    }

    private Launch job(String... words) {
        launches++;
        return house.suite()
                .plan(Program.BACKFILL)
                .saying(words)
                .named("backfill-kill-" + launches)
                .with("shadow.backfill.readers", 3)
                .with("shadow.backfill.watch-interval", "200ms")
                .with("shadow.backfill.range-pages", 4);
    }

    private int run(Launch job) {
        try (ProgramProcess process = house.suite().launch(job)) {
            return process.exitWithin(ENDED_WITHIN);
        }
    }

    private Launch cleanupJob() {
        return job("cleanup").with("yes", "true").with("shadow.slots.replace", true);
    }

    private int cleanup() {
        return run(cleanupJob());
    }

    private LoadState state() {
        return house.api().loadState();
    }

    private boolean streams() {
        LoadOpening opening = state().opening();
        return opening != null && opening.phase() == WindowPhase.STREAMING;
    }

    /** A window that streams stays; only a test takes it back. */
    private void takeBack() {
        house.target().execute(OPEN_BY_FORCE);
        assertThat(cleanup()).isZero();
        assertNothingLeft();
    }

    private void assertNothingLeft() {
        assertThat(state().opening()).isNull();
        assertThat(state().filled()).isEmpty();
        assertThat(house.source().queryForLong("SELECT count(*) FROM pg_replication_slots"))
                .isZero();
        assertThat(house.target().queryForLong("SELECT count(*) FROM provenance.transaction"))
                .isZero();
    }

    private void assertVerified() {
        LoadOpening opening = Objects.requireNonNull(state().opening());
        assertThat(house.api().runs(10, null, "post-backfill", Verdict.CLEAN).runs())
                .extracting(RunSummary::pinLsn)
                .contains(opening.window().consumerBaseline());
    }

    private void killedAt(Launch job, String step, Duration pause) {
        try (ProgramProcess process = house.suite().launch(job)) {
            long deadline = System.nanoTime() + SAID_WITHIN.toNanos();
            while (process.isAlive()
                    && process.lines().stream().noneMatch(line -> line.startsWith("step " + step + " "))) {
                if (System.nanoTime() - deadline >= 0) {
                    throw new AssertionError("'step %s' is not in %s".formatted(step, process.log()));
                }
                LockSupport.parkNanos(200_000);
            }
            assertThat(process.lines())
                    .as("see " + process.log())
                    .anyMatch(line -> line.startsWith("step " + step + " "));
            LockSupport.parkNanos(random.nextLong(pause.toNanos()));
            process.kill();
        }
        Await.until(
                "the source has noticed",
                SAID_WITHIN,
                () -> house.source()
                                .queryForLong(
                                        "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'shadow-backfill%'")
                        == 0);
    }

    /** 0: opened; 4: slots are left that nobody knows of; 13: a load is left whose snapshot is gone. */
    private static Object[] outcomes(String step) {
        return switch (step) {
            // Mostly nothing is left.
            case "preflight" -> new Object[] {0, 4};
            case "slot.one", "slot.two" -> new Object[] {4, 13};
            case "register", "load", "loaded" -> new Object[] {13};
            // By whether the comparison was in the snapshot already, and has ended.
            case "verify" -> new Object[] {0, 13};
            case "verified", "streaming" -> new Object[] {0};
            default -> throw new AssertionError(step);
        };
    }

    @Test
    @Order(1)
    @Timeout(3_600)
    void isCompletedOrCleanlyUndoneWhereverItWasKilled() {
        int completed = 0;
        int undone = 0;
        for (int kill = 1; kill <= KILLS; kill++) {
            String step = STEPS.get((kill - 1) % STEPS.size());
            killedAt(job("run"), step, step.equals("verify") ? WHILE_COMPARING : SOON);
            int code = streams() ? 0 : run(job("run"));
            assertThat(code)
                    .as("what the next run says after a kill at " + step)
                    .isIn(outcomes(step));
            if (code == 0) {
                assertThat(streams()).as("killed at " + step).isTrue();
                assertVerified();
                assertThat(cleanup()).as("cleanup of a window that streams").isEqualTo(13);
                takeBack();
                completed++;
            } else {
                assertThat(streams()).isFalse();
                List<String> steps = state().opening() == null ? CLEANUP_STEPS_OF_SLOTS : CLEANUP_STEPS;
                killedAt(cleanupJob(), steps.get(random.nextInt(steps.size())), SOON);
                assertThat(cleanup()).as("killed at " + step).isZero();
                assertNothingLeft();
                undone++;
            }
        }
        House.measured("backfill killed %d times: %d completed by the next run, %d cleanly undone, seed %d"
                .formatted(KILLS, completed, undone, SEED));
    }

    @Test
    @Order(2)
    @Timeout(600)
    void goesOnWithoutItsHolderAndWithoutOneOfItsReaders() {
        try (ProgramProcess backfill = house.suite().launch(job("run"))) {
            backfill.awaitLine("step load ", SAID_WITHIN);
            house.source().queryForLong(MEMBERS, "shadow-backfill-holder");
            house.source().execute("""
                    SELECT pg_terminate_backend(pid, 5000)
                      FROM pg_stat_activity
                     WHERE application_name = 'shadow-backfill'
                     LIMIT 1
                    """);
            assertThat(backfill.exitWithin(ENDED_WITHIN))
                    .as("see " + backfill.log())
                    .isZero();
        }
        assertVerified();
        takeBack();
    }

    @Test
    @Order(3)
    @Timeout(600)
    void goesOnWhenTheApiDiesInTheMiddleOfARange() {
        try (ProgramProcess backfill = house.suite().launch(job("run").with("shadow.backfill.range-pages", 1))) {
            backfill.awaitLine("step load ", SAID_WITHIN);
            house.suite().kill(Program.API);
            house.suite().start(Program.API);
            assertThat(backfill.exitWithin(ENDED_WITHIN))
                    .as("see " + backfill.log())
                    .isZero();
            assertThat(String.join("\n", backfill.lines())).contains("is asked again until it does");
        }
        assertVerified();
        takeBack();
    }

    @Test
    @Order(4)
    @Timeout(600)
    void saysThatTheLoadIsLostWithItsLastSession() {
        try (ProgramProcess backfill = house.suite().launch(job("run").with("shadow.backfill.range-pages", 1))) {
            backfill.awaitLine("step register ", SAID_WITHIN);
            Await.until("every session is gone", SAID_WITHIN, () -> {
                house.source().queryForLong(MEMBERS, "shadow-backfill%");
                return !backfill.isAlive();
            });
            assertThat(backfill.exitWithin(ENDED_WITHIN))
                    .as("see " + backfill.log())
                    .isEqualTo(4);
        }
        assertThat(streams()).isFalse();
        assertThat(cleanup()).isZero();
        assertNothingLeft();
    }

    @Test
    @Order(5)
    @Timeout(600)
    void opensAfterAllOfThatAndIsEqual() {
        assertThat(run(job("run"))).isZero();
        house.suite().start(Program.CONSUMER);
        house.suite().start(Program.SLOT_READER);
        house.suite().awaitStreaming();
        over.set(true);
        writers.join();
        house.drain();

        assertThat(house.suite().verify()).isZero();
    }
}
