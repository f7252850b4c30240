package io.shadowwrite.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class WritesJsonTest {

    private static final int ROUNDS = Integer.getInteger("writes.json.rounds", 300);

    /** Takes the reader under test away, so that the mapper reads the records by their declaration. */
    @JsonDeserialize
    private interface ByDeclaration {}

    private static final JsonMapper DECLARED = WireJson.mapper()
            .rebuild()
            .addMixIn(WriteBatch.class, ByDeclaration.class)
            .addMixIn(ChangeWrites.class, ByDeclaration.class)
            .build();

    private static final ObjectReader READER =
            WireJson.mapper().readerFor(WriteBatch.class).without(StreamReadFeature.STRICT_DUPLICATE_DETECTION);

    private static final List<String> OTHER_VALUES = List.of(
            "null",
            "1",
            "-1",
            "1.5",
            "99999999999999999999",
            "\"\"",
            "\"1\"",
            "\"text\"",
            "\"INSERT\"",
            "true",
            "\"true\"",
            "{}",
            "[]",
            "[null]",
            "[{}]",
            "{\"a\":1}",
            "{\"a\":null}",
            "{\"a\":\"b\"}",
            "{\"a\":\"b\",\"a\":\"b\"}",
            "\"2026-11-01T12:00:00+01:00\"",
            "\"2026-11-01T12:00:00Z\"");

    private static final String BATCH = """
            {"epoch":1,"continues_from":"2","complete_below":"3","transactions":[
             {"commit_lsn":"4","end_lsn":"5","xid":6,"committed_at":"2026-11-01T12:00:00.123456Z","changes":[
              {"change_index":7,"source_table":"app.t","source_key":"k","former_key":null,"operation":"UPDATE",
               "digest":"d","in_scope":true,"writes":[
               {"write_index":8,"model":"M","action":"UPSERT","key":{"id":"9"},"values":{"a":"b","c":null},
                "carry_from":{"id":"0"}}]}]}]}""";

    @Test
    void spellsARowOfALoadAsTheMapperDoes() {
        SplittableRandom random = new SplittableRandom(17);
        for (int round = 0; round < ROUNDS; round++) {
            WriteBatch batch = DECLARED.readValue(RandomWrites.json(random, 3), WriteBatch.class);
            batch.transactions().stream()
                    .flatMap(transaction -> transaction.changes().stream())
                    .map(change -> new LoadRow(change.sourceKey(), change.writes()))
                    .forEach(row -> assertThat(spelled(row)).isEqualTo(DECLARED.writeValueAsString(row)));
        }
    }

    private static String spelled(LoadRow row) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = WireJson.mapper().createGenerator(text)) {
            WritesJson.write(out, row);
        }
        return text.toString();
    }

    @Test
    void comparesWithAMapperThatDoesNotUseTheReaderUnderTest() {
        String wrong = BATCH.replace("\"UPSERT\"", "7");

        assertThatThrownBy(() -> READER.readValue(wrong)).hasStackTraceContaining(WritesJson.class.getName() + ".");
        assertThatThrownBy(() -> DECLARED.readValue(wrong, WriteBatch.class))
                .isInstanceOf(JacksonException.class)
                .satisfies(refusal -> assertThat(refusal.getStackTrace())
                        .noneMatch(frame -> frame.getClassName().equals(WritesJson.class.getName())));
    }

    @Test
    void readsEveryBatchAsItIsDeclared() {
        SplittableRandom random = new SplittableRandom(7);
        for (int round = 0; round < ROUNDS; round++) {
            String json = RandomWrites.json(random, 3);

            WriteBatch declared = DECLARED.readValue(json, WriteBatch.class);
            WriteBatch read = READER.readValue(json);

            assertThat(read).isEqualTo(declared).hasSameHashCodeAs(declared);
            assertThat(DECLARED.writeValueAsString(read)).isEqualTo(DECLARED.writeValueAsString(declared));
        }
    }

    /** Every member in turn is misspelt, left out, doubled and given every kind of value. */
    @Test
    void takesAndRefusesWhatTheDeclarationDoes() {
        List<String> altered = alterations();

        for (String json : altered) {
            assertThat(outcome(READER, json)).as(json).isEqualTo(outcome(DECLARED.readerFor(WriteBatch.class), json));
        }
        assertThat(altered).hasSizeGreaterThan(300);
        assertThat(altered.stream().filter(json -> outcome(READER, json) instanceof WriteBatch))
                .hasSizeGreaterThan(30);
    }

    /** What was read; in place of it the word for a refusal. */
    private static Object outcome(ObjectReader reader, String json) {
        try {
            WriteBatch batch = reader.readValue(json);
            return batch;
        } catch (JacksonException refused) {
            return "refused";
        }
    }

    private static List<String> alterations() {
        List<String> altered = new ArrayList<>();
        JsonNode batch = WireJson.mapper().readTree(BATCH);
        for (JsonNode object : objects(batch)) {
            for (String name : List.copyOf(object.propertyNames())) {
                JsonNode value = ((ObjectNode) object).get(name);
                ((ObjectNode) object).put(name, "@");
                String member = "\"%s\":\"@\"".formatted(name);
                String json = batch.toString();
                ((ObjectNode) object).set(name, value);
                OTHER_VALUES.forEach(other -> altered.add(json.replace("\"@\"", other)));
                altered.add(json.replace(member, "\"x\":" + value));
                altered.add(json.replace(member, "\"%1$s\":%2$s,\"%1$s\":%2$s".formatted(name, value)));
                altered.add(
                        json.replace(member + ",", "").replace("," + member, "").replace(member, ""));
                altered.add(json.substring(0, json.indexOf("\"@\"")));
            }
        }
        return altered;
    }

    private static List<JsonNode> objects(JsonNode node) {
        List<JsonNode> objects = new ArrayList<>();
        if (node.isObject()) {
            objects.add(node);
        }
        node.values().forEach(child -> objects.addAll(objects(child)));
        return objects;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    '"xid":6'           | '"xid":"6"'            | Cannot coerce String value                 | ["xid"]
                    '"xid":6,'          | ''                     | Missing required creator property 'xid'    | [0]
                    '"xid":6'           | '"xid":6,"xids":6'     | Unrecognized property "xids"               | ["xids"]
                    '"xid":6'           | '"xid":6,"xid":6'      | Duplicate Object property "xid"            | ["xid"]
                    '"xid":6'           | '"xid":null'           | Invalid `null` value encountered           | ["xid"]
                    '"commit_lsn":"4"'  | '"commit_lsn":4'       | a log sequence number is a decimal string  | ["commit_lsn"]
                    '{"id":"9"}'        | '{"id":null}'          | Invalid `null` value encountered           | ["id"]
                    '{"id":"9"}'        | '{"id":"9","id":"9"}'  | Duplicate Object property "id"             | ["key"]
                    '"UPSERT"'          | '"MERGE"'              | not one of the values accepted             | ["action"]
                    """)
    void saysWhatIsWrongAndWhere(String part, String wrong, String words, String where) {
        assertThatThrownBy(() -> READER.readValue(BATCH.replace(part, wrong)))
                .isInstanceOfSatisfying(JacksonException.class, refusal -> {
                    assertThat(refusal.getOriginalMessage()).contains(words);
                    assertThat(refusal.getPathReference())
                            .contains("[\"transactions\"]")
                            .endsWith(where);
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-01T12:00:00Z",
                "2026-11-01T12:00:00.5Z",
                "2026-12-31T23:59:59.123456789Z",
                "2026-12-31T23:59:59.1234567891Z",
                "2024-02-29T00:00:00Z",
                "2026-02-29T00:00:00Z",
                "2026-04-31T00:00:00Z",
                "2026-13-01T00:00:00Z",
                "2026-00-01T00:00:00Z",
                "2026-01-00T00:00:00Z",
                "1969-07-20T20:17:40.000001Z",
                "0000-01-01T00:00:00Z",
                "2026-11-01T24:00:00Z",
                "2026-11-01T12:60:00Z",
                "2026-11-01T12:00:60Z",
                "2026-11-01T12:00Z",
                "2026-11-01T12:00:00.Z",
                "2026-11-01T12:00:00,5Z",
                "2026-11-01T12:00:00",
                "2026-11-01t12:00:00z",
                "2026-11-01T12:00:00+02:00",
                " 2026-11-01T12:00:00Z",
                "-2026-11-01T12:00:00Z"
            })
    void readsInstantsAsTheMapperDoes(String text) {
        String json = BATCH.replace("2026-11-01T12:00:00.123456Z", text);

        assertThat(outcome(READER, json)).isEqualTo(outcome(DECLARED.readerFor(WriteBatch.class), json));
    }

    @Test
    void readsTheChangesOfALineAsTheyAreDeclared() {
        String change = "{" + BATCH.substring(BATCH.indexOf("\"change_index\""), BATCH.lastIndexOf("]}]}"));

        assertThat(WireJson.mapper().readValue("[" + change + "]", ChangeWrites[].class))
                .isEqualTo(DECLARED.readValue("[" + change + "]", ChangeWrites[].class));
        assertThatThrownBy(
                        () -> WireJson.mapper().readValue("[" + change.replace("7", "7.5") + "]", ChangeWrites[].class))
                .isInstanceOf(JacksonException.class);
    }
}
