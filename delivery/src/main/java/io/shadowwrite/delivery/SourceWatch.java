package io.shadowwrite.delivery;

import io.shadowwrite.replication.StreamProblem;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the tables of the source again and again while they are read, from its own thread: a column that is dropped looks
 * like one that did not change, and an update that names no row does not come at all. Only what a look finds ends the
 * reading. One that fails says nothing about the source: it is logged once and repeated, and the figure
 * {@code shadow.source.fit.age} grows.
 */
public final class SourceWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SourceWatch.class);
    private static final Duration STOP_BOUND = Duration.ofSeconds(2);

    private final SourceChecks checks;
    private final Duration interval;
    private final StopSignal stop;
    private final ExecutorService thread;

    // Written by the watching thread, read by the reader's.
    private volatile @Nullable RuntimeException found;
    // Touched by the watching thread only.
    private boolean failing;

    private SourceWatch(SourceChecks checks, Duration interval) {
        this.checks = checks;
        this.interval = interval;
        this.stop = new StopSignal(checks.pace());
        this.thread = checks.pace().newThreads("source-watch", 1);
    }

    /** Starts watching; the next look comes after one interval. */
    public static SourceWatch start(SourceChecks checks, Duration interval) {
        SourceWatch watch = new SourceWatch(checks, interval);
        watch.thread.execute(watch::run);
        return watch;
    }

    /**
     * Goes on while nothing was found. For the reader's thread.
     *
     * @throws Halt with what was found
     */
    public void requireFit() {
        RuntimeException reason = found;
        if (reason != null) {
            throw reason;
        }
    }

    private void run() {
        try {
            while (found == null) {
                stop.await(interval);
                look();
            }
        } catch (InterruptedException stopping) {
            LOG.debug("The watch over the source ends", stopping);
        } catch (RuntimeException unexpected) {
            // A watch that ends without a word would look like a source that is fit.
            found = unexpected;
        }
    }

    private void look() {
        try {
            checks.tables();
            if (failing) {
                LOG.info("The tables of the source are looked at again");
            }
            failing = false;
        } catch (Halt problem) {
            found = problem;
        } catch (StreamProblem problem) {
            if (!failing && !stop.raised()) {
                LOG.warn(
                        "The tables of the source cannot be looked at, again in {}: {}",
                        interval,
                        problem.getMessage());
            }
            failing = true;
        }
    }

    /** Stops within two seconds; a look under way ends by itself. */
    @Override
    public void close() {
        stop.raise();
        thread.shutdown();
        try {
            if (!thread.awaitTermination(STOP_BOUND.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.debug("A look at the source is still under way");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
