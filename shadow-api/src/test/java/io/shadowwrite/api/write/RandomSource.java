package io.shadowwrite.api.write;

import static io.shadowwrite.api.write.Batches.uuid;

import io.shadowwrite.protocol.Action;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.Operation;
import io.shadowwrite.protocol.ShadowWrite;
import io.shadowwrite.protocol.TransactionWrites;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A source whose tables and constraints are those of the test contract, and that commits random transactions which obey
 * them: the changes of each, in the order in which a source logs them.
 */
final class RandomSource {

    private static final int KEYS = 6;

    private final Random random;
    private final TreeMap<String, String> countries = new TreeMap<>();
    private final TreeMap<Integer, @Nullable String> cities = new TreeMap<>();
    private final TreeSet<Integer> partners = new TreeSet<>();
    private final TreeSet<Integer> notes = new TreeSet<>();
    private final TreeSet<List<Integer>> presences = new TreeSet<>((a, b) -> Arrays.compare(
            a.stream().mapToInt(i -> i).toArray(), b.stream().mapToInt(i -> i).toArray()));
    private long commitLsn;
    private long micros;
    private List<ChangeWrites> changes = new ArrayList<>();

    RandomSource(Random random, long afterLsn) {
        this.random = random;
        this.commitLsn = afterLsn;
    }

    TransactionWrites commit() {
        changes = new ArrayList<>();
        int statements = 1 + random.nextInt(6);
        while (changes.size() < statements) {
            statement();
        }
        commitLsn += 16;
        // Clocks of a source stand still and run backwards.
        micros += random.nextInt(4) == 0 ? -random.nextInt(3) : random.nextInt(5);
        return Batches.transaction(commitLsn, micros, changes.toArray(ChangeWrites[]::new));
    }

    private void statement() {
        switch (random.nextInt(12)) {
            case 0 -> country(key("C"));
            case 1 -> renamedCountry(key("C"), key("C"));
            case 2 -> swappedNames(key("C"), key("C"));
            case 3 -> countryGone(key("C"));
            case 4, 5 -> city(number());
            case 6 -> cityGone(number());
            case 7 -> partner(number());
            case 8 -> partnerGoneOrMoved(number(), number());
            case 9 -> note(number());
            case 10 -> noteGone(number());
            default -> presence(number(), number());
        }
    }

    private String key(String prefix) {
        return prefix + number();
    }

    private int number() {
        return 1 + random.nextInt(KEYS);
    }

    private void country(String code) {
        String name = "name " + random.nextInt(KEYS);
        boolean taken = countries.entrySet().stream()
                .anyMatch(other ->
                        other.getValue().equals(name) && !other.getKey().equals(code));
        if (!taken) {
            boolean partial = countries.containsKey(code) && random.nextBoolean();
            countries.put(code, name);
            add("country", code(code), null, countryWrite(code, name, partial, null));
        }
    }

    private ShadowWrite countryWrite(String code, String name, boolean partial, @Nullable String former) {
        Map<String, @Nullable String> values = new LinkedHashMap<>();
        values.put("name", name);
        if (!partial) {
            values.put("note", random.nextInt(3) == 0 ? null : "note " + random.nextInt(100));
        }
        return upsert("Country", Map.of("code", code), values, former == null ? null : Map.of("code", former));
    }

    private void renamedCountry(String from, String to) {
        String name = countries.get(from);
        if (name != null && !countries.containsKey(to) && !cities.containsValue(from)) {
            countries.remove(from);
            countries.put(to, name);
            add(
                    "country",
                    code(to),
                    code(from),
                    remove("Country", Map.of("code", from)),
                    countryWrite(to, name, random.nextBoolean(), from));
        }
    }

    private void swappedNames(String one, String other) {
        String first = countries.get(one);
        String second = countries.get(other);
        if (first != null && second != null && !one.equals(other)) {
            add("country", code(one), null, countryWrite(one, "between", true, null));
            add("country", code(other), null, countryWrite(other, first, true, null));
            add("country", code(one), null, countryWrite(one, second, true, null));
            countries.put(one, second);
            countries.put(other, first);
        }
    }

    /** Cascades: a source logs the parent first. The name is free at once, for another country. */
    private void countryGone(String code) {
        String name = countries.remove(code);
        if (name == null) {
            return;
        }
        add("country", code(code), null, Operation.DELETE, remove("Country", Map.of("code", code)));
        List<Integer> gone = cities.entrySet().stream()
                .filter(city -> code.equals(city.getValue()))
                .map(Map.Entry::getKey)
                .toList();
        gone.forEach(this::deleteCity);
        gone.forEach(this::deletePresencesOf);
        String heir = key("C");
        if (!countries.containsKey(heir) && random.nextBoolean()) {
            countries.put(heir, name);
            add("country", code(heir), null, countryWrite(heir, name, false, null));
        }
    }

