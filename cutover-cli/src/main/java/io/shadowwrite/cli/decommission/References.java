package io.shadowwrite.cli.decommission;

import io.shadowwrite.cli.check.Finding.Side;
import io.shadowwrite.cli.decommission.Remnant.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Looks for names of ours in everything that the target's own schemas say: nothing there may refer to us, so that removing
 * us changes nothing there. Through a connection with an empty search path, which makes the server write names in full.
 */
final class References {

    /** As parts of a definition or a comment. */
    private static final String NAMES =
            "\\m(shadow|provenance)\"?\\.\"?\\w|/shadow/|\\mas_of_lsn\\M|\\mshadow_metadata\\M|\\mio\\.shadowwrite\\M|\\mcdc_(shadow|backfill)|\\mRDS_CDC_SHADOW|\\mSHADOW_DISABLED\\M|\\mshadow-write\\M";

    /** As the whole name of a table or column: within a text a team may well speak of keys of its own. */
    private static final String BARE_NAMES =
            "^(idempotency_key|as_of_lsn|shadow_metadata|pk_map|event_ledger|backfill_state)$";

    private static final String OWN = """
            own AS (
              SELECT oid, nspname
                FROM pg_catalog.pg_namespace
               WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'shadow', 'provenance')),
            relation AS (
              SELECT c.oid, c.relkind, c.relacl, c.relowner, o.nspname, c.relname, format('%I.%I', o.nspname, c.relname) AS name
                FROM pg_catalog.pg_class c
                JOIN own o ON o.oid = c.relnamespace)
            """;

