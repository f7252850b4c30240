package io.shadowwrite.api.write;

import io.shadowwrite.api.database.Dictionary;
import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.database.SqlArrays;
import io.shadowwrite.api.fold.KeyMapChanges.SourceRow;
import io.shadowwrite.api.fold.ModelFold;
import io.shadowwrite.api.fold.RowMemory;
import io.shadowwrite.protocol.TransactionWrites;
import io.shadowwrite.protocol.WireJson;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/**
 * What must be remembered of each touched row while a source transaction is applied in parts, kept in a temporary table so
 * that its size does not matter. Belongs to one target transaction and ends with it.
 */
final class PartMemory {

    private static final String CREATE = """
            create temporary table shadow_part_memory (
                model smallint not null,
                key text not null,
                flags int not null,
                replaced_archived_from bigint,
                source_table text,
                source_key text,
                predecessors text not null,
                primary key (model, key)
            ) on commit drop
            """;

    private static final String REMEMBER = """
            insert into pg_temp.shadow_part_memory (model, key, flags, replaced_archived_from, source_table, source_key,
                                                    predecessors)
            select ?::smallint, r.key, r.flags, r.replaced_archived_from, r.source_table, r.source_key, r.predecessors
              from unnest(?::text[], ?::int[], ?::bigint[], ?::text[], ?::text[], ?::text[])
                   as r(key, flags, replaced_archived_from, source_table, source_key, predecessors)
            on conflict (model, key) do update
               set flags = excluded.flags, replaced_archived_from = excluded.replaced_archived_from,
                   source_table = excluded.source_table, source_key = excluded.source_key,
                   predecessors = excluded.predecessors
            """;

    private static final String RECALL = """
            select m.key, m.flags, m.replaced_archived_from, m.source_table, m.source_key, m.predecessors
              from unnest(?::text[]) as k(key)
              join pg_temp.shadow_part_memory m on m.model = ?::smallint and m.key = k.key
            """;

    private static final String PAGE = """
            select m.key, m.flags, m.replaced_archived_from, m.source_table, m.source_key, m.predecessors
              from pg_temp.shadow_part_memory m
             where m.model = ?::smallint and m.key > ?
             order by m.key
             limit 1000
            """;

    private static final TypeReference<List<String>> KEY = new TypeReference<>() {};
    private static final TypeReference<List<@Nullable List<@Nullable String>>> ROWS = new TypeReference<>() {};

    private final ShadowDatabase database;
    private final Dictionary dictionary;
    private final TransactionWrites transaction;

    /** For the parts of this transaction. */
    PartMemory(ShadowDatabase database, Dictionary dictionary, TransactionWrites transaction) {
        this.database = database;
        this.dictionary = dictionary;
        this.transaction = transaction;
    }

    /** Nothing is remembered yet. */
    void begin() {
        database.jdbc().sql(CREATE).update();
    }

    /** Tells a fold, before its first write, what earlier parts did to the rows it is about. */
    void recall(ModelFold fold) {
        List<String> keys = fold.rows().stream().map(row -> text(row.key())).toList();
        List<RowMemory> known = database.jdbc()
                .sql(RECALL)
                .param(SqlArrays.text(keys))
                .param(model(fold))
                .query((row, _) -> read(row))
                .list();
        known.forEach(memory -> fold.recall(memory, transaction));
    }

    /** Keeps what a part did to rows, in place of what earlier parts did. */
    void remember(ModelFold fold, List<RowMemory> memories) {
        if (memories.isEmpty()) {
            return;
        }
        List<String> keys = new ArrayList<>();
        List<Integer> flags = new ArrayList<>();
        List<@Nullable Long> replacedArchived = new ArrayList<>();
        List<@Nullable String> sourceTables = new ArrayList<>();
        List<@Nullable String> sourceKeys = new ArrayList<>();
        List<@Nullable String> predecessors = new ArrayList<>();
        for (RowMemory memory : memories) {
            SourceRow source = memory.lastUpsert();
            keys.add(text(memory.key()));
            flags.add(memory.flags());
            replacedArchived.add(memory.replacedArchivedFrom());
            sourceTables.add(source == null ? null : source.sourceTable());
            sourceKeys.add(source == null ? null : source.sourceKey());
            predecessors.add(text(memory.predecessors()));
        }
        database.jdbc()
                .sql(REMEMBER)
                .param(model(fold))
                .param(SqlArrays.text(keys))
                .param(SqlArrays.integer(flags))
                .param(SqlArrays.bigint(replacedArchived))
                .param(SqlArrays.text(sourceTables))
                .param(SqlArrays.text(sourceKeys))
                .param(SqlArrays.text(predecessors))
                .update();
    }

    /** Everything remembered of a model, a page at a time. */
    void pages(String model, Consumer<List<RowMemory>> page) {
        String after = "";
        List<RowMemory> next;
        do {
            next = database.jdbc()
                    .sql(PAGE)
                    .param(dictionary.model(model))
                    .param(after)
                    .query((row, _) -> read(row))
                    .list();
            if (!next.isEmpty()) {
                page.accept(next);
                after = text(next.getLast().key());
            }
        } while (!next.isEmpty());
    }

    private int model(ModelFold fold) {
        return dictionary.model(fold.columns().model().name());
    }

    private static RowMemory read(ResultSet row) throws SQLException {
        String table = row.getString("source_table");
        SourceRow source =
                table == null ? null : new SourceRow(table, Objects.requireNonNull(row.getString("source_key")));
        List<String> key = WireJson.mapper().readValue(Objects.requireNonNull(row.getString("key")), KEY);
        return RowMemory.of(
                key,
                row.getInt("flags"),
                row.getObject("replaced_archived_from", Long.class),
                source,
                WireJson.mapper().readValue(Objects.requireNonNull(row.getString("predecessors")), ROWS));
    }

    private static String text(List<?> list) {
        return WireJson.mapper().writeValueAsString(list);
    }
}
