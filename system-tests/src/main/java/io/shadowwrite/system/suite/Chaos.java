package io.shadowwrite.system.suite;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Kills daemons of a suite at random moments and starts them again, until closed. Of three kills in a row each daemon gets
 * one. The seed repeats the choices.
 */
public final class Chaos implements AutoCloseable {

    private static final List<Program> VICTIMS = List.of(Program.CONSUMER, Program.SLOT_READER, Program.API);
    private static final int SHORTEST_PAUSE_MILLIS = 1_500;
    private static final int LONGEST_PAUSE_MILLIS = 6_000;

    private final Suite suite;
    private final SplittableRandom random;
    private final List<Program> next = new ArrayList<>();
    private final Map<Program, Integer> kills = new EnumMap<>(Program.class);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread;
    private volatile @Nullable RuntimeException failure;

    private Chaos(Suite suite, long seed) {
        this.suite = suite;
        this.random = new SplittableRandom(seed);
        this.thread = Thread.ofPlatform().name("chaos").unstarted(this::run);
    }

    /** Starts killing. */
    public static Chaos start(Suite suite, long seed) {
        Chaos chaos = new Chaos(suite, seed);
        chaos.thread.start();
        return chaos;
    }

    /** How often each daemon was killed; complete after {@link #close()}. */
    public synchronized Map<Program, Integer> kills() {
        return Map.copyOf(kills);
    }

    private void run() {
        try {
            while (!stopped.await(random.nextInt(SHORTEST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS), TimeUnit.MILLISECONDS)) {
                if (next.isEmpty()) {
                    next.addAll(VICTIMS);
                }
                strike(next.remove(random.nextInt(next.size())));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    private synchronized void strike(Program victim) {
        suite.kill(victim);
        suite.start(victim);
        kills.merge(victim, 1, Integer::sum);
    }

    /** Stops; every daemon runs, or is starting, when this returns. */
    @Override
    public void close() {
        stopped.countDown();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(30));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        RuntimeException failed = failure;
        if (failed != null) {
            throw failed;
        }
    }
}
