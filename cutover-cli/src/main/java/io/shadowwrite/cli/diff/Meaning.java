package io.shadowwrite.cli.diff;

import io.shadowwrite.contract.Expression;
import io.shadowwrite.contract.Filter;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether two conditions, or two expressions, mean the same for every row, as far as that shows without solving them. */
final class Meaning {

    private Meaning() {}

    static boolean same(@Nullable Expression one, @Nullable Expression other) {
        return one == null ? other == null : one.equals(other);
    }

    /** The order of parts and of values does not matter, nor does a part that is said twice or alone. */
    static boolean same(@Nullable Filter one, @Nullable Filter other) {
        if (one == null || other == null) {
            return one == null && other == null;
        }
        return form(one).equals(form(other));
    }

    private record Conjunction(Set<Object> parts) {}

    private record Disjunction(Set<Object> parts) {}

    private record Among(String column, Set<String> values) {}

    private static Object form(Filter filter) {
        return switch (filter) {
            case Filter.All all -> {
                Set<Object> parts = new HashSet<>();
                all.parts().forEach(part -> addAll(parts, form(part)));
                yield parts.size() == 1 ? parts.iterator().next() : new Conjunction(parts);
            }
            case Filter.Any any -> {
                Set<Object> parts = new HashSet<>();
                any.parts().forEach(part -> addAny(parts, form(part)));
                yield parts.size() == 1 ? parts.iterator().next() : new Disjunction(parts);
            }
            case Filter.In in -> new Among(in.column(), Set.copyOf(in.values()));
            case Filter.Compare compare ->
                compare.operator() == Filter.Operator.EQUAL
                        ? new Among(compare.column(), Set.of(compare.value()))
                        : compare;
            case Filter.IsNull _, Filter.IsNotNull _ -> filter;
        };
    }

    private static void addAll(Set<Object> parts, Object part) {
        if (part instanceof Conjunction inner) {
            parts.addAll(inner.parts());
        } else {
            parts.add(part);
        }
    }

    private static void addAny(Set<Object> parts, Object part) {
        if (part instanceof Disjunction inner) {
            parts.addAll(inner.parts());
        } else {
            parts.add(part);
        }
    }
}