    private static final String TEXTS = """
            texts (what, name, body) AS (
              SELECT 'view', name, pg_catalog.pg_get_viewdef(oid) FROM relation WHERE relkind IN ('v', 'm')
               UNION ALL
              SELECT 'default of column', format('%s.%I', r.name, a.attname), pg_catalog.pg_get_expr(d.adbin, d.adrelid)
                FROM relation r
                JOIN pg_catalog.pg_attrdef d ON d.adrelid = r.oid
                JOIN pg_catalog.pg_attribute a ON a.attrelid = r.oid AND a.attnum = d.adnum
               UNION ALL
              SELECT 'type of column', format('%s.%I', r.name, a.attname), pg_catalog.format_type(a.atttypid, a.atttypmod)
                FROM relation r
                JOIN pg_catalog.pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
               WHERE r.relkind IN ('r', 'p', 'v', 'm', 'f', 'c')
               UNION ALL
              SELECT CASE k.contype WHEN 'f' THEN 'foreign key' ELSE 'constraint' END, format('%s.%I', r.name, k.conname),
                     pg_catalog.pg_get_constraintdef(k.oid)
                FROM relation r
                JOIN pg_catalog.pg_constraint k ON k.conrelid = r.oid
               UNION ALL
              SELECT 'trigger', format('%s.%I', r.name, t.tgname), pg_catalog.pg_get_triggerdef(t.oid)
                FROM relation r
                JOIN pg_catalog.pg_trigger t ON t.tgrelid = r.oid AND NOT t.tgisinternal
               UNION ALL
              SELECT 'rule', format('%s.%I', r.name, w.rulename), pg_catalog.pg_get_ruledef(w.oid)
                FROM relation r
                JOIN pg_catalog.pg_rewrite w ON w.ev_class = r.oid AND w.rulename <> '_RETURN'
               UNION ALL
              SELECT 'policy', format('%s.%I', r.name, p.polname),
                     concat_ws(' ', pg_catalog.pg_get_expr(p.polqual, p.polrelid), pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid))
                FROM relation r
                JOIN pg_catalog.pg_policy p ON p.polrelid = r.oid
               UNION ALL
              SELECT 'index', r.name, pg_catalog.pg_get_indexdef(r.oid) FROM relation r WHERE r.relkind = 'i'
               UNION ALL
              SELECT 'function', format('%I.%I', o.nspname, f.proname),
                     concat_ws(' ', f.prosrc, pg_catalog.pg_get_function_sqlbody(f.oid))
                FROM pg_catalog.pg_proc f
                JOIN own o ON o.oid = f.pronamespace
               UNION ALL
              SELECT 'comment on table', r.name, d.description
                FROM relation r
                JOIN pg_catalog.pg_description d
                  ON d.objoid = r.oid AND d.classoid = 'pg_catalog.pg_class'::regclass AND d.objsubid = 0
               UNION ALL
              SELECT 'comment on column', format('%s.%I', r.name, a.attname), d.description
                FROM relation r
                JOIN pg_catalog.pg_description d ON d.objoid = r.oid AND d.classoid = 'pg_catalog.pg_class'::regclass
                JOIN pg_catalog.pg_attribute a ON a.attrelid = r.oid AND a.attnum = d.objsubid
               WHERE d.objsubid > 0
               UNION ALL
              SELECT 'comment on schema', quote_ident(o.nspname), d.description
                FROM own o
                JOIN pg_catalog.pg_description d ON d.objoid = o.oid AND d.classoid = 'pg_catalog.pg_namespace'::regclass
               UNION ALL
              SELECT 'comment on function', format('%I.%I', o.nspname, f.proname), d.description
                FROM pg_catalog.pg_proc f
                JOIN own o ON o.oid = f.pronamespace
                JOIN pg_catalog.pg_description d ON d.objoid = f.oid AND d.classoid = 'pg_catalog.pg_proc'::regclass
               UNION ALL
              SELECT 'setting of ' || coalesce('role ' || quote_ident(pg_catalog.pg_get_userbyid(nullif(s.setrole, 0))), 'the database'),
                     split_part(v.setting, '=', 1), replace(v.setting || ',', ',', '.x,')
                FROM pg_catalog.pg_db_role_setting s
               CROSS JOIN LATERAL unnest(s.setconfig) AS v (setting)
               WHERE s.setdatabase IN (0, (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()))
                 AND v.setting ~ '^search_path='),
            bare (what, name, body) AS (
              SELECT 'column', format('%s.%I', r.name, a.attname), a.attname
                FROM relation r
                JOIN pg_catalog.pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
               WHERE r.relkind IN ('r', 'p', 'v', 'm', 'f')
               UNION ALL
              SELECT 'table', name, relname FROM relation WHERE relkind IN ('r', 'p', 'v', 'm', 'f'))
            """;

    /** A role that was made for the migration has a name of ours, or none by which anybody could tell. */
    private static final String GRANTS = """
            granted (what, name) AS (
              SELECT 'grants to role ' || quote_ident(g.rolname), format('%s table(s) of schema %I', count(DISTINCT r.oid), r.nspname)
                FROM relation r
               CROSS JOIN LATERAL pg_catalog.aclexplode(r.relacl) AS a
                JOIN pg_catalog.pg_roles g ON g.oid = a.grantee AND g.oid <> r.relowner
               WHERE g.rolname ~ '^(cdc_)?shadow'
               GROUP BY g.rolname, r.nspname)
            """;

    private static final String QUERY = "WITH " + OWN + ", " + TEXTS + ", " + GRANTS + """
            SELECT what, name FROM texts WHERE body ~* ?
             UNION
            SELECT what, name FROM bare WHERE body ~ ?
             UNION
            SELECT what, name FROM granted
             ORDER BY 1, 2
            """;

    private References() {}

    static List<Remnant> look(Connection connection, Set<String> allowed) throws SQLException {
        List<Remnant> references = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(QUERY)) {
            statement.setString(1, NAMES);
            statement.setString(2, BARE_NAMES);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    if (!allowed.contains(row.getString("name"))) {
                        references.add(new Remnant(
                                Side.TARGET, Kind.REFERENCE, row.getString("name"), row.getString("what"), null));
                    }
                }
            }
        }
        return references;
    }
}
