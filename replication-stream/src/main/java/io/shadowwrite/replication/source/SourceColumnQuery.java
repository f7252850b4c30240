package io.shadowwrite.replication.source;

import io.shadowwrite.replication.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Reads the columns of tables from the catalog. */
final class SourceColumnQuery {

    /** Where a type has no operators of its own, it is a kind of one that has, and those are all in pg_catalog. */
    private static final String COLUMNS = """
            WITH equality (type, operator) AS MATERIALIZED (
              SELECT p.opcintype, format('OPERATOR(%I.%s)', os.nspname, o.oprname)
                FROM pg_catalog.pg_opclass p
                JOIN pg_catalog.pg_am m ON m.oid = p.opcmethod AND m.amname = 'btree'
                JOIN pg_catalog.pg_amop e
                  ON e.amopfamily = p.opcfamily AND e.amopstrategy = 3
                 AND e.amoplefttype = p.opcintype AND e.amoprighttype = p.opcintype
                JOIN pg_catalog.pg_operator o ON o.oid = e.amopopr
                JOIN pg_catalog.pg_namespace os ON os.oid = o.oprnamespace
               WHERE p.opcdefault)
            SELECT n.nspname, c.relname, a.attname,
                   format_type(a.atttypid, a.atttypmod) AS type,
                   a.attnotnull,
                   coalesce(e.operator, 'OPERATOR(pg_catalog.=)') AS equality
              FROM unnest(?::text[], ?::text[]) AS w (schema_name, table_name)
              JOIN pg_catalog.pg_namespace n ON n.nspname = w.schema_name
              JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = w.table_name
              JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
              JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
              LEFT JOIN equality e ON e.type = coalesce(nullif(t.typbasetype, 0), t.oid)
             WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
             ORDER BY n.nspname, c.relname, a.attnum
            """;

    private SourceColumnQuery() {}

    static List<SourceColumn> run(Connection connection, Collection<TableName> tables) throws SQLException {
        String[] schemas = tables.stream().map(TableName::schema).toArray(String[]::new);
        String[] names = tables.stream().map(TableName::name).toArray(String[]::new);
        try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
            statement.setArray(1, connection.createArrayOf("text", schemas));
            statement.setArray(2, connection.createArrayOf("text", names));
            List<SourceColumn> columns = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    columns.add(new SourceColumn(
                            new TableName(rows.getString("nspname"), rows.getString("relname")),
                            rows.getString("attname"),
                            rows.getString("type"),
                            rows.getBoolean("attnotnull"),
                            rows.getString("equality")));
                }
            }
            return columns;
        }
    }
}
