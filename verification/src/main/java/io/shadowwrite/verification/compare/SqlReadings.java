package io.shadowwrite.verification.compare;

import io.shadowwrite.verification.compare.Reading.Part;
import io.shadowwrite.verification.compile.Comparison;
import io.shadowwrite.verification.compile.Comparison.Subject;
import io.shadowwrite.verification.compile.ContractCompiler;
import io.shadowwrite.verification.compile.Image;
import io.shadowwrite.verification.scan.Buckets;
import io.shadowwrite.verification.scan.Pages;
import io.shadowwrite.verification.scan.Scans.Mapped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The scans of a side: as many parts of every table as keep all readers busy, and no row read twice that can be read once.
 * Rows of a source table yield their mappings too, and the key map is read once for all tables and models.
 */
final class SqlReadings {

    /** One part may take longer than another, so there are more of them than readers. */
    private static final int PARTS_PER_READER = 4;

    private final SqlSide side;
    private final List<Comparison> comparisons;
    private final Map<String, List<Pages>> pages = new HashMap<>();
    private final List<Reading> readings = new ArrayList<>();

    /** An image and the place of its comparison. */
    private record Placed(int comparison, Image image) {}

    SqlReadings(SqlSide side, List<Comparison> comparisons) {
        this.side = side;
        this.comparisons = comparisons;
    }

    List<Reading> all() {
        Map<Mapped, Integer> keyMap = new HashMap<>();
        List<Placed> rows = new ArrayList<>();
        List<Placed> pairs = new ArrayList<>();
        for (int i = 0; i < comparisons.size(); i++) {
            Comparison comparison = comparisons.get(i);
            for (Image image : side.images().apply(comparison)) {
                if (comparison.whole()
                        && image.equals(comparison.target())
                        && comparison.subject() == Subject.KEY_MAP) {
                    keyMap.put(new Mapped(comparison.sourceTables(), comparison.model()), i);
                } else {
                    (image.pair() ? pairs : rows).add(new Placed(i, image));
                }
            }
        }
        rows.forEach(one -> readRows(one, pairs));
        pairs.forEach(this::read);
        readKeyMap(keyMap);
        return readings;
    }

    /** Takes the pairs that are read with the rows out of the list. */
    private void readRows(Placed rows, List<Placed> pairs) {
        Placed mapping = pairs.stream()
                .filter(pair -> pair.image().pairsRowsOf(rows.image()))
                .findFirst()
                .orElse(null);
        if (mapping == null) {
            read(rows);
            return;
        }
        pairs.remove(mapping);
        String subject = subject(rows);
        for (Pages part : pages(rows.image().relation(), subject)) {
            readings.add(() -> {
                List<Buckets> both = side.sessions()
                        .read(
                                subject,
                                connection -> side.scans().buckets(connection, rows.image(), mapping.image(), part));
                return List.of(new Part(rows.comparison(), both.get(0)), new Part(mapping.comparison(), both.get(1)));
            });
        }
    }

    private void read(Placed one) {
        String subject = subject(one);
        for (Pages part : pages(one.image().relation(), subject)) {
            readings.add(() -> List.of(new Part(
                    one.comparison(),
                    side.sessions().read(subject, connection -> side.scans().buckets(connection, one.image(), part)))));
        }
    }

    private void readKeyMap(Map<Mapped, Integer> places) {
        if (places.isEmpty()) {
            return;
        }
        String subject = "the key map";
        Image mappings = ContractCompiler.mappings();
        for (Pages part : pages(mappings.relation(), subject)) {
            readings.add(() -> parts(
                    side.sessions().read(subject, connection -> side.scans().keyMap(connection, mappings, part)),
                    places));
        }
    }

    private static List<Part> parts(Map<Mapped, Buckets> found, Map<Mapped, Integer> places) {
        List<Part> parts = new ArrayList<>();
        found.forEach((mapped, buckets) -> {
            Integer place = places.get(mapped);
            if (place != null) {
                parts.add(new Part(place, buckets));
            }
        });
        return parts;
    }

    private List<Pages> pages(String relation, String subject) {
        int most = side.sessions().size() * PARTS_PER_READER;
        return pages.computeIfAbsent(
                relation, _ -> side.sessions().read(subject, connection -> Pages.of(connection, relation, most)));
    }

    private String subject(Placed one) {
        return SqlSide.subject(comparisons.get(one.comparison()), List.of(one.image()));
    }
}
