package io.shadowwrite.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the simulation says of a program is worth what its machine does. */
@Timeout(60)
class MachineTest {

    private static final int SEEDS = 200;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /** A task of the machine. */
    private interface Work {
        void run(Machine machine) throws InterruptedException;
    }

    @Test
    void whoeverHasALockIsAloneInItAndTheSeedDecidesWhoIsFirst() {
        List<String> orders = new ArrayList<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            List<String> order = new ArrayList<>();
            run(seed, machine -> {
                Lock lock = machine.newLock();
                start(machine, own -> hold(lock, own, order, "a"));
                start(machine, own -> hold(lock, own, order, "b"));
            });
            assertThat(order).isIn(List.of("a", "a", "b", "b"), List.of("b", "b", "a", "a"));
            orders.add(order.getFirst());
        }

        assertThat(orders).contains("a", "b");
    }

    private static void hold(Lock lock, Machine machine, List<String> order, String name) {
        within(lock, () -> {
            order.add(name);
            machine.sleep(SECOND);
            order.add(name);
        });
    }

    @Test
    void aLockThatIsFreeIsNotAlwaysHadAtOnce() {
        boolean overtaken = false;
        for (long seed = 0; seed < SEEDS && !overtaken; seed++) {
            List<String> order = new ArrayList<>();
            run(seed, machine -> {
                Lock lock = machine.newLock();
                start(machine, _ -> order.add("other"));
                within(lock, () -> order.add("first"));
            });
            overtaken = order.equals(List.of("other", "first"));
        }

        assertThat(overtaken).isTrue();
    }

    @Test
    void whoeverWaitsSignalsOrUnlocksWithoutTheLockFailsTheRun() {
        List<Work> without = List.of(
                machine -> machine.newLock().unlock(),
                machine -> machine.newLock().newCondition().signalAll(),
                machine -> await(machine.newLock().newCondition(), () -> false));

        for (Work each : without) {
            assertThatThrownBy(() -> run(1, each)).hasMessageContaining("does not have it");
        }
    }

    @Test
    void whoeverWaitsForASignalGivesTheLockAwayAndHasItAgain() {
        List<String> order = new ArrayList<>();

        run(1, machine -> {
            Lock lock = machine.newLock();
            Condition condition = lock.newCondition();
            start(
                    machine,
                    _ -> within(lock, () -> {
                        order.add("signals");
                        condition.signalAll();
                        order.add("still has it");
                    }));
            within(lock, () -> {
                await(condition, () -> !order.isEmpty());
                order.add("goes on");
            });
        });

        assertThat(order).containsExactly("signals", "still has it", "goes on");
    }

    private static void await(Condition condition, BooleanSupplier holds) {
        try {
            while (!holds.getAsBoolean()) {
                condition.await();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void within(Lock lock, Runnable work) {
        lock.lock();
        try {
            work.run();
        } finally {
            lock.unlock();
        }
    }

    /** The mark of a thread that waits for its turn comes and goes, so it would decide over the run by chance. */
    @Test
    void whoeverIsInterruptedIsWokenAtOnceInEveryRun() {
        for (long seed = 0; seed < SEEDS; seed++) {
            List<Long> woken = new ArrayList<>();
            run(seed, machine -> {
                ExecutorService threads = machine.newThreads("interrupted", 2);
                for (int i = 0; i < 2; i++) {
                    threads.execute(() -> {
                        machine.sleep(100 * SECOND);
                        assertThat(Thread.currentThread().isInterrupted()).isTrue();
                        woken.add(machine.nanoTime());
                    });
                }
                machine.sleep(SECOND);
                threads.shutdownNow();
                assertThat(threads.awaitTermination(1, TimeUnit.SECONDS)).isTrue();
            });
            assertThat(woken).containsExactly(SECOND, SECOND);
        }
    }

    private static void run(long seed, Work work) {
        Machine machine = new Machine(new Random(seed), () -> {}, null);
        machine.run(new Machine.Host("program"), () -> perform(work, machine));
    }

    private static void start(Machine machine, Work work) {
        machine.start(machine.host(), () -> perform(work, machine));
    }

    private static void perform(Work work, Machine machine) {
        try {
            work.run(machine);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
