package io.shadowwrite.api.write;

import io.shadowwrite.api.TestApi;
import io.shadowwrite.protocol.Action;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.LetterClass;
import io.shadowwrite.protocol.Operation;
import io.shadowwrite.protocol.ParkRequest;
import io.shadowwrite.protocol.Receipt;
import io.shadowwrite.protocol.ShadowWrite;
import io.shadowwrite.protocol.TransactionWrites;
import io.shadowwrite.protocol.WriteBatch;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds requests as a consumer of the test contract would send them. */
public final class Batches {

    public static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");

    private Batches() {}

    /** A batch of epoch 1. */
    public static WriteBatch batch(long completeBelow, TransactionWrites... transactions) {
        return new WriteBatch(1, TestApi.lsn(completeBelow), List.of(transactions));
    }

    /** Commits at this LSN; committed that many microseconds after noon. */
    public static TransactionWrites transaction(long commitLsn, long micros, ChangeWrites... changes) {
        List<ChangeWrites> numbered = new java.util.ArrayList<>();
        for (ChangeWrites change : changes) {
            numbered.add(new ChangeWrites(
                    numbered.size(),
                    change.sourceTable(),
                    change.sourceKey(),
                    change.formerKey(),
                    change.operation(),
                    change.digest(),
                    change.inScope(),
                    change.writes()));
        }
        return new TransactionWrites(
                TestApi.lsn(commitLsn),
                TestApi.lsn(commitLsn + 8),
                commitLsn * 10,
                NOON.plusNanos(micros * 1_000),
                numbered);
    }

    /** What the slot reader leaves of these. */
    public static List<Receipt> receipts(TransactionWrites... transactions) {
        List<Receipt> receipts = new java.util.ArrayList<>();
        for (TransactionWrites transaction : transactions) {
            transaction
                    .changes()
                    .forEach(change -> receipts.add(new Receipt(
                            transaction.commitLsn(),
                            change.changeIndex(),
                            transaction.xid(),
                            change.sourceTable(),
                            change.operation(),
                            change.sourceKey(),
                            change.digest())));
        }
        return receipts;
    }

    /** A letter of epoch 1 for the first change, which the target refuses. */
    public static ParkRequest refused(TransactionWrites transaction) {
        ChangeWrites change = transaction.changes().getFirst();
        return new ParkRequest(
                1,
                transaction.commitLsn(),
                transaction.endLsn(),
                transaction.xid(),
                transaction.committedAt(),
                change.changeIndex(),
                change.sourceTable(),
                change.sourceKey(),
                change.formerKey(),
                change.operation(),
                LetterClass.REJECTED,
                "WRITE_REJECTED",
                "the target said no",
                null,
                change.writes());
    }

    public static ChangeWrites change(String table, String key, Operation operation, ShadowWrite... writes) {
        return new ChangeWrites(
                0,
                "app." + table,
                key,
                null,
                operation,
                "%016x%016x".formatted(table.hashCode(), key.hashCode()),
                true,
                Arrays.asList(writes));
    }

    /** A change of a table that the contract leaves out. */
    public static ChangeWrites unmapped() {
        return new ChangeWrites(
                0, "app.audit_log", "{\"id\":1}", null, Operation.INSERT, "0".repeat(31) + "1", false, List.of());
    }

    public static ChangeWrites partner(int id, @Nullable String... nameScoreDoc) {
        return change("partner", "{\"id\":" + id + "}", Operation.UPDATE, partnerWrite(id, nameScoreDoc));
    }

    public static ShadowWrite partnerWrite(int id, @Nullable String... nameScoreDoc) {
        return upsert("Partner", partnerKey(id), values(List.of("name", "score", "doc"), nameScoreDoc));
    }

    public static ChangeWrites partnerGone(int id) {
        return change("partner", "{\"id\":" + id + "}", Operation.DELETE, remove("Partner", partnerKey(id)));
    }

    public static Map<String, String> partnerKey(int id) {
        return Map.of("partner_id", uuid(id));
    }

    public static ChangeWrites note(int id, String body) {
        return change(
                "note",
                "{\"id\":" + id + "}",
                Operation.UPDATE,
                upsert("Note", Map.of("note_id", uuid(id)), Map.of("body", body)));
    }

    public static ChangeWrites noteGone(int id) {
        return change("note", "{\"id\":" + id + "}", Operation.DELETE, remove("Note", Map.of("note_id", uuid(id))));
    }

    public static ChangeWrites country(String code, @Nullable String... nameNote) {
        return change(
                "country",
                "{\"code\":\"" + code + "\"}",
                Operation.UPDATE,
                upsert("Country", Map.of("code", code), values(List.of("name", "note"), nameNote)));
    }

    public static ChangeWrites countryGone(String code) {
        return change(
                "country", "{\"code\":\"" + code + "\"}", Operation.DELETE, remove("Country", Map.of("code", code)));
    }

    public static ChangeWrites city(int id, @Nullable String country, String name) {
        return change(
                "city",
                "{\"id\":" + id + "}",
                Operation.UPDATE,
                upsert("City", Map.of("city_id", uuid(id)), values(List.of("country_code", "name"), country, name)));
    }

    public static ChangeWrites cityGone(int id) {
        return change("city", "{\"id\":" + id + "}", Operation.DELETE, remove("City", Map.of("city_id", uuid(id))));
    }

    public static ShadowWrite upsert(String model, Map<String, String> key, Map<String, @Nullable String> values) {
        return new ShadowWrite(0, model, Action.UPSERT, key, values, null);
    }

    public static ShadowWrite remove(String model, Map<String, String> key) {
        return new ShadowWrite(0, model, Action.REMOVE, key, Map.of(), null);
    }

    /** The first columns get the values, the rest are absent: unchanged. */
    public static Map<String, @Nullable String> values(List<String> columns, @Nullable String... values) {
        Map<String, @Nullable String> map = new LinkedHashMap<>();
        for (int i = 0; i < values.length; i++) {
            map.put(columns.get(i), values[i]);
        }
        return map;
    }

    public static String uuid(int id) {
        return "00000000-0000-7000-8000-%012d".formatted(id);
    }
}
