package io.shadowwrite.api.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.fold.RowState;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.ContractReader;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading rows of a table whose columns have names that make trouble. */
@PostgresTest
class ModelTableTest {

    private static final String LONG = "n".repeat(62);

    private static final String COLUMNS =
            "{\"id\": \"bigint\", \"ord\": \"text\", \"Ord\": \"text\", \"%1$sa\": \"text\", \"%1$sb\": \"text\"}"
                    .formatted(LONG);

    private static final String CONTRACT = """
            {
              "version": 1,
              "name": "names",
              "models": {"Odd": {"kind": "crud", "table": "t.odd", "key": ["id"], "columns": %1$s}},
              "sources": {
                "s.odd": {
                  "columns": %1$s,
                  "key": ["id"],
                  "writes": [{
                    "model": "Odd",
                    "key": {"id": {"column": "id"}},
                    "set": {
                      "ord": {"column": "ord"},
                      "Ord": {"column": "Ord"},
                      "%2$sa": {"column": "%2$sa"},
                      "%2$sb": {"column": "%2$sb"}
                    }
                  }]
                }
              }
            }
            """.formatted(COLUMNS, LONG);

    @Test
    void findsEveryColumnWhateverItsName(@Target Database target, @TempDir Path folder) throws IOException {
        target.execute("""
                create schema t;
                create table t.odd (id bigint primary key, ord text, "Ord" text, "%1$sa" text, "%1$sb" text);
                insert into t.odd values (7, 'ord', 'Ord', 'a', 'b');
                """.formatted(LONG));
        Contract contract = new ContractReader().read(Files.writeString(folder.resolve("contract.json"), CONTRACT));
        try (ShadowDatabase database = new ShadowDatabase(
                new ShadowDatabase.Settings(target.jdbcUrl(), target.user(), target.password(), 1))) {
            RowState row = RowState.of(List.of("7"));

            new ModelTable(contract.model("Odd"), database).find(List.of(row), true);

            assertThat(row.row()).containsExactly("7", "ord", "Ord", "a", "b");
        }
    }
}
