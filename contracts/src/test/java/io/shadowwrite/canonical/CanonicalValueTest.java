package io.shadowwrite.canonical;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.shadowwrite.contract.ColumnType;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalValueTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            timestamptz | 0044-03-15 12:00:00+00 BC | correct the row in the source
            timestamptz | 2026-01-01 00:00:00+09    | TimeZone UTC
            timestamp   | 01/31/2026 00:00:00       | DateStyle ISO
            bytea       | abc                       | bytea_output hex
            bytea       | \\000                     | bytea_output hex
            boolean     | yes                       | true or false
            numeric     | 1,5                       | decimal number
            numeric     | 1e999999999               | digits
            """)
    void refusesWithTheFixAndWithoutTheValue(String type, String decoded, String fix) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CanonicalValue.of(ColumnType.parse(type), decoded))
                .withMessageContaining(fix)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain(decoded));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            2026-01-01 00:00:00+00         | 2026-01-01T00:00:00.000000Z
            2026-01-01 00:00:00.1+00       | 2026-01-01T00:00:00.100000Z
            2026-01-01 00:00:00.123456+00  | 2026-01-01T00:00:00.123456Z
            2026-01-01 00:00:00.1234567+00 | 2026-01-01T00:00:00.123456Z
            2026-01-01T00:00:00.5Z         | 2026-01-01T00:00:00.500000Z
            12026-01-01 00:00:00+00        | 12026-01-01T00:00:00.000000Z
            """)
    void spellsTimestampsInUtcToTheMicrosecondHoweverTheyCome(String decoded, String canonical) {
        assertThat(CanonicalValue.of(ColumnType.parse("timestamptz"), decoded)).isEqualTo(canonical);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-01-01 00:00:00.+00",
                "2026-01-01 00:00:0+00",
                "2026-01-01 00:00:00x1+00",
                "2026-01-01 00:00:00.1x+00",
                "2026-01-01 00-00-00+00",
                "2026-01-01 00:00:\u0660\u0660+00",
                "+00"
            })
    void refusesWhatOnlyResemblesATimestamp(String decoded) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CanonicalValue.of(ColumnType.parse("timestamptz"), decoded));
    }

    @Test
    void aKeyNeedsEveryPart() {
        Map<String, ColumnType> types = Map.of("id", ColumnType.parse("bigint"));

        assertThatIllegalArgumentException().isThrownBy(() -> CanonicalKey.json(types, Map.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> CanonicalSql.keyJson(types, Map.of("x", "1")));
        assertThatIllegalArgumentException().isThrownBy(() -> CanonicalKey.json(Map.of(), Map.of()));
    }
}
