package io.shadowwrite.system;

import io.shadowwrite.testsupport.Database;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A third opinion on what happened in the source: triggers write down every row change, with the transaction that made
 * it. The table is unlogged, so that no reader of the WAL sees it; a crash of the source empties it, so that whoever crashes
 * the source lets it begin again.
 */
public final class Oracle {

    private static final String TRIGGERS = """
            CREATE SCHEMA oracle;
            CREATE UNLOGGED TABLE oracle.change (xid bigint NOT NULL, source_table text NOT NULL, operation text NOT NULL);
            CREATE FUNCTION oracle.write_down() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              INSERT INTO oracle.change VALUES (pg_current_xact_id()::text::bigint, TG_ARGV[0], TG_OP);
              RETURN NULL;
            END $$;
            DO $$
            DECLARE
              holder record;
            BEGIN
              FOR holder IN
                SELECT c.oid::regclass AS name,
                       n.nspname || '.' || coalesce(root.relname, c.relname) AS table_name
                  FROM pg_class c
                  JOIN pg_namespace n ON n.oid = c.relnamespace
                  LEFT JOIN pg_class root ON root.oid = pg_partition_root(c.oid)
                 WHERE n.nspname = 'partners' AND c.relkind = 'r'
              LOOP
                EXECUTE format(
                  'CREATE TRIGGER write_down AFTER INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION oracle.write_down(%L)',
                  holder.name, holder.table_name);
              END LOOP;
            END $$;
            """;

    private static final String WRITTEN_DOWN = """
            SELECT xid || ' ' || source_table || ' ' || operation || ' ' || count(*)
              FROM oracle.change
             GROUP BY xid, source_table, operation
            """;

    private static final String RECEIPTS = """
            SELECT l.xid || ' ' || s.name || ' '
                   || CASE l.operation WHEN 1 THEN 'INSERT' WHEN 2 THEN 'UPDATE' WHEN 3 THEN 'DELETE' ELSE 'TRUNCATE' END
                   || ' ' || count(*)
              FROM shadow.event_ledger l
              JOIN shadow.source_table s ON s.id = l.source_table
             WHERE l.side = %d AND l.xid >= %d
             GROUP BY l.xid, s.name, l.operation
            """;

    private static final int EXAMPLES = 10;

    private final Database source;
    private final Database target;
    private final Path logs;
    private volatile long firstXid;

    private Oracle(Database source, Database target, Path logs) {
        this.source = source;
        this.target = target;
        this.logs = logs;
    }

    /** Watches a source from now on; the logs are those a failure points to. */
    static Oracle install(Database source, Database target, Path logs) {
        source.runScript(TRIGGERS);
        return new Oracle(source, target, logs);
    }

    /** Forgets what a crash of the source left, and compares only what happens from now on. Nobody may be writing. */
    public void beginAgain() {
        source.execute("TRUNCATE oracle.change");
        firstXid = source.queryForLong("SELECT pg_snapshot_xmax(pg_current_snapshot())::text");
    }

    /**
     * Demands one receipt of each side for each change the triggers saw, transaction by transaction: nothing lost,
     * nothing doubled, nothing made up.
     *
     * @return how many changes there were
     */
    public long agreesWithBothReaders() {
        List<@Nullable String> happened = sorted(source.queryForList(WRITTEN_DOWN));
        demand("the consumer", happened, sorted(target.queryForList(RECEIPTS.formatted(1, firstXid))));
        demand("the slot reader", happened, sorted(target.queryForList(RECEIPTS.formatted(2, firstXid))));
        return source.queryForLong("SELECT count(*) FROM oracle.change");
    }

    private void demand(String reader, List<@Nullable String> happened, List<@Nullable String> told) {
        if (!told.equals(happened)) {
            throw new AssertionError(
                    "receipts of %s: %s happened and are not told, %s are told and did not happen; logs in %s"
                            .formatted(reader, without(happened, told), without(told, happened), logs));
        }
    }

    /** Some of those that the other list lacks. */
    private static List<@Nullable String> without(List<@Nullable String> all, List<@Nullable String> others) {
        List<@Nullable String> left = new ArrayList<>(all);
        others.forEach(left::remove);
        return left.stream().limit(EXAMPLES).toList();
    }

    private static List<@Nullable String> sorted(List<@Nullable String> lines) {
        return lines.stream().sorted().toList();
    }
}
