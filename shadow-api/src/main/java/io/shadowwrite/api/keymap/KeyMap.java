package io.shadowwrite.api.keymap;

import io.shadowwrite.api.database.ArrayColumn;
import io.shadowwrite.api.database.Dictionary;
import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.fold.KeyMapChanges;
import io.shadowwrite.api.fold.ModelColumns;
import io.shadowwrite.canonical.CanonicalKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes {@code shadow.pk_map}; in the caller's transaction. Thread-safe. */
public final class KeyMap {

    private static final String END = """
            update shadow.pk_map m
               set state = 'archived',
                   changed_lsn = e.changed_lsn
              from (select unnest(?::text[]) as target_key, unnest(?::pg_lsn[]) as changed_lsn) as e
             where m.target_model = ?::smallint
               and m.target_key = e.target_key
               and m.state = 'current'
            """;

    private static final String MAP = """
            insert into shadow.pk_map (source_table, source_key, target_model, target_key, state, changed_lsn)
            select unnest(?::smallint[]), unnest(?::text[]), ?::smallint, unnest(?::text[]), unnest(?::text[]),
                   unnest(?::pg_lsn[])
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
        ArrayColumn targetKeys = ArrayColumn.texts();
        ArrayColumn changed = ArrayColumn.lsns();
        for (KeyMapChanges.Ended one : ended) {
            targetKeys.add(json(columns, one.targetKey()));
            changed.add(one.changedLsn());
        }
        database.jdbc()
                .sql(END)
                .param(targetKeys.parameter())
                .param(changed.parameter())
                .param(dictionary.model(columns.model().name()))
                .update();
    }

    private void map(ModelColumns columns, List<KeyMapChanges.Mapping> mappings) {
        if (mappings.isEmpty()) {
            return;
        }
        ArrayColumn tables = ArrayColumn.smallints();
        ArrayColumn sourceKeys = ArrayColumn.texts();
        ArrayColumn targetKeys = ArrayColumn.texts();
        ArrayColumn states = ArrayColumn.texts();
        ArrayColumn changed = ArrayColumn.lsns();
        for (KeyMapChanges.Mapping mapping : mappings) {
            tables.add(dictionary.table(mapping.source().sourceTable()));
            sourceKeys.add(mapping.source().sourceKey());
            targetKeys.add(json(columns, mapping.targetKey()));
            states.add(mapping.current() ? "current" : "archived");
            changed.add(mapping.changedLsn());
        }
        database.jdbc()
                .sql(MAP)
                .param(tables.parameter())
                .param(sourceKeys.parameter())
                .param(dictionary.model(columns.model().name()))
                .param(targetKeys.parameter())
                .param(states.parameter())
                .param(changed.parameter())
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
