package io.shadowwrite.simulation;

import io.shadowwrite.replication.stream.Pace;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A machine on which one task runs at a time, each on a thread of its own, until it waits; then the seed decides who is next.
 * Time passes only while all wait. So the same seed gives the same run, step by step.
 */
final class Machine extends Clock implements Pace {

    private static final int MOST_STEPS = 100_000;
    private static final int LONGER = 20;

    /** A run takes milliseconds; what spins without waiting would take for ever. */
    private static final Duration LONGEST_RUN = Duration.ofMinutes(2);

    private final Random random;
    private final Runnable afterEachStep;
    private final @Nullable List<String> trace;
    private final List<Task> tasks = new ArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);

    // Touched only by whose turn it is.
    private @Nullable Task current;
    private @Nullable Throwable failure;
    private boolean over;
    private long now;
    private int steps;

    /** A process: its tasks die together, stand still together, and remember nothing. */
    static final class Host {

        final String name;
        boolean dead;
        long frozenUntil;

        Host(String name) {
            this.name = name;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** What a task of a dead host meets wherever it waits, also while it cleans up. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1;

        Killed() {
            super("killed", null, false, false);
        }
    }

    /** What runs on one thread. */
    final class Task {

        private final Host host;
        private final Thread thread;
        private final Semaphore turn = new Semaphore(0);
        private BooleanSupplier ready = () -> true;
        private boolean interruptible;
        private long wakeAt = Long.MAX_VALUE;

        /** Kept here and not on the thread, which takes its own mark away for a moment when it is wakened by it. */
        private boolean interrupted;

        private Task(Host host, Runnable body) {
            this.host = host;
            this.thread = Thread.ofVirtual().unstarted(() -> {
                awaitTurn();
                try {
                    requireAlive();
                    body.run();
                } catch (Killed expected) {
                    // Nothing of it is left.
                } catch (RuntimeException | Error unexpected) {
                    fail(unexpected);
                } finally {
                    tasks.remove(this);
                    handOver();
                }
            });
        }

        /** As {@link Thread#interrupt}. */
        void interrupt() {
            if (this == current) {
                thread.interrupt();
            } else {
                interrupted = true;
            }
        }

        boolean isDead() {
            return host.dead;
        }

        /** Ends here what belongs to a dead host. */
        void requireAlive() {
            if (host.dead) {
                throw new Killed();
            }
        }

        private void awaitTurn() {
            turn.acquireUninterruptibly();
            if (interrupted) {
                interrupted = false;
                thread.interrupt();
            }
        }

        private boolean isWoken() {
            return (interruptible && interrupted) || ready.getAsBoolean();
        }

        private boolean mayRun() {
            return host.dead || (now >= host.frozenUntil && (wakeAt <= now || isWoken()));
        }

        /** When it may run if nothing happens before. */
        private long next() {
            long at = isWoken() ? now : wakeAt;
            return at == Long.MAX_VALUE ? at : Math.max(at, host.frozenUntil);
        }
    }

    /**
     * @param afterEachStep what must hold whenever a task has to wait; throws when it does not
     * @param trace gets a line for whatever is worth one; null when nobody reads it
     */
    Machine(Random random, Runnable afterEachStep, @Nullable List<String> trace) {
        this.random = random;
        this.afterEachStep = afterEachStep;
        this.trace = trace;
    }

    void trace(Supplier<String> line) {
        if (trace != null) {
            trace.add("%10.3f ms  %s".formatted(now / 1e6, line.get()));
        }
    }

    /** Runs a task and all that it starts, until one of them calls {@link #finish}; throws what one of them failed of. */
    void run(Host host, Runnable body) {
        start(host, body);
        handOver();
        try {
            if (!ended.await(LONGEST_RUN.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("a task neither waited nor ended within " + LONGEST_RUN);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("broken off", e);
        }
        switch (failure) {
            case null -> {}
            case RuntimeException problem -> throw problem;
            case Error error -> throw error;
            case Throwable other -> throw new IllegalStateException(other);
        }
    }

    void start(Host host, Runnable body) {
        Task task = new Task(host, body);
        tasks.add(task);
        task.thread.start();
    }

    /** Kills everything. */
    void finish() {
        over = true;
        tasks.forEach(task -> task.host.dead = true);
    }

    private void fail(Throwable reason) {
        if (!over) {
            failure = reason;
            finish();
        }
    }

    Host host() {
        return task().host;
    }

    /** Whose turn it is. */
    Task task() {
        return Objects.requireNonNull(current);
    }

    /** Waits until that is so, for that long at most, or until somebody interrupts. */
    void await(BooleanSupplier ready, long nanos) {
        await(ready, nanos, true);
    }

    /** Waits until that is so. */
    void awaitUninterruptibly(BooleanSupplier ready) {
        await(ready, Long.MAX_VALUE, false);
    }

    private void await(BooleanSupplier ready, long nanos, boolean interruptible) {
        Task me = task();
        me.requireAlive();
        me.ready = ready;
        me.interruptible = interruptible;
        me.wakeAt = nanos == Long.MAX_VALUE ? nanos : now + nanos;
        me.interrupted = Thread.interrupted();
        Task next = pick();
        if (next == me) {
            me.turn.release();
        } else {
            current = next;
            next.turn.release();
        }
        me.awaitTurn();
        me.requireAlive();
    }

    private void handOver() {
        if (tasks.isEmpty()) {
            ended.countDown();
            return;
        }
        Task next = pick();
        current = next;
        next.turn.release();
    }

    private Task pick() {
        step();
        List<Task> able = able();
        if (able.isEmpty()) {
            long next = Long.MAX_VALUE;
            for (Task task : tasks) {
                next = Math.min(next, task.next());
            }
            if (next == Long.MAX_VALUE) {
                fail(new AssertionError("nothing can happen any more"));
            } else {
                now = next;
            }
            able = able();
        }
        return able.get(random.nextInt(able.size()));
    }

    private List<Task> able() {
        List<Task> able = new ArrayList<>(tasks.size());
        for (Task task : tasks) {
            if (task.mayRun()) {
                able.add(task);
            }
        }
        return able;
    }

    private void step() {
        steps++;
        if (over) {
            return;
        }
        try {
            if (steps > MOST_STEPS) {
                throw new AssertionError("it does not come to rest");
            }
            afterEachStep.run();
        } catch (RuntimeException | Error broken) {
            fail(broken);
        }
    }

    int steps() {
        return steps;
    }

    @Override
    public long nanoTime() {
        return now;
    }

    private static boolean never() {
        return false;
    }

    void sleep(long nanos) {
        await(Machine::never, nanos);
    }

    /** Longer, because whoever only looks again takes a step each time. */
    @Override
    public void pause(long nanos) {
        sleep(nanos * LONGER);
    }

    @Override
    public Instant instant() {
        return Instant.EPOCH.plusNanos(now);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }

    @Override
    public Lock newLock() {
        return new MachineLock(this);
    }

    @Override
    public ExecutorService newThreads(String name, int most) {
        return new MachineThreads(this);
    }

    /** Whether it happens, out of a hundred times. */
    boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    /** A random time up to this one. */
    long upTo(Duration most) {
        return 1 + (long) (random.nextDouble() * most.toNanos());
    }
}
