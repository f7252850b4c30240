package io.shadowwrite.cli.cutover;

import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.contract.TargetModel;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Sequences and identity columns of the tables that the contract writes: mirrored rows bring their values along, so a
 * sequence stands where it stood, and the first row that the target's own services insert would meet a key that exists.
 */
public final class Sequences {

    private static final String OWNED = """
            SELECT tn.nspname AS table_schema, t.relname AS table_name, a.attname AS column_name,
                   sn.nspname AS sequence_schema, s.relname AS sequence_name, q.seqincrement
              FROM pg_catalog.pg_depend d
              JOIN pg_catalog.pg_class s ON s.oid = d.objid AND s.relkind = 'S'
              JOIN pg_catalog.pg_namespace sn ON sn.oid = s.relnamespace
              JOIN pg_catalog.pg_sequence q ON q.seqrelid = s.oid
              JOIN pg_catalog.pg_class t ON t.oid = d.refobjid
              JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
              JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
              JOIN unnest(?::text[], ?::text[]) AS w (schema_name, table_name)
                ON w.schema_name = tn.nspname AND w.table_name = t.relname
             WHERE d.classid = 'pg_catalog.pg_class'::regclass
               AND d.refclassid = 'pg_catalog.pg_class'::regclass
               AND d.deptype IN ('a', 'i')
             ORDER BY 1, 2, 3
            """;

    private final List<QualifiedName> tables;
    private final Connection target;

    /** Over a connection that reads the target; the caller closes it. */
    public Sequences(Contract contract, Connection target) {
        this(
                contract.models().values().stream()
                        .map(TargetModel::table)
                        .distinct()
                        .toList(),
                target);
    }

    Sequences(List<QualifiedName> tables, Connection target) {
        this.tables = tables;
        this.target = target;
    }

    private record Owned(QualifiedName table, String column, QualifiedName sequence, boolean ascends) {}

    /** Those that would give a key that exists, each with what mends it; empty when none would. */
    public List<String> behind() throws SQLException {
        List<String> behind = new ArrayList<>();
        for (Owned owned : owned()) {
            if (isBehind(owned)) {
                behind.add("sequence %s is behind %s.%s: SELECT setval('%s', (SELECT %s(%s) FROM %s))"
                        .formatted(
                                owned.sequence(),
                                owned.table(),
                                owned.column(),
                                owned.sequence().quoted().replace("'", "''"),
                                owned.ascends() ? "max" : "min",
                                QualifiedName.quote(owned.column()),
                                owned.table().quoted()));
            }
        }
        // What is read next is of a later moment.
        target.rollback();
        return behind;
    }

    private List<Owned> owned() throws SQLException {
        try (PreparedStatement statement = target.prepareStatement(OWNED)) {
            statement.setArray(
                    1,
                    target.createArrayOf(
                            "text", tables.stream().map(QualifiedName::schema).toArray()));
            statement.setArray(
                    2,
                    target.createArrayOf(
                            "text", tables.stream().map(QualifiedName::name).toArray()));
            List<Owned> owned = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    owned.add(new Owned(
                            new QualifiedName(rows.getString("table_schema"), rows.getString("table_name")),
                            rows.getString("column_name"),
                            new QualifiedName(rows.getString("sequence_schema"), rows.getString("sequence_name")),
                            rows.getLong("seqincrement") > 0));
                }
            }
            return owned;
        }
    }

    private boolean isBehind(Owned owned) throws SQLException {
        String order = owned.ascends() ? "<" : ">";
        String sql = """
                SELECT (CASE WHEN s.is_called THEN s.last_value ELSE s.last_value %s 1 END) %s t.greatest
                  FROM %s AS s
                 CROSS JOIN (SELECT %s(%s) AS greatest FROM %s) AS t
                """.formatted(
                        owned.ascends() ? "-" : "+",
                        order,
                        owned.sequence().quoted(),
                        owned.ascends() ? "max" : "min",
                        QualifiedName.quote(owned.column()),
                        owned.table().quoted());
        try (Statement statement = target.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            // Null, which reads as false, when the table is empty.
            return rows.next() && rows.getBoolean(1);
        }
    }
}
