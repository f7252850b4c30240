package io.shadowwrite.cli.check;

import io.shadowwrite.cli.check.Finding.Side;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.JsonPointer;
import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.contract.TargetModel;
import io.shadowwrite.contract.fit.TargetFit;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whether shadow-api can write the contract's models as this role, and what else writes them. Of their
 * rows it asks whether there are any.
 */
public final class TargetDatabase {

    /** The query was cancelled, or a lock was not there in time. */
    private static final Set<String> NO_TIME = Set.of("57014", "55P03");

    /** Less than the connection waits for an answer. */
    private static final Duration LONGEST_BOUND = Duration.ofSeconds(20);

    private static final int OLDEST_SERVER = 150_000;

    private static final String SERVER = """
            SELECT quote_ident(current_user) AS role,
                   quote_ident(current_database()) AS database,
                   current_setting('server_version_num')::int AS version,
                   current_setting('server_encoding') AS encoding,
                   pg_is_in_recovery() AS standby,
                   has_database_privilege(current_database(), 'CREATE') AS may_create,
                   has_database_privilege(current_database(), 'TEMPORARY') AS may_stage,
                   ARRAY(SELECT n.nspname::text
                           FROM pg_catalog.pg_namespace n
                          WHERE n.nspname IN ('shadow', 'provenance')
                            AND (NOT pg_has_role(n.nspowner, 'USAGE')
                                 OR EXISTS (SELECT FROM pg_catalog.pg_class c
                                             WHERE c.relnamespace = n.oid AND NOT pg_has_role(c.relowner, 'USAGE')))
                          ORDER BY 1) AS foreign_schemas,
                   (SELECT count(*) FROM pg_catalog.pg_namespace WHERE nspname IN ('shadow', 'provenance')) AS own_schemas
            """;

    /** The tables that models name. */
    private static final String TABLES = """
            SELECT w.schema_name, w.table_name, c.oid::bigint AS oid,
                   c.relrowsecurity AND has_table_privilege(c.oid, 'SELECT') AND row_security_active(c.oid) AS hides_rows,
                   has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT') AS readable
              FROM unnest(?::text[], ?::text[]) AS w (schema_name, table_name)
              JOIN pg_catalog.pg_namespace n ON n.nspname = w.schema_name
              JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = w.table_name
             ORDER BY 1, 2
            """;

    private static final String REFERENCES = """
            SELECT k.conrelid::bigint AS referring, k.confrelid::bigint AS referred, k.conname,
                   cn.nspname || '.' || c.relname AS referring_name, fn.nspname || '.' || f.relname AS referred_name,
                   k.confdeltype IN ('c', 'n', 'd') AS on_delete, k.confupdtype IN ('c', 'n', 'd') AS on_update
              FROM pg_catalog.pg_constraint k
              JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
              JOIN pg_catalog.pg_namespace cn ON cn.oid = c.relnamespace
              JOIN pg_catalog.pg_class f ON f.oid = k.confrelid
              JOIN pg_catalog.pg_namespace fn ON fn.oid = f.relnamespace
             WHERE k.contype = 'f' AND k.conparentid = 0 AND (k.conrelid = ANY (?::oid[]) OR k.confrelid = ANY (?::oid[]))
             ORDER BY 4, k.conname
            """;

    private static final String WRITTEN_BY_OTHERS = """
            SELECT t.tgrelid::bigint AS oid, 'trigger ' || quote_ident(t.tgname) AS what,
                   format('ALTER TABLE %I.%I DISABLE TRIGGER %I;', n.nspname, c.relname, t.tgname) AS switch_off
              FROM pg_catalog.pg_trigger t
              JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE t.tgrelid = ANY (?::oid[]) AND NOT t.tgisinternal AND t.tgparentid = 0 AND t.tgenabled IN ('O', 'A')
             UNION ALL
            SELECT r.ev_class::bigint, 'rule ' || quote_ident(r.rulename),
                   format('ALTER TABLE %I.%I DISABLE RULE %I;', n.nspname, c.relname, r.rulename)
              FROM pg_catalog.pg_rewrite r
              JOIN pg_catalog.pg_class c ON c.oid = r.ev_class
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE r.ev_class = ANY (?::oid[]) AND r.rulename <> '_RETURN' AND r.ev_enabled IN ('O', 'A')
             ORDER BY 1, 2
            """;

