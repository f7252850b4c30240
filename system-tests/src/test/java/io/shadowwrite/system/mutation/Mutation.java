package io.shadowwrite.system.mutation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Damage to the target and what a verification must say of it: that, and nothing else.
 *
 * @param damage SQL
 * @param findings each as class, model, key and columns
 */
record Mutation(String name, List<String> damage, List<String> findings) {

    /** Damage to one row, by a placeholder; {@code victims} names the table whose rows it suits. */
    record Atom(String name, String victims, List<String> damage, List<String> findings) {

        Mutation at(Victim victim, String place) {
            Map<String, String> sql = Map.of(":v", victim.id(), ":x", victim.stranger(), ":s", victim.sourceKey());
            Map<String, String> keys =
                    Map.of(":v", victim.key(), ":x", victim.strangersKey(), ":s", victim.sourceKey());
            return new Mutation(
                    name + place,
                    damage.stream().map(one -> replaced(one, sql, true)).toList(),
                    findings.stream().map(one -> replaced(one, keys, false)).toList());
        }
    }

    /** What the file of cases holds. */
    record Catalog(List<Atom> atoms, List<Mutation> cases) {}

    /** With the rows that are to suffer. */
    Mutation of(Victim a, Victim b, Victim party) {
        Map<String, String> sql = new LinkedHashMap<>();
        sql.put(":sa", a.sourceKey());
        sql.put(":sb", b.sourceKey());
        sql.put(":a", a.id());
        sql.put(":b", b.id());
        sql.put(":p", party.id());
        Map<String, String> keys = new LinkedHashMap<>(sql);
        keys.put(":a", a.key());
        keys.put(":b", b.key());
        keys.put(":p", party.key());
        return new Mutation(
                name,
                damage.stream().map(one -> replaced(one, sql, true)).toList(),
                findings.stream().map(one -> replaced(one, keys, false)).toList());
    }

    /** Both at once. */
    Mutation and(Mutation other) {
        List<String> allDamage = new ArrayList<>(damage);
        allDamage.addAll(other.damage);
        List<String> allFindings = new ArrayList<>(findings);
        allFindings.addAll(other.findings);
        return new Mutation(name + ", " + other.name, allDamage, allFindings);
    }

    private static String replaced(String text, Map<String, String> values, boolean quoted) {
        String result = text;
        for (Map.Entry<String, String> value : values.entrySet()) {
            String literal = quoted ? "'" + value.getValue() + "'" : value.getValue();
            result = result.replaceAll(
                    value.getKey() + "\\b", literal.replace("\\", "\\\\").replace("$", "\\$"));
        }
        return result;
    }
}
