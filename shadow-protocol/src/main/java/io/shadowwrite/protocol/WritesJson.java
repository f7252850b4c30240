package io.shadowwrite.protocol;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;

/**
 * Reads the records of the hot path member by member, and writes those of a load, at less cost than the mapper. Takes and
 * refuses what the mapper would by their declaration, and spells as it would; finds doubled members also when the parser does not look for them. A record always has all
 * its members, so what a variable begins with is never seen.
 */
final class WritesJson {

    private static final RecordShape BATCH = RecordShape.of(WriteBatch.class);
    private static final RecordShape TRANSACTION = RecordShape.of(TransactionWrites.class);
    private static final RecordShape CHANGE = RecordShape.of(ChangeWrites.class);
    private static final RecordShape LOADED = RecordShape.of(LoadRow.class);
    private static final RecordShape WRITE = RecordShape.of(ShadowWrite.class);
    private static final Operation[] OPERATIONS = Operation.values();
    private static final Action[] ACTIONS = Action.values();

    private WritesJson() {}

    static final class Batch extends ValueDeserializer<WriteBatch> {
        @Override
        public WriteBatch deserialize(JsonParser parser, DeserializationContext context) {
            return batch(WireReader.of(parser, context));
        }
    }

    static final class Change extends ValueDeserializer<ChangeWrites> {
        @Override
        public ChangeWrites deserialize(JsonParser parser, DeserializationContext context) {
            return change(WireReader.of(parser, context));
        }
    }

    static final class Loaded extends ValueDeserializer<LoadRow> {
        @Override
        public LoadRow deserialize(JsonParser parser, DeserializationContext context) {
            return loaded(WireReader.of(parser, context));
        }
    }

    private static LoadRow loaded(WireReader in) {
        String sourceKey = "";
        List<ShadowWrite> writes = List.of();
        MemberWalk members = in.members(LOADED);
        try {
            for (String name = members.next(); name != null; name = members.next()) {
                switch (name) {
                    case "source_key" -> sourceKey = in.text();
                    case "writes" -> writes = in.list(ShadowWrite.class, WritesJson::write);
                    default -> throw new IllegalStateException(name);
                }
            }
        } catch (JacksonException unreadable) {
            throw members.inside(unreadable);
        }
        return new LoadRow(sourceKey, writes);
    }

    static void write(JsonGenerator out, LoadRow row) {
        out.writeStartObject();
        out.writeStringProperty("source_key", row.sourceKey());
        out.writeArrayPropertyStart("writes");
        for (ShadowWrite write : row.writes()) {
            write(out, write);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, ShadowWrite write) {
        out.writeStartObject();
        out.writeNumberProperty("write_index", write.writeIndex());
        out.writeStringProperty("model", write.model());
        out.writeStringProperty("action", write.action().name());
        columns(out, "key", write.key());
        columns(out, "values", write.values());
        columns(out, "carry_from", write.carryFrom());
        out.writeEndObject();
    }

    private static void columns(
            JsonGenerator out, String name, @Nullable Map<String, ? extends @Nullable String> columns) {
        out.writeName(name);
        if (columns == null) {
            out.writeNull();
            return;
        }
        out.writeStartObject();
        columns.forEach((column, text) -> {
            out.writeName(column);
            out.writeString(text);
        });
        out.writeEndObject();
    }

    private static WriteBatch batch(WireReader in) {
        long epoch = 0;
        LogSequenceNumber continuesFrom = LogSequenceNumber.INVALID_LSN;
        LogSequenceNumber completeBelow = LogSequenceNumber.INVALID_LSN;
        List<TransactionWrites> transactions = List.of();
        MemberWalk members = in.members(BATCH);
        try {
            for (String name = members.next(); name != null; name = members.next()) {
                switch (name) {
                    case "epoch" -> epoch = in.number();
                    case "continues_from" -> continuesFrom = in.lsn();
                    case "complete_below" -> completeBelow = in.lsn();
                    case "transactions" -> transactions = in.list(TransactionWrites.class, WritesJson::transaction);
                    default -> throw new IllegalStateException(name);
                }
            }
        } catch (JacksonException unreadable) {
            throw members.inside(unreadable);
        }
        return new WriteBatch(epoch, continuesFrom, completeBelow, transactions);
    }

    private static TransactionWrites transaction(WireReader in) {
        LogSequenceNumber commitLsn = LogSequenceNumber.INVALID_LSN;
        LogSequenceNumber endLsn = LogSequenceNumber.INVALID_LSN;
        long xid = 0;
        Instant committedAt = Instant.EPOCH;
        List<ChangeWrites> changes = List.of();
        MemberWalk members = in.members(TRANSACTION);
        try {
            for (String name = members.next(); name != null; name = members.next()) {
                switch (name) {
                    case "commit_lsn" -> commitLsn = in.lsn();
                    case "end_lsn" -> endLsn = in.lsn();
                    case "xid" -> xid = in.number();
                    case "committed_at" -> committedAt = in.instant();
                    case "changes" -> changes = in.list(ChangeWrites.class, WritesJson::change);
                    default -> throw new IllegalStateException(name);
                }
            }
        } catch (JacksonException unreadable) {
            throw members.inside(unreadable);
        }
        return new TransactionWrites(commitLsn, endLsn, xid, committedAt, changes);
    }

    private static ChangeWrites change(WireReader in) {
        int changeIndex = 0;
        String sourceTable = "";
        String sourceKey = "";
        @Nullable String formerKey = null;
        Operation operation = Operation.INSERT;
        String digest = "";
        boolean inScope = false;
        List<ShadowWrite> writes = List.of();
        MemberWalk members = in.members(CHANGE);
        try {
            for (String name = members.next(); name != null; name = members.next()) {
                switch (name) {
                    case "change_index" -> changeIndex = in.smallNumber();
                    case "source_table" -> sourceTable = in.sharedText();
                    case "source_key" -> sourceKey = in.text();
                    case "former_key" -> formerKey = in.textOrNull();
                    case "operation" -> operation = in.constant(OPERATIONS);
                    case "digest" -> digest = in.text();
                    case "in_scope" -> inScope = in.truth();
                    case "writes" -> writes = in.list(ShadowWrite.class, WritesJson::write);
                    default -> throw new IllegalStateException(name);
                }
            }
        } catch (JacksonException unreadable) {
            throw members.inside(unreadable);
        }
        return new ChangeWrites(changeIndex, sourceTable, sourceKey, formerKey, operation, digest, inScope, writes);
    }

    private static ShadowWrite write(WireReader in) {
        int writeIndex = 0;
        String model = "";
        Action action = Action.UPSERT;
        Map<String, String> key = Map.of();
        Map<String, @Nullable String> values = Map.of();
        @Nullable Map<String, String> carryFrom = null;
        MemberWalk members = in.members(WRITE);
        try {
            for (String name = members.next(); name != null; name = members.next()) {
                switch (name) {
                    case "write_index" -> writeIndex = in.smallNumber();
                    case "model" -> model = in.sharedText();
                    case "action" -> action = in.constant(ACTIONS);
                    case "key" -> key = in.columns();
                    case "values" -> values = in.columnsOrNulls();
                    case "carry_from" -> carryFrom = in.columnsOrNull();
                    default -> throw new IllegalStateException(name);
                }
            }
        } catch (JacksonException unreadable) {
            throw members.inside(unreadable);
        }
        return new ShadowWrite(writeIndex, model, action, key, values, carryFrom);
    }
}
