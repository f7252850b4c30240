package io.shadowwrite.cli.draft;

import io.shadowwrite.cli.draft.TargetTable.Column;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Columns of two tables that are called alike; a form of a name that two columns of one side have decides nothing. */
final class ColumnPairs {

    private record Pair(CatalogTable.Column own, String rule) {}

    private final Map<String, Pair> pairs = new HashMap<>();

    private ColumnPairs() {}

    /** Pairs these columns of the target with those of the source, finer rules before coarser ones. */
    static ColumnPairs of(TableMatch match, List<Column> columns) {
        ColumnPairs pairs = new ColumnPairs();
        Words source = NameRule.bare(match.source().name()).singular();
        Words target = NameRule.bare(match.target().name()).singular();
        pairs.add(match, columns, "", (name, _) -> name);
        pairs.add(
                match,
                columns,
                "the same name but for case and separators",
                (name, _) -> Words.of(name).folded());
        pairs.add(
                match,
                columns,
                "the same name but for the table's before it",
                (name, ofSource) ->
                        Words.of(name).without(ofSource ? source : target).folded());
        return pairs;
    }

    private void add(TableMatch match, List<Column> columns, String rule, BiFunction<String, Boolean, String> form) {
        List<Column> open = columns.stream()
                .filter(column -> !pairs.containsKey(column.name()))
                .toList();
        List<CatalogTable.Column> own = match.source().columns().stream()
                .filter(column ->
                        pairs.values().stream().noneMatch(pair -> pair.own().equals(column)))
                .toList();
        for (Column column : open) {
            String name = form.apply(column.name(), false);
            List<CatalogTable.Column> found = own.stream()
                    .filter(other -> form.apply(other.name(), true).equals(name))
                    .toList();
            boolean only = open.stream()
                            .filter(other -> form.apply(other.name(), false).equals(name))
                            .count()
                    == 1;
            if (found.size() == 1 && only) {
                pairs.put(column.name(), new Pair(found.getFirst(), rule));
            }
        }
    }

    CatalogTable.@Nullable Column counterpart(Column column) {
        Pair pair = pairs.get(column.name());
        return pair == null ? null : pair.own();
    }

    /** Empty when both have the same name. */
    String rule(Column column) {
        Pair pair = pairs.get(column.name());
        return pair == null ? "" : pair.rule();
    }
}
