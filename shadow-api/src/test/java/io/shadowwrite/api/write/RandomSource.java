package io.shadowwrite.api.write;

import static io.shadowwrite.api.write.Batches.uuid;

import io.shadowwrite.protocol.Action;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.Operation;
import io.shadowwrite.protocol.ShadowWrite;
import io.shadowwrite.protocol.TransactionWrites;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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

    private final Random random;
    private final int keys;
    private final TreeMap<String, String> countries = new TreeMap<>();
    private final TreeMap<Integer, @Nullable String> cities = new TreeMap<>();
    private final TreeSet<String> respelled = new TreeSet<>();
    private final TreeMap<Integer, PartnerRow> partners = new TreeMap<>();
    private final TreeMap<Integer, String> notes = new TreeMap<>();
    private final TreeSet<List<Integer>> presences = new TreeSet<>((a, b) -> Arrays.compare(
            a.stream().mapToInt(i -> i).toArray(), b.stream().mapToInt(i -> i).toArray()));
    private long commitLsn;
    private long micros;
    private List<ChangeWrites> changes = new ArrayList<>();

    private record PartnerRow(String name, String doc) {}

    /**
     * @param keys how many rows a table may have: with few, transactions meet nearly always
     */
    RandomSource(Random random, int keys, long afterLsn) {
        this.random = random;
        this.keys = keys;
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
        switch (random.nextInt(17)) {
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
            case 11 -> countryRespelled(key("C"));
            case 12 -> countriesSwapped(key("C"), key("C"));
            case 13 -> partnersShifted();
            case 14 -> notesSwapped(number(), number());
            case 15 -> noteReplaced(number());
            default -> presence(number(), number());
        }
    }

    /** What the target shall show of the current rows of the source, and of the source keys of countries. */
    List<String> rows() {
        List<String> rows = new ArrayList<>();
        countries.forEach((code, name) -> rows.add("country %s %s %s".formatted(code, name, sourceKey(code))));
        cities.forEach((id, country) -> rows.add("city %s %s".formatted(uuid(id), country)));
        partners.forEach((id, row) -> rows.add("partner %s %s %s".formatted(uuid(id), row.name, row.doc)));
        notes.forEach((id, body) -> rows.add("note %s %s".formatted(uuid(id), body)));
        presences.forEach(pair -> rows.add("presence %s %s".formatted(uuid(pair.getFirst()), uuid(pair.getLast()))));
        rows.sort(null);
        return rows;
    }

    private String key(String prefix) {
        return prefix + number();
    }

    private int number() {
        return 1 + random.nextInt(keys);
    }

    private void country(String code) {
        String name = "name " + random.nextInt(keys);
        boolean taken = countries.entrySet().stream()
                .anyMatch(other ->
                        other.getValue().equals(name) && !other.getKey().equals(code));
        if (!taken) {
            boolean partial = countries.containsKey(code) && random.nextBoolean();
            countries.put(code, name);
            add("country", sourceKey(code), null, countryWrite(code, name, partial, null));
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
            String former = sourceKey(from);
            countries.remove(from);
            respelled.remove(from);
            countries.put(to, name);
            add(
                    "country",
                    sourceKey(to),
                    former,
                    remove("Country", Map.of("code", from)),
                    countryWrite(to, name, random.nextBoolean(), from));
        }
    }

    private void swappedNames(String one, String other) {
        String first = countries.get(one);
        String second = countries.get(other);
        if (first != null && second != null && !one.equals(other)) {
            add("country", sourceKey(one), null, countryWrite(one, "between", true, null));
            add("country", sourceKey(other), null, countryWrite(other, first, true, null));
            add("country", sourceKey(one), null, countryWrite(one, second, true, null));
            countries.put(one, second);
            countries.put(other, first);
        }
    }

    /** The source key changes, the target key does not, because it looks at a part of it only. */
    private void countryRespelled(String code) {
        String name = countries.get(code);
        if (name != null) {
            String former = sourceKey(code);
            if (!respelled.remove(code)) {
                respelled.add(code);
            }
            add("country", sourceKey(code), former, countryWrite(code, name, random.nextBoolean(), null));
        }
    }

    /** As a unique constraint allows that is checked when the statement is over. */
    private void countriesSwapped(String one, String other) {
        String first = countries.get(one);
        String second = countries.get(other);
        boolean referred = cities.containsValue(one) || cities.containsValue(other);
        if (first != null && second != null && !referred && !one.equals(other)) {
            countries.put(other, first);
            countries.put(one, second);
            String oneKey = sourceKey(one);
            String otherKey = sourceKey(other);
            moved(
                    "country",
                    otherKey,
                    oneKey,
                    "Country",
                    Map.of("code", one),
                    countryWrite(other, first, random.nextBoolean(), one));
            moved(
                    "country",
                    oneKey,
                    otherKey,
                    "Country",
                    Map.of("code", other),
                    countryWrite(one, second, random.nextBoolean(), other));
        }
    }

    private void moved(
            String table,
            String key,
            String former,
            String model,
            Map<String, String> formerTarget,
            ShadowWrite arrival) {
        add(table, key, former, remove(model, formerTarget), arrival);
    }

    /** Cascades: a source logs the parent first. The name is free at once, for another country. */
    private void countryGone(String code) {
        String name = countries.remove(code);
        if (name == null) {
            return;
        }
        add("country", sourceKey(code), null, Operation.DELETE, remove("Country", Map.of("code", code)));
        respelled.remove(code);
        List<Integer> gone = cities.entrySet().stream()
                .filter(city -> code.equals(city.getValue()))
                .map(Map.Entry::getKey)
                .toList();
        gone.forEach(this::deleteCity);
        gone.forEach(this::deletePresencesOf);
        String heir = key("C");
        if (!countries.containsKey(heir) && random.nextBoolean()) {
            countries.put(heir, name);
            add("country", sourceKey(heir), null, countryWrite(heir, name, false, null));
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
        boolean partial = partners.containsKey(id) && random.nextBoolean();
        add("partner", id(id), null, partnerWrite(id, partners.get(id), partial, null));
    }

    private ShadowWrite partnerWrite(int id, @Nullable PartnerRow before, boolean partial, @Nullable Integer former) {
        PartnerRow row = new PartnerRow(
                "partner " + random.nextInt(100),
                partial && before != null ? before.doc : "{\"b\":  %d}".formatted(random.nextInt(100)));
        partners.put(id, row);
        Map<String, @Nullable String> values = new LinkedHashMap<>();
        values.put("name", row.name);
        values.put("score", random.nextInt(4) == 0 ? null : random.nextInt(100) + ".50");
        if (!partial) {
            values.put("doc", row.doc);
        }
        return upsert("Partner", Batches.partnerKey(id), values, former == null ? null : Batches.partnerKey(former));
    }

    private void partnerGoneOrMoved(int id, int to) {
        if (!partners.containsKey(id) || (id != to && partners.containsKey(to))) {
            return;
        }
        PartnerRow row = partners.remove(id);
        if (id == to) {
            add("partner", id(id), null, Operation.DELETE, remove("Partner", Batches.partnerKey(id)));
        } else {
            partnerMoved(id, to, row);
        }
    }

    private void partnerMoved(int from, int to, @Nullable PartnerRow row) {
        ShadowWrite arrival = partnerWrite(to, row, random.nextBoolean(), from);
        moved("partner", id(to), id(from), "Partner", Batches.partnerKey(from), arrival);
    }

    /** Each takes the number of another one, or the last of them a free one; in any order. */
    private void partnersShifted() {
        List<Integer> numbers = new ArrayList<>(partners.keySet());
        if (numbers.size() < 2) {
            return;
        }
        Collections.shuffle(numbers, random);
        int free = number();
        int last = partners.containsKey(free) ? numbers.getFirst() : free;
        Map<Integer, PartnerRow> before = new TreeMap<>(partners);
        partners.clear();
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < numbers.size(); i++) {
            order.add(i);
        }
        Collections.shuffle(order, random);
        for (int i : order) {
            int from = numbers.get(i);
            partnerMoved(from, i + 1 < numbers.size() ? numbers.get(i + 1) : last, before.get(from));
        }
    }

    private void note(int id) {
        add("note", id(id), null, noteWrite(id, "body " + random.nextInt(100)));
        if (random.nextInt(4) == 0) {
            noteGone(id);
        }
    }

    private ShadowWrite noteWrite(int id, String body) {
        notes.put(id, body);
        return upsert("Note", Map.of("note_id", uuid(id)), Map.of("body", body), null);
    }

    private void noteGone(int id) {
        if (notes.remove(id) != null) {
            add("note", id(id), null, Operation.DELETE, remove("Note", Map.of("note_id", uuid(id))));
        }
    }

    private void notesSwapped(int one, int other) {
        String first = notes.get(one);
        String second = notes.get(other);
        if (first != null && second != null && one != other) {
            moved("note", id(other), id(one), "Note", Map.of("note_id", uuid(one)), noteWrite(other, first));
            moved("note", id(one), id(other), "Note", Map.of("note_id", uuid(other)), noteWrite(one, second));
        }
    }

    /** The successor comes before the one with the same key goes. */
    private void noteReplaced(int id) {
        if (notes.containsKey(id)) {
            String body = "body " + random.nextInt(100);
            add("note", id(id), null, Operation.INSERT, noteWrite(id, body));
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

    private String sourceKey(String country) {
        return "{\"code\":\"" + (respelled.contains(country) ? country.toLowerCase(Locale.ROOT) : country) + "\"}";
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
