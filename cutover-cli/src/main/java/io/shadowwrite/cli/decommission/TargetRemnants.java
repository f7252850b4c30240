package io.shadowwrite.cli.decommission;

import io.shadowwrite.cli.check.Finding.Side;
import io.shadowwrite.cli.decommission.Remnant.Kind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks for what is ours in the target: two schemas, and sessions. Through a connection with an empty search path. */
final class TargetRemnants {

    static final String WORKING_SCHEMA = "shadow";
    static final String PROVENANCE = "provenance";

    /** A schema is told to be ours by a table that nobody else would call so. */
    private static final String SCHEMAS = """
            SELECT n.nspname AS name,
                   coalesce(pg_catalog.to_regclass('shadow.backfill_state'), pg_catalog.to_regclass('shadow.migration_history'))
                     IS NOT NULL AS is_working_schema,
                   pg_catalog.to_regclass('provenance.readable_transaction') IS NOT NULL AS is_provenance,
                   pg_catalog.pg_get_userbyid(n.nspowner) AS owner,
                   count(c.oid) FILTER (WHERE c.relkind IN ('r', 'p')) AS tables,
                   coalesce(sum(pg_catalog.pg_total_relation_size(c.oid)) FILTER (WHERE c.relkind = 'r'), 0)::bigint AS bytes
              FROM pg_catalog.pg_namespace n
              LEFT JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid
             WHERE n.nspname IN ('shadow', 'provenance')
             GROUP BY n.nspname, n.nspowner
             ORDER BY n.nspname DESC
            """;

    private static final String WINDOW_IS_THERE =
            "SELECT pg_catalog.to_regclass('shadow.backfill_state') IS NOT NULL AS is_there";

    private static final String WINDOW = """
            SELECT w.migration_id, w.phase, w.consumer_slot, w.verifier_slot, w.system_identifier, w.fence_kind, d.decision,
                   EXISTS (SELECT FROM shadow.event_ledger e WHERE e.commit_lsn >= d.final_lsn) AS written_since
              FROM shadow.backfill_state w
              LEFT JOIN LATERAL (SELECT a.decision, a.final_lsn
                                   FROM shadow.cutover_audit a
                                  ORDER BY a.ordinal DESC
                                  LIMIT 1) AS d ON true
            """;

    private TargetRemnants() {}

    /** Null when the target knows of none. */
    static @Nullable KnownWindow window(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            try (ResultSet row = statement.executeQuery(WINDOW_IS_THERE)) {
                row.next();
                if (!row.getBoolean("is_there")) {
                    return null;
                }
            }
            try (ResultSet row = statement.executeQuery(WINDOW)) {
                return row.next()
                        ? new KnownWindow(
                                row.getString("migration_id"),
                                row.getString("phase"),
                                List.of(row.getString("consumer_slot"), row.getString("verifier_slot")),
                                row.getString("system_identifier"),
                                row.getString("decision"),
                                row.getBoolean("written_since"),
                                row.getString("fence_kind"))
                        : null;
            }
        }
    }

    static List<Remnant> look(Connection connection, boolean withProvenance) throws SQLException {
        List<Remnant> remnants = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(SCHEMAS)) {
            while (row.next()) {
                remnants.add(schema(row, withProvenance));
            }
        }
        remnants.addAll(Sessions.of(Side.TARGET, connection));
        return remnants;
    }

    private static Remnant schema(ResultSet row, boolean withProvenance) throws SQLException {
        String name = row.getString("name");
        boolean working = name.equals(WORKING_SCHEMA);
        String detail = "%d table(s), owned by %s".formatted(row.getLong("tables"), row.getString("owner"));
        if (!row.getBoolean(working ? "is_working_schema" : "is_provenance")) {
            return new Remnant(
                    Side.TARGET,
                    Kind.STRANGE_SCHEMA,
                    name,
                    detail + "; nothing of ours is in it",
                    row.getLong("bytes"));
        }
        boolean goes = working || withProvenance;
        return new Remnant(
                Side.TARGET,
                goes ? Kind.SCHEMA : Kind.KEPT_SCHEMA,
                name,
                goes ? detail : detail + "; says who wrote which row, --with-provenance drops it too",
                row.getLong("bytes"));
    }
}
