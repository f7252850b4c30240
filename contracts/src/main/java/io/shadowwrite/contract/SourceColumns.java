package io.shadowwrite.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Which columns of its row an expression reads. */
final class SourceColumns {

    private SourceColumns() {}

    /** Their names; of a derived identity none, since it reads the key by definition. */
    static List<String> of(Expression expression) {
        List<String> names = new ArrayList<>();
        collect(expression).forEach(names::add);
        return names;
    }

    private static Stream<String> collect(Expression expression) {
        return switch (expression) {
            case Expression.Column column -> Stream.of(column.name());
            case Expression.Constant _, Expression.Derived _ -> Stream.empty();
            case Expression.Reference reference ->
                reference.columns().values().stream().map(Expression.Column::name);
            case Expression.ValueMap map -> collect(map.of());
            case Expression.Coalesce coalesce -> coalesce.parts().stream().flatMap(SourceColumns::collect);
            case Expression.Concat concat -> concat.parts().stream().flatMap(SourceColumns::collect);
            case Expression.JsonField field -> Stream.of(field.of().name());
            case Expression.Trim trim -> collect(trim.of());
            case Expression.Lower lower -> collect(lower.of());
            case Expression.Upper upper -> collect(upper.of());
            case Expression.Scale scale -> collect(scale.of());
            case Expression.Zone zone -> collect(zone.of());
        };
    }

    /** The references inside an expression, itself included. */
    static Stream<Expression.Reference> references(Expression expression) {
        return switch (expression) {
            case Expression.Reference reference -> Stream.of(reference);
            case Expression.Coalesce coalesce -> coalesce.parts().stream().flatMap(SourceColumns::references);
            case Expression.ValueMap map -> references(map.of());
            case Expression.Column _,
                    Expression.Constant _,
                    Expression.Derived _,
                    Expression.Concat _,
                    Expression.JsonField _,
                    Expression.Trim _,
                    Expression.Lower _,
                    Expression.Upper _,
                    Expression.Scale _,
                    Expression.Zone _ -> Stream.empty();
        };
    }
}
