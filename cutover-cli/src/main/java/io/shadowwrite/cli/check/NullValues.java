package io.shadowwrite.cli.check;

import io.shadowwrite.cli.check.Finding.Side;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.Expression;
import io.shadowwrite.contract.Filter;
import io.shadowwrite.contract.JsonPointer;
import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.contract.SourceTable;
import io.shadowwrite.contract.Write;
import io.shadowwrite.replication.StreamProblem;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Where a row of the source may bring NULL for a key, or for a column of the target that takes none. */
public final class NullValues {

    private static final String NOT_NULL = """
            SELECT a.attname
              FROM pg_catalog.pg_attribute a
              JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
              JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
             WHERE n.nspname = ? AND c.relname = ? AND a.attnum > 0 AND NOT a.attisdropped
               AND (a.attnotnull OR t.typnotnull)
            """;

    private final Set<String> never;

    /** For rows in which these columns hold a value. */
    private NullValues(Set<String> never) {
        this.never = never;
    }

    /**
     * All of them; each warns only, because the rows may be better than their table demands.
     *
     * @throws StreamProblem when the source cannot be asked
     * @throws SQLException when the target cannot
     */
    public static List<Finding> findings(Contract contract, Connection source, Connection target) throws SQLException {
        List<Finding> findings = new ArrayList<>();
        for (SourceTable table : contract.sources().values()) {
            if (table instanceof SourceTable.Mapped mapped) {
                Set<String> demanded = demanded(source, mapped.name());
                for (Write write : mapped.writes()) {
                    compare(
                            mapped,
                            write,
                            demanded,
                            notNull(target, write.model().table()),
                            findings);
                }
            }
        }
        return findings;
    }

    private static void compare(
            SourceTable.Mapped table,
            Write write,
            Set<String> sourceDemands,
            Set<String> targetDemands,
            List<Finding> findings) {
        Set<String> never = new HashSet<>(sourceDemands);
        if (write.condition() != null) {
            addImplied(write.condition(), never);
        }
        NullValues values = new NullValues(never);
        for (Map.Entry<String, Expression> part : write.key().entrySet()) {
            if (values.mayBeNull(part.getValue())) {
                findings.add(
                        warning(
                                table,
                                write,
                                "key",
                                part.getKey(),
                                "%s of %s is part of a key, and what %s writes into it may be NULL",
                                "make the source column NOT NULL, write such rows nowhere (when), or expect them among the dead letters"));
            }
        }
        for (Map.Entry<String, Expression> value : write.values().entrySet()) {
            if (targetDemands.contains(value.getKey()) && values.mayBeNull(value.getValue())) {
                findings.add(
                        warning(
                                table,
                                write,
                                "set",
                                value.getKey(),
                                "%s of %s is NOT NULL, and what %s writes into it may be NULL",
                                "make the source column NOT NULL, coalesce it in the contract, or expect such rows among the dead letters"));
            }
        }
    }

    private static Finding warning(
            SourceTable.Mapped table, Write write, String member, String column, String what, String fix) {
        return Finding.warns(
                        Side.TARGET,
                        "NULL_VALUE",
                        what.formatted(column, write.model().table(), table.name()),
                        fix)
                .at(JsonPointer.of(
                                "sources",
                                table.name().toString(),
                                "writes",
                                Integer.toString(write.index()),
                                member,
                                column)
                        .text());
    }

    /** A condition holds only for rows in which the columns it compares have values. */
    private static void addImplied(Filter condition, Set<String> columns) {
        switch (condition) {
            case Filter.All all -> all.parts().forEach(part -> addImplied(part, columns));
            case Filter.Compare compare -> columns.add(compare.column());
            case Filter.In in -> columns.add(in.column());
            case Filter.IsNotNull isNotNull -> columns.add(isNotNull.column());
            case Filter.Any _, Filter.IsNull _ -> {}
        }
    }

    private boolean mayBeNull(Expression expression) {
        return switch (expression) {
            case Expression.Column column -> !never.contains(column.name());
            case Expression.Constant constant -> constant.value() == null;
            case Expression.Derived _, Expression.Concat _ -> false;
            case Expression.Reference reference ->
                reference.columns().values().stream().anyMatch(this::mayBeNull);
            case Expression.ValueMap map -> mayBeNull(map.of()) || (!map.strict() && map.otherwise() == null);
            case Expression.Coalesce coalesce -> coalesce.parts().stream().allMatch(this::mayBeNull);
            case Expression.JsonField _ -> true;
            case Expression.Trim trim -> mayBeNull(trim.of());
            case Expression.Lower lower -> mayBeNull(lower.of());
            case Expression.Upper upper -> mayBeNull(upper.of());
            case Expression.Scale scale -> mayBeNull(scale.of());
            case Expression.Zone zone -> mayBeNull(zone.of());
        };
    }

    private static Set<String> demanded(Connection source, QualifiedName table) {
        try {
            return notNull(source, table);
        } catch (SQLException e) {
            throw StreamProblem.of("reading the columns of the source", e);
        }
    }

    private static Set<String> notNull(Connection connection, QualifiedName table) throws SQLException {
        Set<String> columns = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement(NOT_NULL)) {
            statement.setString(1, table.schema());
            statement.setString(2, table.name());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    columns.add(row.getString(1));
                }
            }
        }
        return columns;
    }
}
