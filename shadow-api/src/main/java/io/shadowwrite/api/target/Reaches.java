package io.shadowwrite.api.target;

import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.database.SqlArrays;
import io.shadowwrite.contract.TargetModel;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the {@link Reach} of the contract's models from the target's catalog, now and then. Thread-safe. */
public final class Reaches {

    /** A trigger or a cascade that comes while the stream runs is seen after this time at the latest. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

    private static final String TABLES = """
            with recursive wanted as (
                select n as name, to_regclass(n)::oid as root, to_regclass(n)::oid as part
                  from unnest(?::text[]) as n
                 union all
                select w.name, w.root, i.inhrelid
                  from wanted w
                  join pg_inherits i on i.inhparent = w.part
            )
            """;

    private static final String ACTING = TABLES + """
            select w.name
              from wanted w
             where exists (select from pg_trigger t where t.tgrelid = w.part and not t.tgisinternal)
                or exists (select from pg_rewrite r where r.ev_class = w.part)
             group by w.name
            """;

    /** The server takes any of them for a key that may be referred to, and locks the row like one that is removed when it changes. */
    private static final String KEYS = TABLES + """
            select w.name,
                   array(select a.attname::text
                           from unnest(i.indkey) with ordinality as k(attnum, ord)
                           join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
                          where k.ord <= i.indnkeyatts) as columns
              from wanted w
              join pg_index i on i.indrelid = w.part
             where i.indisunique
               and i.indpred is null
               and i.indexprs is null
            """;

    private static final String REFERENCES = TABLES + """
            select child.name as child,
                   parent.name as parent,
                   array(select a.attname::text
                           from unnest(c.conkey) with ordinality as k(attnum, ord)
                           join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.attnum
                          order by k.ord) as child_columns,
                   array(select a.attname::text
                           from unnest(c.confkey) with ordinality as k(attnum, ord)
                           join pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.attnum
                          order by k.ord) as parent_columns,
                   c.confdeltype in ('c', 'n', 'd') as removal_acts
              from pg_constraint c
              join wanted parent on parent.part = c.confrelid
              left join wanted child on child.part = c.conrelid
             where c.contype = 'f'
            """;

    private final ShadowDatabase database;
    private final Map<String, TargetModel> byTable = new HashMap<>();

    private volatile @Nullable Seen seen;

    private record Seen(Reach reach, long nanos) {}

    public Reaches(Collection<TargetModel> models, ShadowDatabase database) {
        this.database = database;
        models.forEach(model -> byTable.put(model.table().quoted(), model));
    }

    /** Not older than some seconds. Call it outside of a transaction. */
    public Reach current() {
        long now = System.nanoTime();
        @Nullable Seen last = seen;
        if (last != null && now - last.nanos < LOOK_AGAIN.toNanos()) {
            return last.reach;
        }
        Reach reach = read();
        seen = new Seen(reach, now);
        return reach;
    }

    private Reach read() {
        Map<String, List<Reach.Reference>> references = new HashMap<>();
        Set<String> writesAct = new HashSet<>();
        Set<String> updatesLockOut = new HashSet<>();
        Set<String> removalsAct = new HashSet<>();
        List<String> tables = List.copyOf(byTable.keySet());
        database.jdbc().sql(ACTING).param(SqlArrays.text(tables)).query(row -> {
            writesAct.add(model(row, "name").name());
        });
        database.jdbc().sql(KEYS).param(SqlArrays.text(tables)).query(row -> {
            TargetModel model = model(row, "name");
            boolean written = columns(row, "columns").stream()
                    .anyMatch(column ->
                            model.columns().containsKey(column) && !model.key().contains(column));
            if (written) {
                updatesLockOut.add(model.name());
            }
        });
        database.jdbc().sql(REFERENCES).param(SqlArrays.text(tables)).query(row -> {
            TargetModel parent = model(row, "parent");
            List<String> named = columns(row, "parent_columns");
            boolean ontoKey = Set.copyOf(named).equals(Set.copyOf(parent.key()));
            if (row.getBoolean("removal_acts")) {
                removalsAct.add(parent.name());
            }
            if (!ontoKey) {
                // What is referred to may change. The key never does: its row is removed, and comes under another.
                writesAct.add(parent.name());
            }
            if (ontoKey && row.getString("child") != null) {
                List<String> naming = columns(row, "child_columns");
                references
                        .computeIfAbsent(model(row, "child").name(), _ -> new ArrayList<>())
                        .add(new Reach.Reference(
                                parent,
                                parent.key().stream()
                                        .map(column -> naming.get(named.indexOf(column)))
                                        .toList()));
            }
        });
        return new Reach(references, writesAct, updatesLockOut, removalsAct);
    }

    private TargetModel model(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(byTable.get(row.getString(column)));
    }

    private static List<String> columns(ResultSet row, String column) throws SQLException {
        return Arrays.asList((String[]) row.getArray(column).getArray());
    }
}
