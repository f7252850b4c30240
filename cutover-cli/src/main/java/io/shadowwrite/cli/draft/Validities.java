package io.shadowwrite.cli.draft;

import io.shadowwrite.cli.draft.TargetTable.Column;
import io.shadowwrite.cli.draft.TargetTable.Index;
import io.shadowwrite.cli.draft.TargetTable.Validity;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which two columns of a table are the beginning and the end of a version, told by its indexes first and by names last. */
final class Validities {

    private static final Set<String> TIMES = Set.of("timestamp with time zone", "timestamp without time zone");

    /** How the two are called, whatever stands before them; a longer word before one that it ends with. */
    private static final List<String[]> NAMES = List.of(
            new String[] {"from", "to"},
            new String[] {"from", "until"},
            new String[] {"from", "till"},
            new String[] {"since", "until"},
            new String[] {"start", "end"},
            new String[] {"begin", "end"},
            new String[] {"starts", "ends"},
            new String[] {"start_at", "end_at"},
            new String[] {"start_date", "end_date"},
            new String[] {"from_date", "to_date"},
            new String[] {"start_time", "end_time"},
            new String[] {"starttime", "endtime"});

    private final List<Column> times;
    private final List<String> primaryKey;
    private final List<Index> indexes;

    private Validities(List<Column> columns, List<String> primaryKey, List<Index> indexes) {
        this.times = columns.stream().filter(c -> isTime(c) && !c.generated()).toList();
        this.primaryKey = primaryKey;
        this.indexes = indexes;
    }

    /** The validity of a table with these columns; null when it keeps no history that the suite could write. */
    static @Nullable Validity of(List<Column> columns, List<String> primaryKey, List<Index> indexes) {
        Validities validities = new Validities(columns, primaryKey, indexes);
        return validities.times.stream()
                .filter(column -> !column.notNull())
                .map(validities::endingWith)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private static boolean isTime(Column column) {
        return TIMES.contains(column.type().replaceAll("\\(\\d\\)", ""));
    }

    private @Nullable Validity endingWith(Column end) {
        List<Index> current = indexes.stream()
                .filter(index -> index.enforces() && coversOnlyOpen(index, end.name()))
                .toList();
        return current.isEmpty() ? byName(end) : byIndex(end, current);
    }

    /** A unique index over what has not ended is the entity's key; nobody makes one for another reason. */
    private @Nullable Validity byIndex(Column end, List<Index> current) {
        for (Index index : current) {
            String from = beginning(index.columns(), end);
            if (from != null) {
                return new Validity(index.columns(), from, end.name(), true);
            }
        }
        return null;
    }

    /** The time that makes the entity's key unique, or else the one that is called so. */
    private @Nullable String beginning(List<String> key, Column end) {
        List<String> candidates = times.stream()
                .map(Column::name)
                .filter(name -> !name.equals(end.name()) && !key.contains(name))
                .toList();
        Stream<String> unique = candidates.stream().filter(name -> {
            Set<String> versions = new LinkedHashSet<>(key);
            versions.add(name);
            return Set.copyOf(primaryKey).equals(versions) || indexes.stream().anyMatch(index -> index.isKey(versions));
        });
        return Stream.concat(unique, candidates.stream().filter(name -> pair(name, end.name())))
                .findFirst()
                .orElse(null);
    }

    /** Without such an index, the names must say so, and the beginning must be a part of the primary key. */
    private @Nullable Validity byName(Column end) {
        for (Column from : times) {
            if (primaryKey.size() > 1 && primaryKey.contains(from.name()) && pair(from.name(), end.name())) {
                List<String> key = new ArrayList<>(primaryKey);
                key.remove(from.name());
                return new Validity(key, from.name(), end.name(), false);
            }
        }
        return null;
    }

    private static boolean pair(String from, String to) {
        String lowerFrom = from.toLowerCase(Locale.ROOT);
        String lowerTo = to.toLowerCase(Locale.ROOT);
        return NAMES.stream()
                .anyMatch(names -> lowerFrom.endsWith(names[0])
                        && lowerTo.endsWith(names[1])
                        && lowerFrom
                                .substring(0, lowerFrom.length() - names[0].length())
                                .equals(lowerTo.substring(0, lowerTo.length() - names[1].length())));
    }

    private static boolean coversOnlyOpen(Index index, String end) {
        return index.predicate() != null
                && !index.columns().contains(end)
                && index.predicate()
                        .replace("\"", "")
                        .equalsIgnoreCase("(%s IS NULL)".formatted(end.replace("\"", "")));
    }
}
