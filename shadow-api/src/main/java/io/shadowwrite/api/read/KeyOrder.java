package io.shadowwrite.api.read;

import io.shadowwrite.api.database.ReadDatabase;
import io.shadowwrite.contract.TargetModel;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** The order of key columns in which a table can be read by its index; a contract may name them in another. */
final class KeyOrder {

    private static final String UNIQUE_INDEXES = """
            select array(select a.attname::text
                           from unnest(i.indkey) with ordinality as k(attnum, ord)
                           join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
                          where k.ord <= i.indnkeyatts
                          order by k.ord)
              from pg_catalog.pg_index i
             where i.indrelid = to_regclass(?)
               and i.indisvalid
               and i.indisunique
               and i.indexprs is null
             order by i.indpred is not null, i.indexrelid
            """;

    private KeyOrder() {}

    /** As the first unique index on exactly the key has it, else as the contract does. */
    static List<String> of(TargetModel model, ReadDatabase database) {
        Set<String> key = Set.copyOf(model.key());
        return database
                .jdbc()
                .sql(UNIQUE_INDEXES)
                .param(model.table().quoted())
                .query((row, _) -> columns(row))
                .list()
                .stream()
                .filter(columns -> columns.size() == key.size() && key.containsAll(columns))
                .findFirst()
                .orElse(model.key());
    }

    private static List<String> columns(ResultSet row) throws SQLException {
        return Arrays.asList((String[]) row.getArray(1).getArray());
    }
}
