package io.shadowwrite.backfill.load;

import io.shadowwrite.backfill.snapshot.HeldSnapshot;
import io.shadowwrite.backfill.snapshot.SnapshotSession;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.protocol.LoadClient;
import io.shadowwrite.protocol.LoadResult;
import io.shadowwrite.protocol.PatientCaller;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.transform.Transformer;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads parts with several readers at a time, pass by pass. For one load. */
public final class Loader {

    private static final Logger LOG = LoggerFactory.getLogger(Loader.class);

    /** Sessions that one part may cost: a part that ends every session that reads it will end the next one, too. */
    private static final int MOST_SESSIONS_FOR_A_PART = 5;

    /** Before another session joins: what ended the last one, or refused the next, may pass. */
    private static final Duration JOIN_PAUSE = Duration.ofSeconds(1);

    private static final Duration LAG_PAUSE = Duration.ofSeconds(1);

    private final HeldSnapshot snapshot;
    private final ShadowApi api;
    private final PartLoad loading;
    private final Limits limits;
    private final Refusals refusals;
    private final LoadProgress progress;
    private final AtomicLong written = new AtomicLong();

    private volatile boolean failed;

    /**
     * What bounds the load.
     *
     * @param apiPatience how long an API that does not take a part is asked again
     * @param mostLagBytes how far the target's standbys may be behind while parts are sent
     * @param lagPatience how long they may be further behind
     */
    public record Limits(Duration apiPatience, long mostLagBytes, Duration lagPatience) {}

    public Loader(
            Contract contract,
            HeldSnapshot snapshot,
            ShadowApi api,
            LoadClient client,
            Limits limits,
            Refusals refusals,
            LoadProgress progress) {
        this.snapshot = snapshot;
        this.api = api;
        this.loading = new PartLoad(new Transformer(contract), client, snapshot.lsn(), refusals, progress);
        this.limits = limits;
        this.refusals = refusals;
        this.progress = progress;
    }

    /**
     * Loads everything; answers how many target rows were written. Rows that cannot be loaded are told to {@link Refusals},
     * and then the load is not complete.
     *
     * @param readers sessions inside of the snapshot, one for each part at a time; they end with the load
     */
    public long load(Parts parts, List<SnapshotSession> readers) {
        progress.begin(parts.rows());
        List<Reader> own = readers.stream().map(Reader::new).toList();
        try {
            for (List<Part> pass : parts.passes()) {
                load(new ConcurrentLinkedQueue<>(pass), own);
            }
            // Whoever compares has yet to join, and these may be the last.
            snapshot.refillSpares(1);
        } finally {
            own.forEach(Reader::close);
        }
        return written.get();
    }

    private void load(Queue<Part> left, List<Reader> readers) {
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().name("backfill-reader-", 1).factory())) {
            List<Future<?>> ends = new ArrayList<>();
            readers.forEach(reader -> ends.add(threads.submit(() -> reader.run(left))));
            for (Future<?> end : ends) {
                await(end);
            }
        }
    }

    private void await(Future<?> end) {
        try {
            end.get();
        } catch (ExecutionException e) {
            failed = true;
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            failed = true;
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the load was interrupted", e);
        }
    }

    /** One session at a time, which is replaced when it dies. */
    private final class Reader {

        private @Nullable SnapshotSession session;
        private boolean spent;
        private final PatientCaller patience = new PatientCaller(this::pause);
        private @Nullable Long deadlineNanos;

        private Reader(SnapshotSession session) {
            this.session = session;
        }

        private void run(Queue<Part> left) {
            try {
                Part part = left.poll();
                while (part != null && !failed) {
                    load(part);
                    part = left.poll();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("the load was interrupted", e);
            } catch (RuntimeException e) {
                failed = true;
                throw e;
            }
        }

        private void load(Part part) throws InterruptedException {
            for (int attempt = 1; ; attempt++) {
                try {
                    deadlineNanos = null;
                    Optional<LoadResult> result = patience.call(() -> loadOnce(part));
                    if (result.isPresent()) {
                        written.addAndGet(result.get().written());
                        awaitStandbys(result.get().targetLagBytes());
                    }
                    return;
                } catch (ShadowProblem problem) {
                    refused(problem);
                    return;
                } catch (PartLoad.ReadFailed failure) {
                    replaceAfter(StreamProblem.ofQuestion("reading a mapped table", failure.failure()), attempt);
                } catch (StreamProblem problem) {
                    replaceAfter(problem, attempt);
                }
            }
        }

        private Optional<LoadResult> loadOnce(Part part) {
            Connection open = session().connection();
            spent = true;
            Optional<LoadResult> result = loading.load(open, part);
            spent = false;
            return result;
        }

        /** Joins before the spent session ends: it may be the last that holds the snapshot. */
        private SnapshotSession session() {
            SnapshotSession open = session;
            if (open == null || spent) {
                SnapshotSession fresh = snapshot.join();
                leave();
                session = fresh;
                spent = false;
                return fresh;
            }
            return open;
        }

        private void replaceAfter(StreamProblem problem, int attempt) throws InterruptedException {
            if (!problem.retryable() || attempt == MOST_SESSIONS_FOR_A_PART) {
                throw problem;
            }
            LOG.warn("A reader of the snapshot ended and is replaced: {}", problem.what());
            Thread.sleep(JOIN_PAUSE);
        }

        private void leave() {
            SnapshotSession ended = session;
            session = null;
            if (ended != null) {
                snapshot.leave(ended);
            }
        }

        private void close() {
            leave();
        }

        /** The time is counted from the first attempt that failed: a part may take longer than any trouble. */
        private void pause(Duration time) throws InterruptedException {
            long now = System.nanoTime();
            if (deadlineNanos == null) {
                deadlineNanos = now + limits.apiPatience().toNanos();
            }
            if (now - deadlineNanos >= 0) {
                throw new ShadowProblem(
                        ProblemType.TARGET_UNAVAILABLE,
                        "shadow-api did not take a range for %s (shadow.backfill.api-patience); see its log, then run ./shadow backfill cleanup and load again"
                                .formatted(limits.apiPatience()));
            }
            Thread.sleep(time);
        }
    }

    /** What the target refuses is told with what the contract refuses; anything else ends the load. */
    private void refused(ShadowProblem problem) {
        if (problem.type() != ProblemType.WRITE_REJECTED) {
            throw problem;
        }
        String table = problem.facts().getOrDefault("source_table", "");
        String keys = problem.facts().getOrDefault("source_keys", "of a range");
        keys.lines().forEach(key -> refusals.add(problem.detail(), table + " " + key));
    }

    private long lagNow(long before) {
        try {
            return api.loadState().targetLagBytes();
        } catch (ShadowProblem problem) {
            if (!problem.retryable()) {
                throw problem;
            }
            return before;
        }
    }

    private void awaitStandbys(long lagBytes) throws InterruptedException {
        if (lagBytes <= limits.mostLagBytes()) {
            return;
        }
        LOG.warn("The load waits: a standby of the target is {} bytes behind", lagBytes);
        long deadline = System.nanoTime() + limits.lagPatience().toNanos();
        long lag = lagBytes;
        while (lag > limits.mostLagBytes() && !failed) {
            if (System.nanoTime() - deadline >= 0) {
                throw new ShadowProblem(
                        ProblemType.TARGET_UNAVAILABLE,
                        "a standby of the target was more than %d bytes behind for %s (shadow.backfill.most-lag, .lag-patience)"
                                .formatted(limits.mostLagBytes(), limits.lagPatience()));
            }
            Thread.sleep(LAG_PAUSE);
            lag = lagNow(lag);
        }
    }
}
