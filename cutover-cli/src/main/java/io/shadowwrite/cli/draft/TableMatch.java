package io.shadowwrite.cli.draft;

import io.shadowwrite.cli.draft.TargetTable.Validity;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A table of the source and the one of the target that its rows go to.
 *
 * @param target without validity where the source has the same two columns: then they are its own data
 * @param rule why, for people
 */
record TableMatch(CatalogTable source, TargetTable target, String rule) {

    /** What a column that marks archived versions is called. */
    private static final Set<String> ARCHIVED = Set.of("archived", "isarchived", "deleted", "isdeleted");

    TableMatch {
        Validity validity = target.validity();
        if (validity != null && named(source, validity.from()) && named(source, validity.to())) {
            target = target.withoutValidity();
        }
    }

    private static boolean named(CatalogTable source, String wanted) {
        return source.columns().stream()
                .anyMatch(column ->
                        Words.of(column.name()).folded().equals(Words.of(wanted).folded()));
    }

    /** The boolean column of a history that marks archived versions and that the source knows nothing of. */
    Optional<String> archived() {
        return target.validity() == null
                ? Optional.empty()
                : target.columns().stream()
                        .filter(column -> column.type().equals("boolean") && !column.generated())
                        .map(TargetTable.Column::name)
                        .filter(name -> ARCHIVED.contains(Words.of(name).folded()) && !named(source, name))
                        .findFirst();
    }

    /** Columns that a row brings a value for. */
    List<TargetTable.Column> written() {
        Validity validity = target.validity();
        Optional<String> archived = archived();
        return target.columns().stream()
                .filter(column -> !column.generated())
                .filter(column -> validity == null
                        || !Set.of(validity.from(), validity.to()).contains(column.name()))
                .filter(column -> !archived.equals(Optional.of(column.name())))
                .toList();
    }
}
