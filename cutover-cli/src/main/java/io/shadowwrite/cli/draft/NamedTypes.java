package io.shadowwrite.cli.draft;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the enums and domains of one database are made of, by the name that {@code format_type} gives them.
 *
 * @param labels of each enum, in its order
 * @param bases of each domain the type beneath all domains
 */
record NamedTypes(Map<String, List<String>> labels, Map<String, String> bases) {

    private static final String TYPES = """
            WITH RECURSIVE base AS (
                SELECT t.oid, t.typbasetype AS type, t.typtypmod AS typmod
                  FROM pg_catalog.pg_type t
                 WHERE t.typtype = 'd'
                 UNION ALL
                SELECT b.oid, t.typbasetype, t.typtypmod
                  FROM base b
                  JOIN pg_catalog.pg_type t ON t.oid = b.type
                 WHERE t.typtype = 'd'
            )
            SELECT format_type(e.oid, NULL) AS name, NULL AS base,
                   ARRAY(SELECT l.enumlabel::text FROM pg_catalog.pg_enum l WHERE l.enumtypid = e.oid
                          ORDER BY l.enumsortorder) AS labels
              FROM pg_catalog.pg_type e
             WHERE e.typtype = 'e'
             UNION ALL
            SELECT format_type(b.oid, NULL), format_type(b.type, b.typmod), NULL
              FROM base b
              JOIN pg_catalog.pg_type t ON t.oid = b.type
             WHERE t.typtype <> 'd'
            """;

    NamedTypes {
        labels = Map.copyOf(labels);
        bases = Map.copyOf(bases);
    }

    static NamedTypes of(Connection connection) throws SQLException {
        Map<String, List<String>> labels = new HashMap<>();
        Map<String, String> bases = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(TYPES);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                String base = rows.getString("base");
                if (base == null) {
                    labels.put(rows.getString("name"), List.of((String[])
                            rows.getArray("labels").getArray()));
                } else {
                    bases.put(rows.getString("name"), base);
                }
            }
        }
        return new NamedTypes(labels, bases);
    }

    /** The type beneath a domain; of any other type the type. */
    String base(String type) {
        return bases.getOrDefault(type, type);
    }

    boolean isEnum(String type) {
        return labels.containsKey(base(type));
    }

    /** Of an enum, or of a domain over one; none of any other type. */
    List<String> labels(String type) {
        return labels.getOrDefault(base(type), List.of());
    }
}
