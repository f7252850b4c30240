package io.shadowwrite.transform;

import io.shadowwrite.contract.Expression;
import io.shadowwrite.contract.Filter;
import io.shadowwrite.contract.SourceTable;
import io.shadowwrite.contract.Write;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The source columns that expressions and filters read. */
final class Inputs {

    private Inputs() {}

    /** Columns that the key, a write or a condition of a source table reads. */
    static Set<String> of(SourceTable.Mapped source) {
        SortedSet<String> columns = new TreeSet<>(source.key());
        for (Write write : source.writes()) {
            columns.addAll(of(write.condition()));
            columns.addAll(of(write.key().values(), source.key()));
            columns.addAll(of(write.values().values(), source.key()));
        }
        return Collections.unmodifiableSortedSet(columns);
    }

    /** Columns of a write's key; a derived key reads the key of the source row. */
    static SortedSet<String> of(Collection<Expression> expressions, List<String> sourceKey) {
        SortedSet<String> columns = new TreeSet<>();
        expressions.forEach(expression -> collect(expression, sourceKey, columns));
        return columns;
    }

    private static void collect(Expression expression, List<String> sourceKey, SortedSet<String> columns) {
        switch (expression) {
            case Expression.Column column -> columns.add(column.name());
            case Expression.Constant _ -> {}
            case Expression.Derived _ -> columns.addAll(sourceKey);
            case Expression.Reference reference ->
                reference.columns().values().forEach(column -> columns.add(column.name()));
            case Expression.ValueMap map -> collect(map.of(), sourceKey, columns);
            case Expression.Coalesce coalesce -> coalesce.parts().forEach(part -> collect(part, sourceKey, columns));
            case Expression.Concat concat -> concat.parts().forEach(part -> collect(part, sourceKey, columns));
            case Expression.JsonField field -> columns.add(field.of().name());
            case Expression.Trim trim -> collect(trim.of(), sourceKey, columns);
            case Expression.Lower lower -> collect(lower.of(), sourceKey, columns);
            case Expression.Upper upper -> collect(upper.of(), sourceKey, columns);
            case Expression.Scale scale -> collect(scale.of(), sourceKey, columns);
            case Expression.Zone zone -> collect(zone.of(), sourceKey, columns);
        }
    }

    /** Columns of a condition. */
    static SortedSet<String> of(@Nullable Filter filter) {
        SortedSet<String> columns = new TreeSet<>();
        collect(filter, columns);
        return columns;
    }

    private static void collect(@Nullable Filter filter, SortedSet<String> columns) {
        switch (filter) {
            case null -> {}
            case Filter.All all -> all.parts().forEach(part -> collect(part, columns));
            case Filter.Any any -> any.parts().forEach(part -> collect(part, columns));
            case Filter.Compare compare -> columns.add(compare.column());
            case Filter.In in -> columns.add(in.column());
            case Filter.IsNull isNull -> columns.add(isNull.column());
            case Filter.IsNotNull isNotNull -> columns.add(isNotNull.column());
        }
    }
}
