package io.shadowwrite.cli.check;

import io.shadowwrite.cli.check.Finding.Side;
import io.shadowwrite.contract.ColumnType;
import io.shadowwrite.contract.ColumnType.Kind;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.JsonPointer;
import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.contract.SourceTable;
import io.shadowwrite.replication.stream.SlotSettings;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the rows of mapped tables hold that cannot travel. Reads every row of a table once, for as long as it is given and no
 * longer. Through one connection in auto-commit mode, whose statement timeout it changes.
 */
final class SourceRows {

    /** The query was cancelled, or a lock was not there in time. */
    private static final Set<String> NO_TIME = Set.of("57014", "55P03");

    private final Duration bound;
    private final List<Finding> findings;

    private SourceRows(Duration bound, List<Finding> findings) {
        this.bound = bound;
        this.findings = findings;
    }

    /** Adds all findings; a table that is not there, or may not be read, is somebody else's to report. */
    static void look(Connection connection, Contract contract, Duration boundPerTable, List<Finding> findings)
            throws SQLException {
        SourceRows rows = new SourceRows(boundPerTable, findings);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET statement_timeout TO %d".formatted(boundPerTable.toMillis()));
            for (SourceTable table : contract.sources().values()) {
                if (table instanceof SourceTable.Mapped mapped) {
                    rows.look(statement, mapped);
                }
            }
            statement.execute("RESET statement_timeout");
        }
    }

    private void look(Statement statement, SourceTable.Mapped table) throws SQLException {
        try {
            scan(statement, table);
        } catch (SQLException e) {
            String state = String.valueOf(e.getSQLState());
            if (NO_TIME.contains(state)) {
                findings.add(Finding.warns(
                                Side.SOURCE,
                                "NOT_CHECKED",
                                "the rows of %s were not checked in time: NaN, infinities and the largest row are unknown"
                                        .formatted(table.name()),
                                "give it more than %d s per table with --scan-seconds, at a quiet hour"
                                        .formatted(bound.toSeconds()))
                        .at(pointer(table)));
            } else if (!state.startsWith("42")) {
                throw e;
            }
        }
    }

    private void scan(Statement statement, SourceTable.Mapped table) throws SQLException {
        List<String> numbers = table.columns().entrySet().stream()
                .filter(column -> column.getValue().kind() == Kind.DECIMAL
                        || column.getValue().kind() == Kind.FLOAT)
                .map(Map.Entry::getKey)
                .toList();
        String width = table.columns().entrySet().stream()
                .flatMap(column -> width(column.getKey(), column.getValue()).stream())
                .collect(Collectors.joining(" + "));
        String counts = Stream.concat(
                        Stream.of("coalesce(max(%s), 0)".formatted(width.isEmpty() ? "0" : width)),
                        // As text, because a live column may be of a type that has no such value.
                        numbers.stream()
                                .map(column -> "count(*) FILTER (WHERE %s::text IN ('NaN', 'Infinity', '-Infinity'))"
                                        .formatted(QualifiedName.quote(column))))
                .collect(Collectors.joining(", "));
        try (ResultSet row = statement.executeQuery(
                "SELECT %s FROM %s".formatted(counts, table.name().quoted()))) {
            row.next();
            addLargest(table, row.getLong(1));
            for (int i = 0; i < numbers.size(); i++) {
                addUnspeakable(table, numbers.get(i), row.getLong(i + 2));
            }
        }
    }

    /** Bytes that a value takes at least in a message, from its header, without fetching what is stored elsewhere. */
    private static Optional<String> width(String column, ColumnType type) {
        String quoted = QualifiedName.quote(column);
        return switch (type.kind()) {
            case TEXT -> Optional.of("coalesce(octet_length(%s)::bigint, 0)".formatted(quoted));
            // In hexadecimal.
            case BYTEA -> Optional.of("coalesce(2 * octet_length(%s)::bigint, 0)".formatted(quoted));
            case JSON, JSONB, ARRAY, OTHER -> Optional.of("coalesce(pg_column_size(%s)::bigint, 0)".formatted(quoted));
            case BOOLEAN, INTEGER, DECIMAL, FLOAT, BLANK_PADDED, UUID, DATE, TIME, TIMESTAMP, TIMESTAMPTZ, INTERVAL ->
                Optional.empty();
        };
    }

    private void addLargest(SourceTable.Mapped table, long bytes) {
        long message = table.identity() == SourceTable.Identity.FULL ? 2 * bytes : bytes;
        String what = "the largest row of %s makes a message of at least %d MB, readers take %d MB"
                .formatted(table.name(), message >> 20, SlotSettings.MAX_MESSAGE_BYTES >> 20);
        String fix = "keep such rows out of the source, or move what is large out of the table";
        if (message > SlotSettings.MAX_MESSAGE_BYTES) {
            findings.add(
                    Finding.blocks(Side.SOURCE, "MESSAGE_TOO_LARGE", what, fix).at(pointer(table)));
        } else if (message > SlotSettings.MAX_MESSAGE_BYTES / 2) {
            findings.add(
                    Finding.warns(Side.SOURCE, "MESSAGE_TOO_LARGE", what, fix).at(pointer(table)));
        }
    }

    private void addUnspeakable(SourceTable.Mapped table, String column, long rows) {
        if (rows > 0) {
            findings.add(Finding.blocks(
                            Side.SOURCE,
                            "NOT_A_NUMBER",
                            "%s.%s is NaN or infinite in %d row(s), which wal2json sends as NULL"
                                    .formatted(table.name(), column, rows),
                            "replace these values, and keep them out with a CHECK constraint")
                    .at(JsonPointer.of("sources", table.name().toString(), "columns", column)
                            .text()));
        }
    }

    private static String pointer(SourceTable.Mapped table) {
        return JsonPointer.of("sources", table.name().toString()).text();
    }
}
