package io.shadowwrite.cli.draft;

import io.shadowwrite.contract.QualifiedName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The foreign keys of a database, of either side. For the thread that owns the connection, which stays open. */
final class ForeignKeys {

    /** What a partition inherits is its root's. */
    private static final String KEYS = """
            SELECT n.nspname, c.relname, k.conname, fn.nspname AS to_schema, f.relname AS to_table, k.condeferred,
                   ARRAY(SELECT a.attname::text
                           FROM unnest(k.conkey) WITH ORDINALITY AS p (attnum, place)
                           JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = p.attnum
                          ORDER BY p.place) AS columns,
                   ARRAY(SELECT a.attname::text
                           FROM unnest(k.confkey) WITH ORDINALITY AS p (attnum, place)
                           JOIN pg_catalog.pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = p.attnum
                          ORDER BY p.place) AS key_columns
              FROM pg_catalog.pg_constraint k
              JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
              JOIN pg_catalog.pg_class f ON f.oid = k.confrelid
              JOIN pg_catalog.pg_namespace fn ON fn.oid = f.relnamespace
             WHERE k.contype = 'f' AND k.conparentid = 0 AND NOT c.relispartition
             ORDER BY n.nspname, c.relname, k.conname
            """;

    private final Connection connection;

    ForeignKeys(Connection connection) {
        this.connection = connection;
    }

    /** By the table that refers, each in the order of their names. */
    Map<QualifiedName, List<ForeignKey>> all() throws SQLException {
        Map<QualifiedName, List<ForeignKey>> keys = new LinkedHashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(KEYS);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                QualifiedName table = new QualifiedName(rows.getString("nspname"), rows.getString("relname"));
                keys.computeIfAbsent(table, _ -> new ArrayList<>())
                        .add(new ForeignKey(
                                rows.getString("conname"),
                                List.of((String[]) rows.getArray("columns").getArray()),
                                new QualifiedName(rows.getString("to_schema"), rows.getString("to_table")),
                                List.of((String[]) rows.getArray("key_columns").getArray()),
                                rows.getBoolean("condeferred")));
            }
        }
        return keys;
    }
}
