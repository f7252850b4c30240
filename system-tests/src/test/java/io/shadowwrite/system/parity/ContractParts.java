package io.shadowwrite.system.parity;

import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.Expression;
import io.shadowwrite.contract.Filter;
import io.shadowwrite.contract.SourceTable;
import io.shadowwrite.contract.Write;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a contract is made of: classes of expressions and filters, operators, and kinds of source columns. */
final class ContractParts {

    private final Set<Object> found = new HashSet<>();

    private ContractParts() {}

    static Set<Object> of(Contract contract) {
        ContractParts parts = new ContractParts();
        for (SourceTable table : contract.sources().values()) {
            switch (table) {
                case SourceTable.Mapped mapped -> {
                    mapped.columns().values().forEach(type -> parts.found.add(type.kind()));
                    mapped.writes().forEach(parts::add);
                }
                case SourceTable.Unmapped _ -> {}
            }
        }
        return parts.found;
    }

    private void add(Write write) {
        write.key().values().forEach(this::add);
        write.values().values().forEach(this::add);
        add(write.condition());
    }

    private void add(Expression expression) {
        found.add(expression.getClass());
        switch (expression) {
            case Expression.ValueMap map -> add(map.of());
            case Expression.Coalesce coalesce -> coalesce.parts().forEach(this::add);
            case Expression.Concat concat -> concat.parts().forEach(this::add);
            case Expression.Trim trim -> add(trim.of());
            case Expression.Lower lower -> add(lower.of());
            case Expression.Upper upper -> add(upper.of());
            case Expression.Scale scale -> add(scale.of());
            case Expression.Zone zone -> add(zone.of());
            case Expression.Column _,
                    Expression.Constant _,
                    Expression.Derived _,
                    Expression.Reference _,
                    Expression.JsonField _ -> {}
        }
    }

    private void add(@Nullable Filter filter) {
        if (filter == null) {
            return;
        }
        found.add(filter.getClass());
        switch (filter) {
            case Filter.All all -> all.parts().forEach(this::add);
            case Filter.Any any -> any.parts().forEach(this::add);
            case Filter.Compare compare -> found.add(compare.operator());
            case Filter.In _, Filter.IsNull _, Filter.IsNotNull _ -> {}
        }
    }
}
