package io.shadowwrite.replication.source;

import io.shadowwrite.replication.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** Reads the unique keys of tables from the catalog. */
final class UniqueKeyQuery {

    private static final String KEYS = """
            SELECT n.nspname, c.relname,
                   ARRAY(SELECT a.attname::text
                           FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
                           JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
                          WHERE k.place <= i.indnkeyatts) AS columns
              FROM unnest(?::text[], ?::text[]) AS w (schema_name, table_name)
              JOIN pg_catalog.pg_namespace n ON n.nspname = w.schema_name
              JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = w.table_name
              JOIN pg_catalog.pg_index i ON i.indrelid = c.oid
             WHERE c.relkind IN ('r', 'p')
               AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
             ORDER BY n.nspname, c.relname, i.indexrelid
            """;

    private UniqueKeyQuery() {}

    static List<UniqueKey> run(Connection connection, Collection<TableName> tables) throws SQLException {
        String[] schemas = tables.stream().map(TableName::schema).toArray(String[]::new);
        String[] names = tables.stream().map(TableName::name).toArray(String[]::new);
        try (PreparedStatement statement = connection.prepareStatement(KEYS)) {
            statement.setArray(1, connection.createArrayOf("text", schemas));
            statement.setArray(2, connection.createArrayOf("text", names));
            List<UniqueKey> keys = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    keys.add(new UniqueKey(
                            new TableName(rows.getString("nspname"), rows.getString("relname")),
                            Set.of((String[]) rows.getArray("columns").getArray())));
                }
            }
            return keys;
        }
    }
}
