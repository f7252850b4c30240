package io.shadowwrite.cli.draft;

import io.shadowwrite.replication.StreamProblem;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The types that the columns of some tables are made of and that no server has by itself, as statements that create them.
 * Collations are left out: they decide no value.
 */
final class UserTypes {

    private static final String USED = """
            WITH RECURSIVE part_of AS (
                SELECT DISTINCT a.atttypid AS oid, 0 AS depth
                  FROM pg_catalog.pg_attribute a
                  JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
                  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                  JOIN unnest(?::text[], ?::text[]) AS w (schema_name, table_name)
                    ON w.schema_name = n.nspname AND w.table_name = c.relname
                 WHERE a.attnum > 0 AND NOT a.attisdropped
                 UNION
                SELECT part.oid, u.depth + 1
                  FROM part_of u
                  JOIN pg_catalog.pg_type t ON t.oid = u.oid
                 CROSS JOIN LATERAL (
                    SELECT t.typelem AS oid WHERE t.typcategory = 'A'
                     UNION ALL
                    SELECT t.typbasetype WHERE t.typtype = 'd'
                     UNION ALL
                    SELECT a.atttypid
                      FROM pg_catalog.pg_attribute a
                      JOIN pg_catalog.pg_class r ON r.oid = a.attrelid AND r.relkind = 'c'
                     WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
                     UNION ALL
                    SELECT r.rngsubtype FROM pg_catalog.pg_range r WHERE r.rngtypid = t.oid
                     UNION ALL
                    SELECT r.rngtypid FROM pg_catalog.pg_range r WHERE r.rngmultitypid = t.oid) part
            ), used AS (
                SELECT oid, max(depth) AS depth FROM part_of GROUP BY oid
            )
            """;

    private static final String EXTENSIONS = USED + """
            SELECT DISTINCT n.nspname,
                   format('CREATE EXTENSION IF NOT EXISTS %I WITH SCHEMA %I;', e.extname, n.nspname) AS statement
              FROM used u
              JOIN pg_catalog.pg_depend d
                ON d.classid = 'pg_catalog.pg_type'::regclass AND d.objid = u.oid AND d.deptype = 'e'
              JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid
              JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
             ORDER BY 2
            """;

    /** Parts before what is made of them. Checks are left out: the source has made them. */
    private static final String TYPES = USED + """
            SELECT n.nspname, CASE t.typtype
                     WHEN 'e' THEN format('CREATE TYPE %I.%I AS ENUM (%s);', n.nspname, t.typname,
                           (SELECT string_agg(quote_literal(l.enumlabel), ', ' ORDER BY l.enumsortorder)
                              FROM pg_catalog.pg_enum l WHERE l.enumtypid = t.oid))
                     WHEN 'd' THEN format('CREATE DOMAIN %I.%I AS %s%s;', n.nspname, t.typname,
                           format_type(t.typbasetype, t.typtypmod), CASE WHEN t.typnotnull THEN ' NOT NULL' END)
                     WHEN 'c' THEN format('CREATE TYPE %I.%I AS (%s);', n.nspname, t.typname,
                           (SELECT string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', '
                                              ORDER BY a.attnum)
                              FROM pg_catalog.pg_attribute a
                             WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped))
                     WHEN 'r' THEN (SELECT format('CREATE TYPE %I.%I AS RANGE (SUBTYPE = %s, MULTIRANGE_TYPE_NAME = %I.%I);',
                                                  n.nspname, t.typname, format_type(r.rngsubtype, NULL), mn.nspname, m.typname)
                                      FROM pg_catalog.pg_range r
                                      JOIN pg_catalog.pg_type m ON m.oid = r.rngmultitypid
                                      JOIN pg_catalog.pg_namespace mn ON mn.oid = m.typnamespace
                                     WHERE r.rngtypid = t.oid)
                   END AS statement
              FROM used u
              JOIN pg_catalog.pg_type t ON t.oid = u.oid
              JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
              LEFT JOIN pg_catalog.pg_class r ON r.oid = t.typrelid
             WHERE n.nspname <> 'pg_catalog'
               AND t.typtype IN ('e', 'd', 'c', 'r')
               AND coalesce(r.relkind, 'c') = 'c'
               AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                                WHERE d.classid = 'pg_catalog.pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e')
             ORDER BY u.depth DESC, t.oid
            """;

    private final Connection connection;

    /**
     * A statement and the schema it needs.
     *
     * @param sql ends with a semicolon
     */
    record Creation(String schema, String sql) {}

    UserTypes(Connection connection) {
        this.connection = connection;
    }

    /** Extensions first. */
    List<Creation> of(List<CatalogTable> tables) {
        List<Creation> creations = new ArrayList<>(query(EXTENSIONS, tables));
        creations.addAll(query(TYPES, tables));
        return List.copyOf(creations);
    }

    private List<Creation> query(String sql, List<CatalogTable> tables) {
        Object[] schemas = tables.stream().map(table -> table.name().schema()).toArray();
        Object[] names = tables.stream().map(table -> table.name().name()).toArray();
        List<Creation> creations = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, connection.createArrayOf("text", schemas));
            statement.setArray(2, connection.createArrayOf("text", names));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    creations.add(new Creation(rows.getString("nspname"), rows.getString("statement")));
                }
            }
            return creations;
        } catch (SQLException e) {
            throw StreamProblem.of("reading the types of the source", e);
        }
    }
}
