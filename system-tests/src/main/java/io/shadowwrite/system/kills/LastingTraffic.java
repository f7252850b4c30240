package io.shadowwrite.system.kills;

import io.shadowwrite.system.House;
import io.shadowwrite.system.traffic.Traffic;
import io.shadowwrite.testsupport.Await;
import java.sql.SQLException;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Traffic in the background that goes on, with the next seed, whenever the source is back. Any other failure ends it for
 * good.
 */
final class LastingTraffic implements AutoCloseable {

    private static final Duration SOURCE_BACK_WITHIN = Duration.ofMinutes(5);

    private final House house;
    private final double changesPerSecond;
    private final SplittableRandom seeds;
    private final AtomicBoolean enough = new AtomicBoolean();
    private final AtomicLong earlier = new AtomicLong();
    private final CompletableFuture<Void> running;
    private volatile Traffic current;

    LastingTraffic(House house, long seed, double changesPerSecond) {
        this.house = house;
        this.changesPerSecond = changesPerSecond;
        this.seeds = new SplittableRandom(seed);
        this.current = house.traffic(seeds.nextLong());
        this.running = CompletableFuture.runAsync(
                this::write, task -> Thread.ofPlatform().name("lasting-traffic").start(task));
    }

    private void write() {
        while (!enough.get()) {
            try {
                current.run(Long.MAX_VALUE, changesPerSecond, enough::get);
            } catch (IllegalStateException e) {
                if (!sourceIsGone(e)) {
                    throw e;
                }
                Await.until(
                        "the source is back",
                        SOURCE_BACK_WITHIN,
                        () -> enough.get() || house.source().queryForLong("SELECT 1") == 1);
                earlier.addAndGet(current.changes());
                current = house.traffic(seeds.nextLong());
            }
        }
    }

    private static boolean sourceIsGone(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return sql.getSQLState().startsWith("08") || sql.getSQLState().startsWith("57P");
            }
        }
        return false;
    }

    /** Row changes committed so far, without those of cascades. */
    long changes() {
        return earlier.get() + current.changes();
    }

    /** Why it ended by itself, if it did. */
    @Nullable Throwable failure() {
        return running.isCompletedExceptionally() ? running.exceptionNow() : null;
    }

    /** Returns when the last transaction is over. */
    @Override
    public void close() {
        enough.set(true);
        running.handle((_, _) -> true).join();
    }
}
