package io.shadowwrite.consumer.delivery;

import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.WriteResult;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A few batches on the way to shadow-api at once: while one commits, the next is already there. What they carry says where
 * each continues, so shadow-api applies them in order however they arrive; here their answers are taken in the same order,
 * and after one that failed no other is. One thread sends.
 */
final class Flights implements AutoCloseable {

    private static final Duration CLOSE_BOUND = Duration.ofSeconds(1);

    private static final Duration AGAIN_AFTER = Duration.ofMillis(100);

    private final Landing landing;
    private final BlockingQueue<WriteLink> free;
    private final int lanes;
    private final ExecutorService threads;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);

    /** What an answer is good for; called in commit order, one call at a time. */
    @FunctionalInterface
    interface Landing {

        /** Acknowledges the answer, and whatever of the batch a hold kept back once it is applied. */
        void land(PreparedBatch batch, WriteResult answer, WriteLink link) throws InterruptedException;
    }

    /**
     * @param links one for each batch that may be on the way
     */
    Flights(List<WriteLink> links, Landing landing) {
        this.landing = landing;
        this.lanes = links.size();
        this.free = new ArrayBlockingQueue<>(lanes, false, links);
        this.threads = Executors.newFixedThreadPool(
                lanes, Thread.ofPlatform().name("consumer-write-", 1).factory());
    }

    /**
     * Waits until another batch may be sent.
     *
     * @return false when there was no room in time
     * @throws RuntimeException what a batch before failed of
     */
    boolean awaitRoom(Duration time) throws InterruptedException {
        rethrow();
        WriteLink link = free.poll(time.toNanos(), TimeUnit.NANOSECONDS);
        rethrow();
        return link != null && free.add(link);
    }

    /** Sends a batch that continues the one before. Only after {@link #awaitRoom}. */
    void send(PreparedBatch batch) {
        WriteLink link = free.remove();
        CompletableFuture<Void> before = last;
        CompletableFuture<Void> own = new CompletableFuture<>();
        last = own;
        threads.execute(() -> fly(batch, link, before, own));
    }

    /**
     * Waits for every batch on the way, however long a hold keeps one.
     *
     * @param meanwhile done now and then
     */
    void awaitLanding(Runnable meanwhile) throws InterruptedException {
        try {
            while (!landed(last, AGAIN_AFTER)) {
                rethrow();
                meanwhile.run();
            }
        } catch (ExecutionException failed) {
            rethrow();
            throw new IllegalStateException("a batch failed without a reason", failed);
        }
    }

    private void fly(PreparedBatch batch, WriteLink link, CompletableFuture<Void> before, CompletableFuture<Void> own) {
        try {
            WriteResult answer = write(batch, link, before);
            before.get();
            landing.land(batch, answer, link);
            free.add(link);
            own.complete(null);
        } catch (ExecutionException oneBefore) {
            // Its own reason was kept; this batch is sent again from the stored position.
            free.add(link);
            own.completeExceptionally(oneBefore);
        } catch (InterruptedException | RuntimeException | Error reason) {
            failure.compareAndSet(null, reason);
            free.add(link);
            own.completeExceptionally(reason);
        }
    }

    /** Early only while the batch before is on its way. After it, the target does not stand where its answer said. */
    private static WriteResult write(PreparedBatch batch, WriteLink link, CompletableFuture<Void> before)
            throws InterruptedException, ExecutionException {
        while (true) {
            boolean early = !before.isDone();
            try {
                return link.write(batch);
            } catch (ShadowProblem problem) {
                if (!early || problem.type() != ProblemType.OUT_OF_TURN) {
                    throw problem;
                }
            }
            landed(before, AGAIN_AFTER);
        }
    }

    private static boolean landed(CompletableFuture<Void> flight, Duration time)
            throws InterruptedException, ExecutionException {
        try {
            flight.get(time.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException stillOnItsWay) {
            return false;
        }
    }

    private void rethrow() throws InterruptedException {
        switch (failure.get()) {
            case null -> {}
            case RuntimeException problem -> throw problem;
            case Error error -> throw error;
            case Throwable stopping -> throw new InterruptedException(stopping.getMessage());
        }
    }

    /** Waits for no answer: what is still on the way can only be applied in order, or is fenced by the next session. */
    @Override
    public void close() {
        threads.shutdownNow();
        try {
            threads.awaitTermination(CLOSE_BOUND.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
