package io.shadowwrite.protocol;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Batches as text: members in any order, texts that need escapes, few columns and many. */
final class RandomWrites {

    private static final List<String> TEXTS = List.of(
            "", "plain", "{\"id\":1}", "é\u00df\uD83D\uDE00", "line\nbreak\\", "a long text ".repeat(20), "null");

    private final RandomGenerator random;

    private RandomWrites(RandomGenerator random) {
        this.random = random;
    }

    /** A whole batch of up to so many transactions, changes and writes in each. */
    static String json(RandomGenerator random, int most) {
        return WireJson.mapper().writeValueAsString(new RandomWrites(random).batch(most));
    }

    private Map<String, @Nullable Object> batch(int most) {
        Map<String, @Nullable Object> batch = new LinkedHashMap<>();
        batch.put("epoch", random.nextLong());
        batch.put("continues_from", lsn());
        batch.put("complete_below", lsn());
        batch.put("transactions", several(most, () -> transaction(most)));
        return shuffled(batch);
    }

    private Map<String, @Nullable Object> transaction(int most) {
        Map<String, @Nullable Object> transaction = new LinkedHashMap<>();
        transaction.put("commit_lsn", lsn());
        transaction.put("end_lsn", lsn());
        transaction.put("xid", random.nextLong());
        transaction.put("committed_at", "2026-11-01T12:00:00.%06dZ".formatted(random.nextInt(1_000_000)));
        transaction.put("changes", several(most, () -> change(most)));
        return shuffled(transaction);
    }

    private Map<String, @Nullable Object> change(int most) {
        Map<String, @Nullable Object> change = new LinkedHashMap<>();
        change.put("change_index", random.nextInt());
        change.put("source_table", text());
        change.put("source_key", text());
        change.put("former_key", random.nextBoolean() ? null : text());
        change.put("operation", List.of(Operation.values()).get(random.nextInt(4)));
        change.put("digest", text());
        change.put("in_scope", random.nextBoolean());
        change.put("writes", several(most, this::write));
        return shuffled(change);
    }

    private Map<String, @Nullable Object> write() {
        Map<String, @Nullable Object> write = new LinkedHashMap<>();
        write.put("write_index", random.nextInt());
        write.put("model", text());
        write.put("action", List.of(Action.values()).get(random.nextInt(2)));
        write.put("key", columns(3, false));
        write.put("values", columns(random.nextInt(8) == 0 ? 40 : 8, true));
        write.put("carry_from", random.nextBoolean() ? null : columns(3, false));
        return shuffled(write);
    }

    private Map<String, @Nullable String> columns(int most, boolean nulls) {
        Map<String, @Nullable String> columns = new LinkedHashMap<>();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            columns.put("c" + i + text(), nulls && random.nextInt(4) == 0 ? null : text());
        }
        return columns;
    }

    private <T> List<T> several(int most, Supplier<T> one) {
        return IntStream.range(0, random.nextInt(most) + 1)
                .mapToObj(_ -> one.get())
                .toList();
    }

    private String text() {
        return TEXTS.get(random.nextInt(TEXTS.size()));
    }

    private String lsn() {
        return Long.toUnsignedString(random.nextLong());
    }

    private Map<String, @Nullable Object> shuffled(Map<String, @Nullable Object> members) {
        if (random.nextInt(3) > 0) {
            return members;
        }
        List<String> names = new ArrayList<>(members.keySet());
        Collections.shuffle(names, Random.from(random));
        Map<String, @Nullable Object> shuffled = new LinkedHashMap<>();
        names.forEach(name -> shuffled.put(name, members.get(name)));
        return shuffled;
    }
}
