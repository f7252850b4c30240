package io.shadowwrite.api.write;

import io.shadowwrite.protocol.WriteBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** The batches that requests of this process are working on, each tied to the one that it continues. Thread-safe. */
final class Underway {

    private final Map<LogSequenceNumber, Flight> byEnd = new ConcurrentHashMap<>();

    /** To be closed once the batch is answered. */
    Flight begin(WriteBatch batch) {
        Flight flight = new Flight(batch, byEnd.get(batch.continuesFrom()));
        if (!batch.continuesFrom().equals(LogSequenceNumber.INVALID_LSN)) {
            // Else nobody knows what is missing before it, and comparing with it alone says nothing.
            byEnd.put(batch.completeBelow(), flight);
        }
        return flight;
    }

    /** One batch from its arrival to its answer. */
    final class Flight implements AutoCloseable {

        private final WriteBatch batch;
        private final CountDownLatch ended = new CountDownLatch(1);

        // Neither is kept longer than needed: a batch is large, and each knows the one before.
        private volatile @Nullable Flight before;
        private volatile @Nullable Footprint footprint;

        private Flight(WriteBatch batch, @Nullable Flight before) {
            this.batch = batch;
            this.before = before;
        }

        WriteBatch batch() {
            return batch;
        }

        /** Those that were not answered a moment ago, the one that this continues first; a bounded number. */
        List<Flight> ahead(int most) {
            List<Flight> ahead = new ArrayList<>(most);
            for (Flight next = before; next != null && ahead.size() < most; next = next.before) {
                ahead.add(next);
            }
            return ahead;
        }

        /** What the batch touches; made when somebody asks first. */
        Footprint footprint(Function<WriteBatch, Footprint> making) {
            @Nullable Footprint made = footprint;
            if (made == null) {
                made = making.apply(batch);
                footprint = made;
            }
            return made;
        }

        /** Waits for the answer, whatever it is; false when it takes too long. */
        boolean awaitEnd(Duration time) {
            try {
                return ended.await(time.toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }

        @Override
        public void close() {
            byEnd.remove(batch.completeBelow(), this);
            before = null;
            ended.countDown();
        }
    }
}