    private void city(int id) {
        @Nullable String country = countries.isEmpty() || random.nextInt(3) == 0
                ? null
                : List.copyOf(countries.keySet()).get(random.nextInt(countries.size()));
        boolean partial = cities.containsKey(id) && random.nextInt(3) == 0;
        Map<String, @Nullable String> values = new LinkedHashMap<>();
        if (!partial) {
            values.put("country_code", country);
            cities.put(id, country);
        }
        values.put("name", "city " + random.nextInt(100));
        add("city", id(id), null, upsert("City", Map.of("city_id", uuid(id)), values, null));
    }

    private void cityGone(int id) {
        if (cities.containsKey(id)) {
            deleteCity(id);
            deletePresencesOf(id);
        }
    }

    private void deleteCity(int id) {
        cities.remove(id);
        add("city", id(id), null, Operation.DELETE, remove("City", Map.of("city_id", uuid(id))));
    }

    private void deletePresencesOf(int city) {
        presences.stream().filter(pair -> pair.get(1) == city).toList().forEach(this::togglePresence);
    }

    private void partner(int id) {
        boolean partial = partners.contains(id) && random.nextBoolean();
        partners.add(id);
        add("partner", id(id), null, partnerWrite(id, partial, null));
    }

    private ShadowWrite partnerWrite(int id, boolean partial, @Nullable Integer former) {
        Map<String, @Nullable String> values = new LinkedHashMap<>();
        values.put("name", "partner " + random.nextInt(100));
        values.put("score", random.nextInt(4) == 0 ? null : random.nextInt(100) + ".50");
        if (!partial) {
            values.put("doc", "{\"b\":  %d}".formatted(random.nextInt(100)));
        }
        return upsert("Partner", Batches.partnerKey(id), values, former == null ? null : Batches.partnerKey(former));
    }

    private void partnerGoneOrMoved(int id, int to) {
        if (!partners.contains(id) || (id != to && partners.contains(to))) {
            return;
        }
        partners.remove(id);
        if (id == to) {
            add("partner", id(id), null, Operation.DELETE, remove("Partner", Batches.partnerKey(id)));
        } else {
            partners.add(to);
            add(
                    "partner",
                    id(to),
                    id(id),
                    remove("Partner", Batches.partnerKey(id)),
                    partnerWrite(to, random.nextBoolean(), id));
        }
    }

    private void note(int id) {
        notes.add(id);
        add(
                "note",
                id(id),
                null,
                upsert("Note", Map.of("note_id", uuid(id)), Map.of("body", "body " + random.nextInt(100)), null));
        if (random.nextInt(4) == 0) {
            noteGone(id);
        }
    }

    private void noteGone(int id) {
        if (notes.remove(id)) {
            add("note", id(id), null, Operation.DELETE, remove("Note", Map.of("note_id", uuid(id))));
        }
    }

    private void presence(int partner, int city) {
        if (cities.containsKey(city)) {
            togglePresence(List.of(partner, city));
        }
    }

    private void togglePresence(List<Integer> pair) {
        Map<String, String> key = Map.of("partner_id", uuid(pair.get(0)), "city_id", uuid(pair.get(1)));
        String source = "{\"city_id\":%d,\"partner_id\":%d}".formatted(pair.get(1), pair.get(0));
        if (presences.remove(pair)) {
            add("presence", source, null, Operation.DELETE, remove("Presence", key));
        } else {
            presences.add(pair);
            add("presence", source, null, upsert("Presence", key, Map.of(), null));
        }
    }

    private static String code(String code) {
        return "{\"code\":\"" + code + "\"}";
    }

    private static String id(int id) {
        return "{\"id\":" + id + "}";
    }

    private void add(String table, String key, @Nullable String former, ShadowWrite... writes) {
        add(table, key, former, Operation.UPDATE, writes);
    }

    private void add(String table, String key, @Nullable String former, Operation operation, ShadowWrite... writes) {
        changes.add(new ChangeWrites(
                0,
                "app." + table,
                key,
                former,
                operation,
                "%016x%016x".formatted(random.nextLong(), random.nextLong()),
                true,
                List.of(writes)));
    }

    private static ShadowWrite remove(String model, Map<String, String> key) {
        return new ShadowWrite(0, model, Action.REMOVE, key, Map.of(), null);
    }

    private static ShadowWrite upsert(
            String model,
            Map<String, String> key,
            Map<String, @Nullable String> values,
            @Nullable Map<String, String> carryFrom) {
        return new ShadowWrite(0, model, Action.UPSERT, key, values, carryFrom);
    }
}
