package io.shadowwrite.replication.wal2json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.shadowwrite.replication.ColumnValue;
import io.shadowwrite.replication.Row;
import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.StreamProblem.Code;
import io.shadowwrite.replication.TableName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.replication.LogSequenceNumber;

class Wal2JsonReaderTest {

    private final Wal2JsonReader reader = new Wal2JsonReader(1 << 20);

    private Wal2JsonMessage read(String json) {
        return reader.read(ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8)));
    }

    private static String begin(String timestamp) {
        return "{\"action\":\"B\",\"xid\":766,\"timestamp\":\"" + timestamp
                + "\",\"lsn\":\"0/19B87B8\",\"nextlsn\":\"0/19B87E8\"}";
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-21 05:29:21.935043+00, 2026-11-21T05:29:21.935043Z",
        "2026-11-21 05:29:21.9+00, 2026-11-21T05:29:21.900Z",
        "2026-11-21 05:29:21+00, 2026-11-21T05:29:21Z"
    })
    void commitTimeKeepsItsMicroseconds(String text, Instant expected) {
        assertThat(read(begin(text)))
                .isEqualTo(new Wal2JsonMessage.Begin(
                        766, expected, LogSequenceNumber.valueOf(0x19B87B8L), LogSequenceNumber.valueOf(0x19B87E8L)));
    }

    @Test
    void numbersKeepTheirTokenHoweverLong() {
        String digits = "9".repeat(5_000) + ".50";
        Wal2JsonMessage message = read("""
                {"action":"I","xid":4294967295,"lsn":"0/1","schema":"s","table":"t","columns":[
                 {"name":"a","value":1.50},{"name":"b","value":1e+20},{"name":"c","value":-0},
                 {"name":"d","value":true},{"name":"e","value":null},{"name":"f","value":%s}]}
                """.formatted(digits));

        Row after = ((Wal2JsonMessage.Insert) message).after();
        assertThat(((Wal2JsonMessage.Insert) message).xid()).isEqualTo(4294967295L);
        assertThat(after.columns().keySet()).containsExactly("a", "b", "c", "d", "e", "f");
        assertThat(after.get("a")).isEqualTo(new ColumnValue.Text("1.50"));
        assertThat(after.get("b")).isEqualTo(new ColumnValue.Text("1e+20"));
        assertThat(after.get("c")).isEqualTo(new ColumnValue.Text("-0"));
        assertThat(after.get("d")).isEqualTo(new ColumnValue.Text("true"));
        assertThat(after.get("e")).isEqualTo(ColumnValue.NULL);
        assertThat(after.get("f")).isEqualTo(new ColumnValue.Text(digits));
    }

    @Test
    void missingIdentityIsAnEmptyRow() {
        assertThat(read("{\"action\":\"D\",\"xid\":1,\"lsn\":\"0/1\",\"schema\":\"s\",\"table\":\"t\"}"))
                .isEqualTo(new Wal2JsonMessage.Delete(1, new TableName("s", "t"), Row.EMPTY));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{\"action\":\"X\",\"xid\":1}",
                "{\"action\":\"T\",\"xid\":1,\"schema\":\"s\",\"table\":\"t\",\"news\":1}",
                "{\"action\":\"T\",\"action\":\"T\",\"xid\":1,\"schema\":\"s\",\"table\":\"t\"}",
                "{\"action\":\"T\",\"xid\":1,\"schema\":\"s\",\"table\":\"t\"} {}",
                "{\"action\":\"T\",\"xid\":1,\"schema\":\"s\"}",
                "{\"action\":\"T\",\"xid\":4294967296,\"schema\":\"s\",\"table\":\"t\"}",
                "{\"action\":\"T\",\"xid\":1,\"schema\":\"s\",\"table\":{}}",
                "{\"action\":\"I\",\"xid\":1,\"schema\":\"s\",\"table\":\"t\",\"columns\":[{\"name\":\"secret\"}]}",
                "{\"action\":\"I\",\"xid\":1,\"schema\":\"s\",\"table\":\"t\",\"columns\":[{\"name\":\"a\",\"value\":\"secret\",\"x\":1}]}",
                "{\"action\":\"I\",\"xid\":1,\"schema\":\"s\",\"table\":\"t\",\"columns\":[{\"name\":\"a\",\"value\":\"secret\" \"b\"}]}",
                "{\"action\":\"I\",\"xid\":1,\"schema\":\"s\",\"table\":\"t\",\"columns\":[{\"name\":\"a\",\"value\":1},{\"name\":\"a\",\"value\":1}]}",
                "{\"action\":\"B\",\"xid\":1,\"timestamp\":\"2026-11-21 05:29:21+09\",\"lsn\":\"0/1\",\"nextlsn\":\"0/2\"}",
                "{\"action\":\"B\",\"xid\":1,\"timestamp\":\"2026-11-21 05:29:21+00\",\"lsn\":\"x\",\"nextlsn\":\"0/2\"}"
            })
    void anythingElseIsRefusedWithoutShowingIt(String json) {
        StreamProblem problem = catchThrowableOfType(StreamProblem.class, () -> read(json));

        assertThat(problem.code()).isEqualTo(Code.UNDECODABLE);
        assertThat(problem.getMessage()).doesNotContain("secret");
    }

    @Test
    void anotherEncodingIsNotGuessed() {
        byte[] wide =
                "{\"action\":\"T\",\"xid\":1,\"schema\":\"s\",\"table\":\"t\"}".getBytes(StandardCharsets.UTF_16BE);

        assertThat(catchThrowableOfType(StreamProblem.class, () -> reader.read(ByteBuffer.wrap(wide)))
                        .code())
                .isEqualTo(Code.UNDECODABLE);
    }

    @Test
    void textBeyondAsciiAndAPartOfABufferAreRead() {
        ByteBuffer part = ByteBuffer.wrap("xx{\"action\":\"T\",\"xid\":1,\"schema\":\"s\",\"table\":\"tàble€\"}yy"
                .getBytes(StandardCharsets.UTF_8));
        ByteBuffer plain = ByteBuffer.wrap("xx{\"action\":\"T\",\"xid\":1,\"schema\":\"s\",\"table\":\"table\"}yy"
                .getBytes(StandardCharsets.UTF_8));

        assertThat(reader.read(part.position(2).limit(part.limit() - 2)))
                .isEqualTo(new Wal2JsonMessage.Truncate(1, new TableName("s", "tàble€")));
        assertThat(reader.read(plain.position(2).limit(plain.limit() - 2)))
                .isEqualTo(new Wal2JsonMessage.Truncate(1, new TableName("s", "table")));
    }

    @Test
    void bytesThatAreNotUtf8AreRefused() {
        byte[] latin =
                "{\"action\":\"T\",\"xid\":1,\"schema\":\"s\",\"table\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1);

        assertThat(catchThrowableOfType(StreamProblem.class, () -> reader.read(ByteBuffer.wrap(latin)))
                        .code())
                .isEqualTo(Code.UNDECODABLE);
    }

    @Test
    void optionsAndTheirHashAreFrozen() {
        assertThat(Wal2JsonOptions.frozen().options())
                .containsEntry("include-transaction", "true")
                .containsEntry("include-types", "false")
                .doesNotContainKeys("filter-tables", "add-tables", "include-default");
        // Part of the manifest of every open window.
        assertThat(Wal2JsonOptions.frozen().hash())
                .isEqualTo("33e5e976406be0cc9c82f2471e9d855bba32132aac8b763b4614883370daa29d");
    }
}
