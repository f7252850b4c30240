package io.shadowwrite.transform;

import io.shadowwrite.contract.Filter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The single comparisons a filter is made of, and whether one of them decides. */
final class Comparisons {

    private Comparisons() {}

    static Set<Filter> of(@Nullable Filter filter) {
        Set<Filter> found = new LinkedHashSet<>();
        collect(filter, found);
        return found;
    }

    private static void collect(@Nullable Filter filter, Set<Filter> found) {
        switch (filter) {
            case null -> {}
            case Filter.All(List<Filter> parts) -> parts.forEach(part -> collect(part, found));
            case Filter.Any(List<Filter> parts) -> parts.forEach(part -> collect(part, found));
            case Filter.Compare _, Filter.In _, Filter.IsNull _, Filter.IsNotNull _ -> found.add(filter);
        }
    }

    /** Whether the filter would turn out differently if this comparison did, all others being as they are. */
    static boolean decides(Filter comparison, Filter filter, Predicate<Filter> others) {
        return holds(filter, part -> part.equals(comparison) || others.test(part))
                != holds(filter, part -> !part.equals(comparison) && others.test(part));
    }

    private static boolean holds(Filter filter, Predicate<Filter> comparison) {
        return switch (filter) {
            case Filter.All(List<Filter> parts) -> parts.stream().allMatch(part -> holds(part, comparison));
            case Filter.Any(List<Filter> parts) -> parts.stream().anyMatch(part -> holds(part, comparison));
            case Filter.Compare _, Filter.In _, Filter.IsNull _, Filter.IsNotNull _ -> comparison.test(filter);
        };
    }

    /** The column that a comparison reads. */
    static String column(Filter comparison) {
        return Inputs.of(comparison).first();
    }

    /** A comparison as one would say it. */
    static String words(Filter comparison) {
        return switch (comparison) {
            case Filter.Compare compare ->
                "%s %s %s".formatted(compare.column(), compare.operator().sql(), compare.value());
            case Filter.In in -> "%s in %s".formatted(in.column(), in.values());
            case Filter.IsNull(String column) -> column + " is null";
            case Filter.IsNotNull(String column) -> column + " is not null";
            case Filter.All _, Filter.Any _ -> throw new IllegalArgumentException("not a single comparison");
        };
    }
}
