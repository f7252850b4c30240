package io.shadowwrite.system.identity;

import io.shadowwrite.testsupport.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * Random changes of every table of a schema, knowing of them only what the catalog says: inserts, updates of some columns,
 * deletes and changes of the key, in transactions of several tables. For one thread.
 */
final class CatalogTraffic {

    private static final int MOST_ROWS = 20;

    private static final String COLUMNS = """
            SELECT format('%I.%I', n.nspname, c.relname) AS table_name,
                   quote_ident(a.attname) AS column_name,
                   a.atttypid::bigint AS type,
                   format_type(a.atttypid, a.atttypmod) AS spelling,
                   a.attnotnull AS not_null,
                   a.attidentity = 'a' AS made_by_server,
                   coalesce(a.attnum = ANY (i.indkey), false) AS in_key
              FROM pg_attribute a
              JOIN pg_class c ON c.oid = a.attrelid
              JOIN pg_namespace n ON n.oid = c.relnamespace
              LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
             WHERE n.nspname = '%s' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
               AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
             ORDER BY c.oid, a.attnum
            """;

    private final Database database;
    private final Random random;
    private final List<Table> tables;

    private record Column(String name, String value, boolean madeByServer, boolean inKey) {}

    private record Table(String name, List<Column> columns) {

        List<Column> key() {
            return columns.stream().filter(Column::inKey).toList();
        }

        List<Column> others() {
            return columns.stream().filter(column -> !column.inKey()).toList();
        }

        /** A few rows, whichever. */
        String someRows(int limit) {
            String key = key().stream().map(Column::name).collect(Collectors.joining(", "));
            return "(%1$s) IN (SELECT %1$s FROM %2$s ORDER BY random() LIMIT %3$d)".formatted(key, name, limit);
        }
    }

    CatalogTraffic(Database database, String schema, long seed) throws SQLException {
        this.database = database;
        this.random = new Random(seed);
        this.tables = tables(database, schema);
    }

    private static List<Table> tables(Database database, String schema) throws SQLException {
        RandomValues values = new RandomValues(database);
        Map<String, List<Column>> columns = new LinkedHashMap<>();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET search_path = ''");
            try (ResultSet rows = statement.executeQuery(COLUMNS.replace("'%s'", "'" + schema + "'"))) {
                while (rows.next()) {
                    String value = values.of(rows.getLong("type"), rows.getString("spelling"));
                    columns.computeIfAbsent(rows.getString("table_name"), _ -> new ArrayList<>())
                            .add(new Column(
                                    rows.getString("column_name"),
                                    rows.getBoolean("not_null")
                                            ? value
                                            : "CASE WHEN random() < 0.15 THEN NULL ELSE %s END".formatted(value),
                                    rows.getBoolean("made_by_server"),
                                    rows.getBoolean("in_key")));
                }
            }
        }
        return columns.entrySet().stream()
                .map(table -> new Table(table.getKey(), List.copyOf(table.getValue())))
                .toList();
    }

    /** Commits at least that many row changes, and says how many it were. */
    long run(long changes) throws SQLException {
        long done = 0;
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("SELECT setseed(%s)".formatted(random.nextDouble()));
            while (done < changes) {
                int operations = 1 + random.nextInt(5);
                for (int i = 0; i < operations; i++) {
                    done += operation(connection, statement, tables.get(random.nextInt(tables.size())));
                }
                connection.commit();
            }
        }
        return done;
    }

    /** One that meets a key that is taken changes nothing. */
    private int operation(Connection connection, Statement statement, Table table) throws SQLException {
        Savepoint before = connection.setSavepoint();
        try {
            int rows = statement.executeUpdate(sql(table));
            connection.releaseSavepoint(before);
            return rows;
        } catch (SQLException e) {
            if (!"23505".equals(e.getSQLState())) {
                throw e;
            }
            connection.rollback(before);
            return 0;
        }
    }

    private String sql(Table table) {
        int rows = 1 + random.nextInt(MOST_ROWS);
        return switch (random.nextInt(10)) {
            case 0, 1, 2, 3 -> insert(table, rows);
            case 4, 5, 6, 7 -> update(table, rows);
            case 8 -> "DELETE FROM %s WHERE %s".formatted(table.name(), table.someRows(1 + rows / 3));
            default -> moveKey(table);
        };
    }

    private static String insert(Table table, int rows) {
        List<Column> given = table.columns().stream()
                .filter(column -> !column.madeByServer())
                .toList();
        return "INSERT INTO %s (%s) SELECT %s FROM generate_series(1, %d) ON CONFLICT DO NOTHING"
                .formatted(
                        table.name(),
                        given.stream().map(Column::name).collect(Collectors.joining(", ")),
                        given.stream().map(Column::value).collect(Collectors.joining(", ")),
                        rows);
    }

    private String update(Table table, int rows) {
        List<Column> others = new ArrayList<>(table.others());
        while (others.size() > 1 && random.nextBoolean()) {
            others.remove(random.nextInt(others.size()));
        }
        String sets = others.stream()
                .map(column -> column.name() + " = " + column.value())
                .collect(Collectors.joining(", "));
        return "UPDATE %s SET %s WHERE %s".formatted(table.name(), sets, table.someRows(rows));
    }

    private String moveKey(Table table) {
        List<Column> key = table.key();
        Column column = key.get(random.nextInt(key.size()));
        return "UPDATE %s SET %s = %s WHERE %s"
                .formatted(
                        table.name(),
                        column.name(),
                        column.madeByServer() ? "DEFAULT" : column.value(),
                        table.someRows(1));
    }
}
