package io.shadowwrite.verification.scan;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Sums by bucket of parts that come one by one, from any thread. */
public final class BucketTotals {

    // Guarded by this.
    private final Map<Integer, BucketSum> sums = new HashMap<>();

    /** So many totals of nothing. */
    public static List<BucketTotals> none(int number) {
        return IntStream.range(0, number).mapToObj(_ -> new BucketTotals()).toList();
    }

    /** Adds a part. */
    public synchronized void add(Buckets part) {
        part.sums().forEach((bucket, sum) -> sums.merge(bucket, sum, BucketSum::plus));
    }

    /** What was added so far. */
    public synchronized Buckets buckets() {
        return new Buckets(sums);
    }
}
