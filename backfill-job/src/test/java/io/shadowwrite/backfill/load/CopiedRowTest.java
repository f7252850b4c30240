package io.shadowwrite.backfill.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shadowwrite.replication.ColumnValue;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class CopiedRowTest {

    private static List<ColumnValue> parse(String line, int fields) {
        return CopiedRow.parse(line.getBytes(StandardCharsets.UTF_8), fields);
    }

    private static ColumnValue text(String text) {
        return new ColumnValue.Text(text);
    }

    @Test
    void tellsNullFromTheEmptyTextAndFromItsSpelling() {
        assertThat(parse("\\N\t\t\\\\N\n", 3)).containsExactly(ColumnValue.NULL, text(""), text("\\N"));
    }

    @Test
    void readsWhatStandsBehindABackslash() {
        assertThat(parse("tab\\tline\\nreturn\\rback\\\\slash\\b\\f\\v é\n", 1))
                .containsExactly(text("tab\tline\nreturn\rback\\slash\b\f\u000B é"));
    }

    @Test
    void refusesALineOfAnotherWidth() {
        assertThatThrownBy(() -> parse("1\t2\n", 1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> parse("1\n", 2)).isInstanceOf(IllegalStateException.class);
    }
}
