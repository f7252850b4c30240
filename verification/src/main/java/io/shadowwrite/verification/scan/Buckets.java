package io.shadowwrite.verification.scan;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** One side of a comparison as sums by bucket. Buckets without rows are absent. */
public record Buckets(Map<Integer, BucketSum> sums) {

    public Buckets {
        sums = Map.copyOf(sums);
    }

    /** All rows of the side. */
    public long rows() {
        return sums.values().stream().mapToLong(BucketSum::count).sum();
    }

    /** The buckets in which the two sides are not equal. */
    public Set<Integer> differingFrom(Buckets other) {
        Set<Integer> differing = new TreeSet<>();
        sums.forEach((bucket, sum) -> {
            if (!sum.equals(other.sums.get(bucket))) {
                differing.add(bucket);
            }
        });
        other.sums.keySet().stream().filter(bucket -> !sums.containsKey(bucket)).forEach(differing::add);
        return differing;
    }

    /** The same with one digest of that bucket changed by one bit. */
    public Buckets withFlipped(int bucket) {
        Map<Integer, BucketSum> changed = new HashMap<>(sums);
        changed.put(bucket, changed.getOrDefault(bucket, new BucketSum(0, 0, 0)).flipped());
        return new Buckets(changed);
    }
}
