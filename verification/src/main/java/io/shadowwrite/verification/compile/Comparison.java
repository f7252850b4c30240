package io.shadowwrite.verification.compile;

import io.shadowwrite.contract.ColumnType;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Two relations that must be equal row for row: what the source rows should have become and what the target holds.
 *
 * @param subject what the rows are
 * @param model the target model
 * @param sources one image for each write that feeds the model; their union is what is expected
 * @param target what is there
 * @param columns name and target type of {@code c0}, {@code c1} and so on; the key is not among them
 * @param whole whether it is about all rows, and not only about those with certain keys
 */
public record Comparison(
        Subject subject,
        String model,
        List<Image> sources,
        Image target,
        Map<String, ColumnType> columns,
        boolean whole) {

    /** What the rows of a comparison are. */
    public enum Subject {
        /** Rows of the model itself. */
        ROWS,
        /** Entries of the key map: which target key a source key became. */
        KEY_MAP
    }

    public Comparison {
        sources = List.copyOf(sources);
        columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
    }

    /** About all rows. */
    public Comparison(
            Subject subject, String model, List<Image> sources, Image target, Map<String, ColumnType> columns) {
        this(subject, model, sources, target, columns, true);
    }

    /** The same of the rows with these keys alone. */
    public Comparison only(Collection<String> keys) {
        String list = keys.stream().map(Sql::literal).collect(Collectors.joining(", ", "array[", "]::text[]"));
        return new Comparison(
                subject,
                model,
                sources.stream().map(image -> only(image, list)).toList(),
                only(target, list),
                columns,
                false);
    }

    private static Image only(Image image, String keys) {
        return image.where("(%s) = any (%s)".formatted(image.key(), keys));
    }

    /** The tables that feed the model, for findings about rows that none of them explains. */
    public String sourceTables() {
        return sources.stream().map(Image::table).distinct().collect(Collectors.joining(", "));
    }
}