    private final Contract contract;
    private final Connection connection;
    private final Map<Long, TargetModel> models = new LinkedHashMap<>();
    private final List<TargetModel> readable = new ArrayList<>();
    private final List<Finding> findings = new ArrayList<>();
    private String role = "";

    private TargetDatabase(Contract contract, Connection connection) {
        this.contract = contract;
        this.connection = connection;
    }

    /** What keeps the contract from being written: shape, privileges, policies. */
    public static List<Finding> misfits(Contract contract, Connection target) throws SQLException {
        TargetDatabase database = new TargetDatabase(contract, target);
        database.server(false);
        database.tables();
        database.fit();
        return List.copyOf(database.findings);
    }

    /** The same, the server itself, and what writes beside us. A question without an answer is a finding. */
    static List<Finding> findings(Contract contract, Connection target, Duration boundPerTable) throws SQLException {
        TargetDatabase database = new TargetDatabase(contract, target);
        new Looks(Side.TARGET, target, database.findings)
                .at("the server", () -> database.server(true))
                .at("the policies", database::tables)
                .at("the tables", database::fit)
                .at("the references", database::references)
                .at("the triggers", database::othersThatWrite)
                .at("the rows", () -> database.rows(boundPerTable));
        return List.copyOf(database.findings);
    }

    private void fit() throws SQLException {
        TargetFit.problems(contract, connection).forEach(misfit -> findings.add(Finding.of(Side.TARGET, misfit)));
    }

