package io.shadowwrite.verification.compare;

import io.shadowwrite.verification.compile.Comparison;
import io.shadowwrite.verification.scan.KeyCursor;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One of the two sides of a comparison in the state it was pinned at, however it is read. Safe for any number of threads.
 * Every method throws {@link io.shadowwrite.verification.session.VerificationProblem} when the side cannot be read.
 */
public interface ComparedSide {

    /** Makes sure that what is going to be read stays as it was pinned; before anything of it is read. */
    default void prepare(List<Comparison> comparisons) {}

    /** What has to be read for the sums of every bucket of these comparisons, in any order and all at once. */
    List<Reading> readings(List<Comparison> comparisons);

    /**
     * Lets the reader walk over the rows of some buckets, in the order of their keys' UTF-8 bytes. It must not look up rows
     * meanwhile: what it walks on may not wait for that.
     */
    <T> T inKeyOrder(Comparison comparison, Set<Integer> buckets, KeyCursor.Reader<T> reader);

    /** The columns of the rows with these keys, long values shortened; keys without a row are absent. */
    Map<String, List<@Nullable String>> rows(Comparison comparison, Collection<String> keys);
}
