package io.shadowwrite.api.deadletter;

import static io.shadowwrite.api.write.Batches.transaction;
import static io.shadowwrite.api.write.Batches.uuid;

import io.shadowwrite.api.write.Batches;
import io.shadowwrite.protocol.Action;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.Operation;
import io.shadowwrite.protocol.ShadowWrite;
import io.shadowwrite.protocol.TransactionWrites;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A source with a few rows that are inserted, updated, removed, renamed and shifted at random; a transaction changes a row once. */
final class RandomRows {

    private static final int IDS = 4;

    private final Random random;
    private final List<Table> tables = List.of(
            new Table("partner", "Partner", "partner_id", List.of("name", "score", "doc")),
            new Table("note", "Note", "note_id", List.of("body")),
            new Table("city", "City", "city_id", List.of("country_code", "name")));

    private final Set<Row> live = new HashSet<>();

    private record Table(String name, String model, String key, List<String> columns) {}

    private record Row(Table table, int id) {}

    RandomRows(Random random) {
        this.random = random;
    }

    List<TransactionWrites> transactions(int count) {
        List<TransactionWrites> transactions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            // Commit times go back now and then, as they do.
            transactions.add(transaction(2_000 + 100L * i, 40L * i + random.nextInt(200), changes()));
        }
        return transactions;
    }

    private ChangeWrites[] changes() {
        Set<Row> touched = new HashSet<>();
        List<ChangeWrites> changes = new ArrayList<>();
        if (random.nextBoolean()) {
            shift(touched, changes);
        }
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            Row row = new Row(tables.get(random.nextInt(tables.size())), random.nextInt(IDS));
            if (touched.add(row)) {
                changes.add(change(row, touched));
            }
        }
        return changes.toArray(new ChangeWrites[0]);
    }

    private ChangeWrites change(Row row, Set<Row> touched) {
        if (live.add(row)) {
            return change(row, null, Operation.INSERT, upsert(row, false, null));
        }
        Row other = new Row(row.table(), random.nextInt(IDS));
        return switch (random.nextInt(4)) {
            case 0 -> {
                live.remove(row);
                yield change(row, null, Operation.DELETE, remove(row));
            }
            case 1 ->
                live.contains(other) || !touched.add(other)
                        ? change(row, null, Operation.UPDATE, upsert(row, true, null))
                        : renamed(row, other);
            default -> change(row, null, Operation.UPDATE, upsert(row, random.nextBoolean(), null));
        };
    }

    /** One row comes to the key of another one, which leaves it only then, as a deferrable key of the source allows. */
    private void shift(Set<Row> touched, List<ChangeWrites> changes) {
        Table table = tables.get(random.nextInt(tables.size()));
        List<Row> rows = new ArrayList<>();
        for (int id = 0; id < IDS; id++) {
            rows.add(new Row(table, id));
        }
        Collections.shuffle(rows, random);
        List<Row> present = rows.stream().filter(live::contains).limit(2).toList();
        Row free = rows.stream().filter(row -> !live.contains(row)).findFirst().orElse(null);
        if (present.size() < 2 || free == null) {
            return;
        }
        Row first = present.getFirst();
        Row second = present.getLast();
        changes.add(renamed(first, second));
        changes.add(renamed(second, free));
        live.add(second);
        touched.addAll(List.of(first, second, free));
    }

    private ChangeWrites renamed(Row row, Row other) {
        live.remove(row);
        live.add(other);
        boolean partial = random.nextBoolean();
        return change(other, row, Operation.UPDATE, remove(row), upsert(other, partial, partial ? row : null));
    }

    private static ChangeWrites change(Row row, @Nullable Row former, Operation operation, ShadowWrite... writes) {
        ChangeWrites change = Batches.change(row.table().name(), key(row), operation, writes);
        return new ChangeWrites(
                0,
                change.sourceTable(),
                change.sourceKey(),
                former == null ? null : key(former),
                operation,
                change.digest(),
                true,
                Arrays.asList(writes));
    }

    private static String key(Row row) {
        return "{\"id\":" + row.id() + "}";
    }

    private ShadowWrite upsert(Row row, boolean partial, @Nullable Row carryFrom) {
        List<String> columns = row.table().columns();
        @Nullable String[] values = new @Nullable String[partial ? 1 : columns.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(columns.get(i));
        }
        return new ShadowWrite(
                0,
                row.table().model(),
                Action.UPSERT,
                targetKey(row),
                Batches.values(columns, values),
                carryFrom == null ? null : targetKey(carryFrom));
    }

    private @Nullable String value(String column) {
        return switch (column) {
            case "country_code" -> null;
            case "score" -> String.valueOf(random.nextInt(100));
            case "doc" -> "{\"n\":" + random.nextInt(100) + "}";
            default -> "v" + random.nextInt(1_000);
        };
    }

    private static ShadowWrite remove(Row row) {
        return Batches.remove(row.table().model(), targetKey(row));
    }

    private static Map<String, String> targetKey(Row row) {
        return Map.of(row.table().key(), uuid(row.id()));
    }
}
