package io.shadowwrite.cli.draft;

import io.shadowwrite.contract.ColumnType;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Why a table of the source cannot be mapped by a contract, whatever the target is like. */
final class Obstacles {

    private Obstacles() {}

    /** Whether a contract can name the table at all; one that it does not name halts the readers. */
    static boolean canBeNamed(CatalogTable table) {
        return table.name().schema().indexOf('.') < 0
                && !table.name().name().endsWith(".")
                && Stream.concat(
                                Stream.of(table.name().schema(), table.name().name()),
                                table.columns().stream().map(CatalogTable.Column::name))
                        .allMatch(name -> !name.isBlank()
                                && name.chars().noneMatch(c -> c == '\'' || c == '|' || Character.isISOControl(c)));
    }

    /** What to do about a table that cannot be named. */
    static String unnamed(CatalogTable table) {
        return "%s cannot be written in a contract: rename it, or what its columns are called, without quote ('), bar (|), control character, and without a dot in the schema; until then its first change halts the readers"
                .formatted(table.name());
    }

    /** Why it cannot be mapped, as a phrase whose subject is the table. */
    static Optional<String> of(CatalogTable table, List<String> schemas) {
        if (!schemas.isEmpty() && !schemas.contains(table.name().schema())) {
            return Optional.of("is outside of the schemas that were asked for");
        }
        if (table.problem() != null) {
            return Optional.of(table.problem());
        }
        Optional<String> strange = table.columns().stream()
                .filter(column -> !column.copyable() || !spelled(column))
                .findFirst()
                .map(column ->
                        "column %s is of type %s, which is or holds something that no contract can carry; convert it in the source"
                                .formatted(column.name(), column.type()));
        return strange.isPresent() ? strange : unfitKey(table);
    }

    private static Optional<String> unfitKey(CatalogTable table) {
        return table.key().stream()
                .map(name -> table.column(name).orElseThrow())
                .filter(column -> !column.keyFit())
                .findFirst()
                .map(column -> "key column %s is of type %s, whose equal values need not have equal texts"
                        .formatted(column.name(), column.type()));
    }

    private static boolean spelled(CatalogTable.Column column) {
        try {
            ColumnType.parse(column.type());
            return true;
        } catch (IllegalArgumentException unknown) {
            return false;
        }
    }
}
