package io.shadowwrite.api.database;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Small numbers for names that every event repeats. A number, once given, never changes, so it is remembered. Thread-safe.
 */
public final class Dictionary {

    private static final String ADD_TABLES = """
            insert into provenance.source_table (name)
            select n from unnest(?) as n
             where not exists (select from provenance.source_table t where t.name = n)
             order by n
            on conflict (name) do nothing
            """;

    private static final String ADD_MODELS = """
            insert into provenance.target_model (name)
            select n from unnest(?) as n
             where not exists (select from provenance.target_model t where t.name = n)
             order by n
            on conflict (name) do nothing
            """;

    private static final String TABLES = "select name, id from provenance.source_table";
    private static final String MODELS = "select name, id from provenance.target_model";

    private final ShadowDatabase database;
    private final Map<String, Integer> tables = new ConcurrentHashMap<>();
    private final Map<String, Integer> models = new ConcurrentHashMap<>();

    public Dictionary(ShadowDatabase database) {
        this.database = database;
    }

    /** Makes sure that each table has a number. Call it outside of a transaction: it must not wait for one. */
    public void registerTables(Collection<String> names) {
        register(names, tables, ADD_TABLES, TABLES);
    }

    /** Makes sure that each model has a number. Call it outside of a transaction. */
    public void registerModels(Collection<String> names) {
        register(names, models, ADD_MODELS, MODELS);
    }

    /** The number of a registered source table. */
    public int table(String name) {
        return number(tables, name);
    }

    /** The number of a registered model. */
    public int model(String name) {
        return number(models, name);
    }

    private void register(Collection<String> names, Map<String, Integer> known, String add, String all) {
        if (known.keySet().containsAll(names)) {
            return;
        }
        database.jdbc()
                .sql(add)
                .param(SqlArrays.text(names.stream().distinct().toList()))
                .update();
        database.jdbc().sql(all).query(row -> {
            known.put(row.getString("name"), row.getInt("id"));
        });
    }

    private static int number(Map<String, Integer> known, String name) {
        @Nullable Integer number = known.get(name);
        if (number == null) {
            throw new IllegalStateException("'%s' was not registered".formatted(name));
        }
        return number;
    }
}
