package io.shadowwrite.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.core.JacksonException;

class WireJsonTest {

    private static final String CONTROL = """
            {"position":"26970456","epoch":3,"hold":null}""";

    private static ControlState read(String json) {
        return WireJson.mapper().readValue(json, ControlState.class);
    }

    @Test
    void spellsAnLsnAsAnUnsignedDecimalString() {
        ControlState state = new ControlState(LogSequenceNumber.valueOf(26_970_456), 3, null);
        ControlState high = new ControlState(LogSequenceNumber.valueOf(-1), 3, null);

        assertThat(WireJson.mapper().writeValueAsString(state)).isEqualTo(CONTROL);
        assertThat(read(CONTROL)).isEqualTo(state);
        assertThat(read(WireJson.mapper().writeValueAsString(high))).isEqualTo(high);
        assertThat(WireJson.mapper().writeValueAsString(high)).contains("\"18446744073709551615\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"position\":26970456,\"epoch\":3,\"hold\":null}",
                "{\"position\":26970456.0,\"epoch\":3,\"hold\":null}",
                "{\"position\":\"0/19B8958\",\"epoch\":3,\"hold\":null}",
                "{\"position\":\"-1\",\"epoch\":3,\"hold\":null}",
                "{\"position\":\"18446744073709551616\",\"epoch\":3,\"hold\":null}",
                "{\"position\":\"\",\"epoch\":3,\"hold\":null}",
                "{\"position\":null,\"epoch\":3,\"hold\":null}"
            })
    void refusesEveryOtherSpellingOfAnLsn(String json) {
        assertThatThrownBy(() -> read(json)).isInstanceOf(JacksonException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"position\":\"1\",\"epoch\":3}",
                "{\"position\":\"1\",\"epoch\":null,\"hold\":null}",
                "{\"position\":\"1\",\"epoch\":\"3\",\"hold\":null}",
                "{\"position\":\"1\",\"epoch\":3.5,\"hold\":null}",
                "{\"position\":\"1\",\"epoch\":3,\"hold\":null,\"holds\":null}",
                "{\"position\":\"1\",\"position\":\"2\",\"epoch\":3,\"hold\":null}",
                "{\"position\":\"1\",\"epoch\":3,\"hold\":null} {}"
            })
    void refusesWhatIsMissingMisspeltDoubledOrOfAnotherType(String json) {
        assertThatThrownBy(() -> read(json)).isInstanceOf(JacksonException.class);
    }

    @Test
    void carriesNullOnlyWhereItIsDeclared() {
        Map<String, @Nullable String> values = new LinkedHashMap<>();
        values.put("b", null);
        values.put("a", "0.10000000000000000000001");
        ShadowWrite write = new ShadowWrite(1, "M", Action.UPSERT, Map.of("id", "1"), values, null);
        String json = WireJson.mapper().writeValueAsString(write);

        assertThat(WireJson.mapper().readValue(json, ShadowWrite.class)).isEqualTo(write);
        assertThatThrownBy(() ->
                        WireJson.mapper().readValue(json.replace("{\"id\":\"1\"}", "{\"id\":null}"), ShadowWrite.class))
                .isInstanceOf(JacksonException.class);
        assertThatThrownBy(() -> WireJson.mapper().readValue(json.replace("\"UPSERT\"", "null"), ShadowWrite.class))
                .isInstanceOf(JacksonException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "\"upsert\"", "\"MERGE\""})
    void readsConstantsByNameOnly(String json) {
        assertThatThrownBy(() -> WireJson.mapper().readValue(json, Action.class))
                .isInstanceOf(JacksonException.class);
    }

    @Test
    void keepsMicrosecondsAndSnakeCase() {
        TransactionWrites transaction = new TransactionWrites(
                LogSequenceNumber.valueOf(1),
                LogSequenceNumber.valueOf(2),
                3,
                Instant.parse("2026-11-01T12:00:00.123456Z"),
                List.of());

        String json = WireJson.mapper().writeValueAsString(transaction);

        assertThat(json)
                .contains("\"committed_at\":\"2026-11-01T12:00:00.123456Z\"")
                .contains("\"commit_lsn\":\"1\"");
        assertThat(WireJson.mapper().readValue(json, TransactionWrites.class)).isEqualTo(transaction);
    }
}
