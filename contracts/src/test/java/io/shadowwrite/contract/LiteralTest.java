package io.shadowwrite.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.MissingNode;

class LiteralTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "-", textBlock = """
            integer          | +1e3                  | 1000
            smallint         | 32768                 | -
            bigint           | 1.5                   | -
            numeric          | 1e3                   | 1000
            numeric          | -0                    | 0
            numeric          | 1.50                  | 1.50
            numeric          | 1e999999999           | -
            double precision | 0.50                  | 0.5
            double precision | 1e20                  | -
            real             | 1234567               | -
            boolean          | yes                   | -
            uuid             | 6E5F2C9A-0B1D-4E6F-8A7B-9C0D1E2F3A4B | 6e5f2c9a-0b1d-4e6f-8a7b-9c0d1e2f3a4b
            uuid             | 1-1-1-1-1             | -
            bytea            | \\xABcd               | \\xabcd
            bytea            | abcd                  | -
            date             | infinity              | infinity
            date             | 2026-02-30            | -
            time             | 10:20                 | 10:20:00
            time             | 10:00:00.500          | 10:00:00.5
            timestamp        | 2026-01-31T10:00:00Z  | 2026-01-31T10:00:00.000000Z
            timestamptz      | 2026-01-31T10:00:00.1234567Z | 2026-01-31T10:00:00.123456Z
            timestamptz      | 2026-01-31T10:00:00+01:00 | -
            character(4)     | `ab  `                | ab
            """)
    void becomesCanonicalOrIsReported(String type, String written, @Nullable String canonical) {
        Problems problems = new Problems();
        JsonTree place = new JsonTree(MissingNode.getInstance(), "/here", problems);

        assertThat(Literal.canonical(place, ColumnType.parse(type), written)).isEqualTo(canonical);
        assertThat(problems.found()).hasSize(canonical == null ? 1 : 0);
    }
}