    private void server(boolean tell) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(SERVER)) {
            row.next();
            role = row.getString("role");
            if (tell) {
                fitness(row);
                privileges(row);
            }
        }
    }

    private void fitness(ResultSet row) throws SQLException {
        if (row.getInt("version") < OLDEST_SERVER) {
            findings.add(Finding.blocks(
                    Side.TARGET,
                    "SERVER_VERSION",
                    "the target is PostgreSQL %d".formatted(row.getInt("version")),
                    "PostgreSQL 15 is the oldest supported"));
        }
        if (row.getBoolean("standby")) {
            findings.add(Finding.blocks(
                    Side.TARGET, "STANDBY", "the target is a standby", "connect to the primary of the target instead"));
        }
        if (!"UTF8".equals(row.getString("encoding"))) {
            findings.add(Finding.blocks(
                    Side.TARGET,
                    "SERVER_ENCODING",
                    "the database is encoded in %s".formatted(row.getString("encoding")),
                    "only databases with server_encoding UTF8 can be compared; create it anew"));
        }
    }

    /** What the migration of schema shadow, and long transactions, need. */
    private void privileges(ResultSet row) throws SQLException {
        String database = row.getString("database");
        if (!row.getBoolean("may_create") && row.getInt("own_schemas") < 2) {
            findings.add(Finding.blocks(
                            Side.TARGET,
                            "PRIVILEGE",
                            "role %s may not create the schemas shadow and provenance".formatted(role),
                            "grant it CREATE on the database")
                    .mendedBy("GRANT CREATE ON DATABASE %s TO %s;".formatted(database, role)));
        }
        if (!row.getBoolean("may_stage")) {
            findings.add(Finding.blocks(
                            Side.TARGET,
                            "PRIVILEGE",
                            "role %s may not create temporary tables, which long source transactions need"
                                    .formatted(role),
                            "grant it TEMPORARY on the database")
                    .mendedBy("GRANT TEMPORARY ON DATABASE %s TO %s;".formatted(database, role)));
        }
        for (String schema : (String[]) row.getArray("foreign_schemas").getArray()) {
            findings.add(Finding.blocks(
                    Side.TARGET,
                    "PRIVILEGE",
                    "schema %s, or something in it, belongs to another role than %s".formatted(schema, role),
                    "look whose window it is: end that one and remove its schemas, or open this one as its role"));
        }
    }

    private void tables() throws SQLException {
        Map<QualifiedName, TargetModel> named = new LinkedHashMap<>();
        contract.models().values().forEach(model -> named.put(model.table(), model));
        Object[] schemas = named.keySet().stream().map(QualifiedName::schema).toArray();
        Object[] names = named.keySet().stream().map(QualifiedName::name).toArray();
        try (PreparedStatement statement = connection.prepareStatement(TABLES)) {
            statement.setArray(1, connection.createArrayOf("text", schemas));
            statement.setArray(2, connection.createArrayOf("text", names));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    QualifiedName table = new QualifiedName(row.getString("schema_name"), row.getString("table_name"));
                    TargetModel model = named.get(table);
                    if (model != null) {
                        models.put(row.getLong("oid"), model);
                        if (row.getBoolean("readable")) {
                            readable.add(model);
                        }
                        table(row, model);
                    }
                }
            }
        }
    }

    private void table(ResultSet row, TargetModel model) throws SQLException {
        if (row.getBoolean("hides_rows")) {
            findings.add(Finding.blocks(
                            Side.TARGET,
                            "ROW_SECURITY",
                            "row security may hide rows of %s from role %s".formatted(model.table(), role),
                            "give it BYPASSRLS")
                    .mendedBy("ALTER ROLE %s BYPASSRLS;".formatted(role))
                    .at(at(model)));
        }
    }

    private void references() throws SQLException {
        try (PreparedStatement statement = ofTables(REFERENCES);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                reference(row);
            }
        }
    }

    private void reference(ResultSet row) throws SQLException {
        TargetModel referring = models.get(row.getLong("referring"));
        TargetModel referred = models.get(row.getLong("referred"));
        String name = row.getString("conname");
        if (referring != null && referred == null) {
            findings.add(Finding.warns(
                            Side.TARGET,
                            "FOREIGN_KEY",
                            "%s refers to %s (constraint %s), which no model of the contract fills: a row is refused until what it refers to is there"
                                    .formatted(referring.table(), row.getString("referred_name"), name),
                            "fill it first, map it, or drop the constraint for the time of the window")
                    .at(at(referring)));
        }
        if (row.getBoolean("on_delete") || row.getBoolean("on_update")) {
            TargetModel model = referring == null ? referred : referring;
            findings.add(Finding.warns(
                            Side.TARGET,
                            "CASCADE",
                            "constraint %s changes rows of %s when rows of %s go or change, which the source does by changes of its own"
                                    .formatted(name, row.getString("referring_name"), row.getString("referred_name")),
                            "make it NO ACTION for the time of the window")
                    .at(model == null ? "/models" : at(model)));
        }
    }

    private void othersThatWrite() throws SQLException {
        try (PreparedStatement statement = ofTables(WRITTEN_BY_OTHERS);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                TargetModel model = models.get(row.getLong("oid"));
                if (model != null) {
                    findings.add(Finding.warns(
                                    Side.TARGET,
                                    "TRIGGER",
                                    "%s of %s runs for mirrored rows too, and may change them or write other tables"
                                            .formatted(row.getString("what"), model.table()),
                                    "if it does, switch it off for the time of the window: %s"
                                            .formatted(row.getString("switch_off")))
                            .at(at(model)));
                }
            }
        }
    }

    /** A source that is loaded by nothing has no row for them. */
    private void rows(Duration bound) throws SQLException {
        long millis = Math.min(bound.toMillis(), LONGEST_BOUND.toMillis());
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL statement_timeout TO %d".formatted(millis));
            for (TargetModel model : readable) {
                Savepoint before = connection.setSavepoint();
                try (ResultSet row = statement.executeQuery(
                        "SELECT EXISTS (SELECT FROM %s)".formatted(model.table().quoted()))) {
                    row.next();
                    rows(model, row.getBoolean(1));
                } catch (SQLException e) {
                    unknown(model, e);
                    connection.rollback(before);
                }
            }
            statement.execute("SET LOCAL statement_timeout TO DEFAULT");
        }
    }

    private void rows(TargetModel model, boolean some) {
        if (some) {
            findings.add(Finding.blocks(
                            Side.TARGET,
                            "ROWS_EXIST",
                            "%s holds rows, which nothing of this migration has written".formatted(model.table()),
                            "empty it; a window is only opened onto a target without rows")
                    .at(at(model)));
        }
    }

    private void unknown(TargetModel model, SQLException e) throws SQLException {
        if (!NO_TIME.contains(String.valueOf(e.getSQLState()))) {
            throw e;
        }
        findings.add(Finding.warns(
                        Side.TARGET,
                        "NOT_CHECKED",
                        "nobody knows whether %s is empty: it did not answer in time".formatted(model.table()),
                        "repeat it when nobody has locked the table, or with --scan-seconds")
                .at(at(model)));
    }

    private PreparedStatement ofTables(String sql) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        statement.setArray(1, connection.createArrayOf("int8", models.keySet().toArray()));
        statement.setArray(2, connection.createArrayOf("int8", models.keySet().toArray()));
        return statement;
    }

    private static String at(TargetModel model) {
        return JsonPointer.of("models", model.name(), "table").text();
    }
}
