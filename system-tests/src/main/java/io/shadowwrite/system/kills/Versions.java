package io.shadowwrite.system.kills;

import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.testsupport.Database;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The versions of the rows of one model, as digests of the columns that are mere copies.
 *
 * @param bySourceKey the versions of each source row, oldest first
 */
record Versions(Map<String, List<Version>> bySourceKey) {

    private static final String SEPARATOR = "\u001f";

    /**
     * One version.
     *
     * @param live it has no end and is not archived
     */
    record Version(String image, boolean live) {}

    /** All versions that began at that time, as text, or later. */
    static Versions of(Copies copies, Database target, String since) {
        Map<String, List<Version>> all = new LinkedHashMap<>();
        for (String line : target.queryForList(query(copies), since)) {
            String[] parts = Objects.requireNonNull(line).split(SEPARATOR, -1);
            all.computeIfAbsent(parts[0], _ -> new ArrayList<>()).add(new Version(parts[1], parts[2].equals("true")));
        }
        return new Versions(all);
    }

    private static String query(Copies copies) {
        String archived = copies.model().archived();
        String key = copies.model().key().stream()
                .map(column -> "'%s', v.%s".formatted(column, QualifiedName.quote(column)))
                .collect(Collectors.joining(", ", "jsonb_build_object(", ")"));
        return """
                SELECT concat_ws(chr(31), m.source_key::jsonb::text, %1$s, (v.%2$s IS NULL AND NOT %3$s)::text)
                  FROM %4$s AS v
                  JOIN shadow.pk_map AS m ON m.target_key::jsonb = %5$s
                 WHERE m.source_table = (SELECT id FROM shadow.source_table WHERE name = '%6$s')
                   AND m.target_model = (SELECT id FROM shadow.target_model WHERE name = '%7$s')
                   AND v.%8$s >= ?::timestamptz
                 ORDER BY m.source_key, v.%8$s
                """.formatted(
                        copies.targetImage("v"),
                        QualifiedName.quote(copies.model().validTo()),
                        archived == null ? "false" : "v." + QualifiedName.quote(archived),
                        copies.model().table().quoted(),
                        key,
                        copies.table().name(),
                        copies.model().name(),
                        QualifiedName.quote(copies.model().validFrom()));
    }

    /**
     * Compares the rows that were born under the eyes of the witness with what it saw of them. Every version must look as the
     * row did, in the order in which it did; and the row must be there, as it was seen last, or be gone.
     */
    Difference against(Copies copies, List<Sighting> sightings) {
        long missing = 0;
        long surplus = 0;
        long misordered = 0;
        List<String> examples = new ArrayList<>();
        for (Map.Entry<String, Life> row :
                Life.of(copies.table().name().toString(), sightings).entrySet()) {
            List<Version> versions = bySourceKey.getOrDefault(row.getKey(), List.of());
            Life life = row.getValue();
            long wrong = Images.misordered(life.images(copies.model().name()), images(versions));
            String live = versions.isEmpty() || !versions.getLast().live()
                    ? null
                    : versions.getLast().image();
            boolean wanting = life.isThere()
                    && (live == null
                            ? copies.whole()
                            : !live.equals(life.last(copies.model().name())));
            boolean ghost = !life.isThere() && live != null;
            misordered += wrong;
            missing += wanting ? 1 : 0;
            surplus += ghost ? 1 : 0;
            if (wrong > 0 || wanting || ghost) {
                examples.add("%s of %s: %s".formatted(copies.model().name(), row.getKey(), versions));
            }
        }
        return new Difference(
                missing, surplus, misordered, examples.stream().limit(3).toList());
    }

    /** How many versions of rows that were born under the eyes of the witness there are to compare. */
    long comparable(Copies copies, List<Sighting> sightings) {
        return Life.of(copies.table().name().toString(), sightings).keySet().stream()
                .mapToLong(key -> bySourceKey.getOrDefault(key, List.of()).size())
                .sum();
    }

    private static List<String> images(List<Version> versions) {
        return versions.stream().map(Version::image).toList();
    }
}
