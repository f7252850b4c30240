package io.shadowwrite.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ColumnFitTest {

    private final SourceTable.Mapped table = new SourceTable.Mapped(
            new QualifiedName("app", "t"),
            new LinkedHashMap<>(Map.of(
                    "id", ColumnType.parse("bigint"),
                    "name", ColumnType.parse("varchar(40)"),
                    "mood", ColumnType.parse("app.mood[]"))),
            List.of("id"),
            SourceTable.Identity.DEFAULT,
            null,
            List.of());

    @Test
    void takesEverySpellingOfATypeForTheSame() {
        assertThat(ColumnFit.problems(
                        table, Map.of("id", "int8", "name", "character varying(40)", "mood", "\"app\".mood[]")))
                .isEmpty();
    }

    @Test
    void namesEveryColumnThatDiffers() {
        Map<String, String> live = new LinkedHashMap<>();
        live.put("id", "integer");
        live.put("mood", "app.mood[]");
        live.put("letter", "\"char\"");

        assertThat(ColumnFit.problems(table, live))
                .containsExactlyInAnyOrder(
                        "app.t.id is of type integer, the contract says bigint",
                        "app.t has no column name; take it out of the contract",
                        "app.t has a column letter (\"char\") that the contract does not name");
    }
}
