package io.shadowwrite.verification.compare;

import io.shadowwrite.verification.compile.Comparison;
import io.shadowwrite.verification.compile.Image;
import io.shadowwrite.verification.scan.Buckets;
import io.shadowwrite.verification.scan.KeyCursor;
import io.shadowwrite.verification.scan.Pages;
import io.shadowwrite.verification.scan.RowPages;
import io.shadowwrite.verification.scan.Scans;
import io.shadowwrite.verification.session.Sessions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A side that is read with SQL through sessions that share one snapshot.
 *
 * @param images what of a comparison lies on this side
 */
public record SqlSide(Sessions sessions, Scans scans, Function<Comparison, List<Image>> images)
        implements ComparedSide {

    private static final int PARTS_PER_READER = 4;

    /** What the source rows should have become. */
    public static SqlSide expected(Sessions source, Scans scans) {
        return new SqlSide(source, scans, Comparison::sources);
    }

    /** What the target holds. */
    public static SqlSide found(Sessions target, Scans scans) {
        return new SqlSide(target, scans, comparison -> List.of(comparison.target()));
    }

    /** Every image in as many parts as keep all readers busy; the parts add up. */
    @Override
    public Buckets buckets(Comparison comparison) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Buckets>> parts = new ArrayList<>();
            for (Image image : images.apply(comparison)) {
                String subject = subject(comparison, List.of(image));
                for (Pages pages : sessions.read(subject, connection -> Pages.of(connection, image, mostParts()))) {
                    parts.add(threads.submit(
                            () -> sessions.read(subject, connection -> scans.buckets(connection, image, pages))));
                }
            }
            return Buckets.sum(parts.stream().map(Comparer::await).toList());
        }
    }

    /** One part may take longer than another, so there are more of them than readers. */
    private int mostParts() {
        return sessions.size() * PARTS_PER_READER;
    }

    @Override
    public <T> T inKeyOrder(Comparison comparison, Set<Integer> buckets, KeyCursor.Reader<T> reader) {
        List<Image> read = images.apply(comparison);
        return sessions.read(
                subject(comparison, read), connection -> scans.inKeyOrder(connection, read, buckets, reader));
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

    @Override
    public <T> T pages(Comparison comparison, Set<Integer> buckets, RowPages.Reader<T> reader) {
        List<Image> read = images.apply(comparison);
        return sessions.read(
                subject(comparison, read),
                connection -> scans.pages(connection, read, comparison.columns().size(), buckets, reader));
    }

    private static String subject(Comparison comparison, List<Image> images) {
        String tables =
                String.join(", ", images.stream().map(Image::table).distinct().toList());
        return tables + " for model " + comparison.model();
    }
}
