package io.shadowwrite.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.shadowwrite.contract.ColumnType.Kind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TypeParserTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            int8                      | bigint                         | INTEGER
            INT                       | integer                        | INTEGER
            numeric(12, 2)            | numeric(12,2)                  | DECIMAL
            numeric(12)               | numeric(12,0)                  | DECIMAL
            numeric                   | numeric                        | DECIMAL
            varchar(40)               | character varying(40)          | TEXT
            varchar                   | character varying              | TEXT
            char                      | character(1)                   | BLANK_PADDED
            char(3)                   | character(3)                   | BLANK_PADDED
            float                     | double precision               | FLOAT
            timestamptz               | timestamp with time zone       | TIMESTAMPTZ
            timestamp(3)              | timestamp(3) without time zone | TIMESTAMP
            timestamp(3) with time zone | timestamp(3) with time zone  | TIMESTAMPTZ
            time                      | time without time zone         | TIME
            timetz                    | time with time zone            | OTHER
            interval day to second    | interval day to second         | INTERVAL
            text[]                    | text[]                         | ARRAY
            varchar(3)[][]            | character varying(3)[]         | ARRAY
            app.mood                  | "app"."mood"                   | OTHER
            app.mood[]                | "app"."mood"[]                 | ARRAY
            "My Schema"."A ""kind""\"  | "My Schema"."A ""kind""\"       | OTHER
            pg_catalog.int4           | integer                        | INTEGER
            int4range                 | int4range                      | OTHER
            """)
    void readsSpellings(String written, String sql, Kind kind) {
        assertThat(ColumnType.parse(written)).isEqualTo(new ColumnType(sql, kind));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "txt",
                "text; drop table x",
                "text)",
                "numeric(1,2,3)",
                "integer(3)",
                "money",
                "mood",
                "",
                "[]",
                "app.",
                "a.b.c",
                "varchar(-1)",
                "uuid --",
                "int4' or"
            })
    void refusesWhatIsNoType(String written) {
        assertThatIllegalArgumentException().isThrownBy(() -> ColumnType.parse(written));
    }
}
