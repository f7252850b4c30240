package io.shadowwrite.backfill.load;

import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.contract.SourceTable;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is loaded at once: some pages of a source table, for the models of one pass.
 *
 * @param models of the pass that the table feeds
 * @param fromPage first page
 * @param belowPage the page behind the last; null for no end
 * @param bytes of the pages, about
 */
record Part(
        SourceTable.Mapped table,
        int pass,
        Set<String> models,
        long fromPage,
        @Nullable Long belowPage,
        long bytes) {

    /** Whether everything that a row becomes is of this pass. */
    boolean isWholeRow() {
        return table.writes().stream()
                .allMatch(write -> models.contains(write.model().name()));
    }

    /** Its rows, in the order in which the contract names the columns. */
    String copy() {
        String columns =
                table.columns().keySet().stream().map(QualifiedName::quote).collect(Collectors.joining(", "));
        return "COPY (SELECT %s FROM %s%s) TO STDOUT"
                .formatted(columns, table.name().quoted(), condition());
    }

    private String condition() {
        String first = fromPage == 0 ? "" : "ctid >= '(%d,0)'".formatted(fromPage);
        String last = belowPage == null ? "" : "ctid < '(%d,0)'".formatted(belowPage);
        if (first.isEmpty() && last.isEmpty()) {
            return "";
        }
        return " WHERE " + first + (first.isEmpty() || last.isEmpty() ? "" : " AND ") + last;
    }
}
