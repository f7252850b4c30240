package io.shadowwrite.backfill.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shadowwrite.replication.ColumnValue;
import io.shadowwrite.replication.Row;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class CopiedRowTest {

    private static Row parse(String line, String... columns) {
        return CopiedRow.parse(line.getBytes(StandardCharsets.UTF_8), List.of(columns));
    }

    private static ColumnValue text(String text) {
        return new ColumnValue.Text(text);
    }

    @Test
    void tellsNullFromTheEmptyTextAndFromItsSpelling() {
        Row row = parse("\\N\t\t\\\\N\n", "a", "b", "c");

        assertThat(row.get("a")).isEqualTo(ColumnValue.NULL);
        assertThat(row.get("b")).isEqualTo(text(""));
        assertThat(row.get("c")).isEqualTo(text("\\N"));
    }

    @Test
    void readsWhatStandsBehindABackslash() {
        assertThat(parse("tab\\tline\\nreturn\\rback\\\\slash\\b\\f\\v é\n", "a")
                        .get("a"))
                .isEqualTo(text("tab\tline\nreturn\rback\\slash\b\f\u000B é"));
    }

    @Test
    void refusesALineOfAnotherWidth() {
        assertThatThrownBy(() -> parse("1\t2\n", "a")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> parse("1\n", "a", "b")).isInstanceOf(IllegalStateException.class);
    }
}
