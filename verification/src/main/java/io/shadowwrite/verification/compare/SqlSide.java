package io.shadowwrite.verification.compare;

import io.shadowwrite.verification.compile.Comparison;
import io.shadowwrite.verification.compile.Image;
import io.shadowwrite.verification.scan.KeyCursor;
import io.shadowwrite.verification.scan.Scans;
import io.shadowwrite.verification.session.Sessions;
import io.shadowwrite.verification.session.TableLocks;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A side that is read with SQL through sessions that share one snapshot.
 *
 * @param images what of a comparison lies on this side
 */
public record SqlSide(Sessions sessions, Scans scans, Function<Comparison, List<Image>> images)
        implements ComparedSide {

    /** What the source rows should have become. */
    public static SqlSide expected(Sessions source, Scans scans) {
        return new SqlSide(source, scans, Comparison::sources);
    }

    /** What the target holds. */
    public static SqlSide found(Sessions target, Scans scans) {
        return new SqlSide(target, scans, comparison -> List.of(comparison.target()));
    }

    @Override
    public void prepare(List<Comparison> comparisons) {
        TableLocks.take(
                sessions,
                comparisons.stream()
                        .flatMap(comparison -> images.apply(comparison).stream())
                        .map(Image::relation)
                        .distinct()
                        .toList());
    }

    @Override
    public List<Reading> readings(List<Comparison> comparisons) {
        return new SqlReadings(this, comparisons).all();
    }

    @Override
    public <T> T inKeyOrder(Comparison comparison, Set<Integer> buckets, KeyCursor.Reader<T> reader) {
        List<Image> read = images.apply(comparison);
        return sessions.read(
                subject(comparison, read),
                connection ->
                        scans.inKeyOrder(connection, read, comparison.columns().values(), buckets, reader));
    }

    @Override
    public Map<String, List<@Nullable String>> rows(Comparison comparison, Collection<String> keys) {
        List<Image> read = images.apply(comparison);
        if (read.isEmpty()) {
            return Map.of();
        }
        return sessions.read(
                subject(comparison, read),
                connection ->
                        scans.images(connection, read, comparison.columns().size(), keys));
    }

    static String subject(Comparison comparison, List<Image> images) {
        String tables =
                String.join(", ", images.stream().map(Image::table).distinct().toList());
        return tables + " for model " + comparison.model();
    }
}
