package io.shadowwrite.cli.diff;

import io.shadowwrite.cli.diff.Change.Effect;
import io.shadowwrite.cli.diff.Change.Part;
import io.shadowwrite.contract.Expression;
import io.shadowwrite.contract.JsonPointer;
import io.shadowwrite.contract.SourceTable;
import io.shadowwrite.contract.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Columns that say the same as before and yet hold other values, because the identities they refer to have moved. */
final class ReferenceDiff {

    private ReferenceDiff() {}

    static List<Change> of(ContractFile before, ContractFile after, Set<String> moved, List<Change> known) {
        Set<String> told = known.stream().map(Change::pointer).collect(Collectors.toSet());
        List<Change> changes = new ArrayList<>();
        for (SourceTable table : after.contract().sources().values()) {
            if (table instanceof SourceTable.Mapped mapped
                    && before.contract().source(table.name()) instanceof SourceTable.Mapped) {
                mapped.writes().forEach(write -> {
                    follow(before, after, mapped, write, "key", write.key(), moved, told, changes);
                    follow(before, after, mapped, write, "set", write.values(), moved, told, changes);
                });
            }
        }
        return changes;
    }

    private static void follow(
            ContractFile before,
            ContractFile after,
            SourceTable.Mapped table,
            Write write,
            String member,
            Map<String, Expression> expressions,
            Set<String> moved,
            Set<String> told,
            List<Change> changes) {
        expressions.forEach((column, expression) -> {
            String pointer = JsonPointer.of(
                            "sources",
                            table.name().toString(),
                            "writes",
                            Integer.toString(write.index()),
                            member,
                            column)
                    .text();
            if (refers(expression, moved) && !told.contains(pointer)) {
                changes.add(new Change(
                        member.equals("key") ? Part.KEY : Part.EXPRESSION,
                        pointer,
                        "column %s of model %s refers to rows that have other identities now"
                                .formatted(column, write.model().name()),
                        before.text(pointer),
                        after.text(pointer),
                        List.of(write.model().name()),
                        List.of(Effect.BACKFILL)));
            }
        });
    }

    private static boolean refers(Expression expression, Set<String> moved) {
        return switch (expression) {
            case Expression.Reference reference ->
                moved.contains("%s|%s".formatted(reference.table(), reference.model()));
            case Expression.ValueMap map -> refers(map.of(), moved);
            case Expression.Coalesce coalesce -> coalesce.parts().stream().anyMatch(part -> refers(part, moved));
            case Expression.Concat concat -> concat.parts().stream().anyMatch(part -> refers(part, moved));
            case Expression.Trim trim -> refers(trim.of(), moved);
            case Expression.Lower lower -> refers(lower.of(), moved);
            case Expression.Upper upper -> refers(upper.of(), moved);
            case Expression.Scale scale -> refers(scale.of(), moved);
            case Expression.Zone zone -> refers(zone.of(), moved);
            case Expression.Column _, Expression.Constant _, Expression.Derived _, Expression.JsonField _ -> false;
        };
    }
}
