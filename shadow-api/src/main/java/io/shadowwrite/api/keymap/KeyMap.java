package io.shadowwrite.api.keymap;

import io.shadowwrite.api.database.Dictionary;
import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.database.SqlArrays;
import io.shadowwrite.api.fold.KeyMapChanges;
import io.shadowwrite.api.fold.ModelColumns;
import io.shadowwrite.canonical.CanonicalKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.postgresql.replication.LogSequenceNumber;

/** Writes {@code shadow.pk_map}; in the caller's transaction. Thread-safe. */
public final class KeyMap {

    private static final String END = """
            update shadow.pk_map m
               set state = 'archived',
                   changed_lsn = e.changed_lsn
              from unnest(?::text[], ?::pg_lsn[]) as e(target_key, changed_lsn)
             where m.target_model = ?::smallint
               and m.target_key = e.target_key
               and m.state = 'current'
            """;

    private static final String MAP = """
            insert into shadow.pk_map (source_table, source_key, target_model, target_key, state, changed_lsn)
            select n.source_table::smallint, n.source_key, ?::smallint, n.target_key, n.state, n.changed_lsn
              from unnest(?::int[], ?::text[], ?::text[], ?::text[], ?::pg_lsn[])
                   as n(source_table, source_key, target_key, state, changed_lsn)
            on conflict (source_table, source_key, target_model) do update
               set target_key = excluded.target_key,
                   state = excluded.state,
                   changed_lsn = excluded.changed_lsn
            """;

    private final ShadowDatabase database;
    private final Dictionary dictionary;

    public KeyMap(ShadowDatabase database, Dictionary dictionary) {
        this.database = database;
        this.dictionary = dictionary;
    }

    public void store(ModelColumns columns, KeyMapChanges changes) {
        end(columns, changes.ended());
        map(columns, changes.mappings());
    }

    private void end(ModelColumns columns, List<KeyMapChanges.Ended> ended) {
        if (ended.isEmpty()) {
            return;
        }
        database.jdbc()
                .sql(END)
                .param(SqlArrays.text(ended.stream()
                        .map(one -> json(columns, one.targetKey()))
                        .toList()))
                .param(SqlArrays.lsn(
                        ended.stream().map(KeyMapChanges.Ended::changedLsn).toList()))
                .param(dictionary.model(columns.model().name()))
                .update();
    }

    private void map(ModelColumns columns, List<KeyMapChanges.Mapping> mappings) {
        if (mappings.isEmpty()) {
            return;
        }
        List<Integer> tables = new ArrayList<>(mappings.size());
        List<String> sourceKeys = new ArrayList<>(mappings.size());
        List<String> targetKeys = new ArrayList<>(mappings.size());
        List<String> states = new ArrayList<>(mappings.size());
        List<LogSequenceNumber> changed = new ArrayList<>(mappings.size());
        for (KeyMapChanges.Mapping mapping : mappings) {
            tables.add(dictionary.table(mapping.source().sourceTable()));
            sourceKeys.add(mapping.source().sourceKey());
            targetKeys.add(json(columns, mapping.targetKey()));
            states.add(mapping.current() ? "current" : "archived");
            changed.add(mapping.changedLsn());
        }
        database.jdbc()
                .sql(MAP)
                .param(dictionary.model(columns.model().name()))
                .param(SqlArrays.integer(tables))
                .param(SqlArrays.text(sourceKeys))
                .param(SqlArrays.text(targetKeys))
                .param(SqlArrays.text(states))
                .param(SqlArrays.lsn(changed))
                .update();
    }

    private static String json(ModelColumns columns, List<String> key) {
        Map<String, String> values = new LinkedHashMap<>();
        int next = 0;
        for (String name : columns.model().key()) {
            values.put(name, key.get(next++));
        }
        return CanonicalKey.json(columns.keyTypes(), values);
    }
}
