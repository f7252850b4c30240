package io.shadowwrite.cli.draft;

import io.shadowwrite.contract.QualifiedName;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A unique index to be built on a table that is written meanwhile.
 *
 * @param name always the same for a table, columns and a purpose, so that what an interrupted build left behind is found
 */
record LiveIndex(String name, QualifiedName table, List<String> columns) {

    LiveIndex {
        columns = List.copyOf(columns);
    }

    static LiveIndex of(String purpose, QualifiedName table, List<String> columns) {
        return new LiveIndex(
                "shadow_%s_%08x"
                        .formatted(purpose, List.of(table.toString(), columns).hashCode()),
                table,
                columns);
    }

    String quoted() {
        return QualifiedName.quote(name);
    }

    /** Nobody waits for a build that waits for others, so it may take its time; what follows may not. */
    String build() {
        return "SET lock_timeout = 0; DROP INDEX CONCURRENTLY IF EXISTS %s; CREATE UNIQUE INDEX CONCURRENTLY %s ON %s (%s); %s"
                .formatted(
                        new QualifiedName(table.schema(), name).quoted(),
                        quoted(),
                        table.quoted(),
                        columns.stream().map(QualifiedName::quote).collect(Collectors.joining(", ")),
                        SourceFit.LOCK_BOUND);
    }
}
