package io.shadowwrite.transform;

import io.shadowwrite.canonical.CanonicalKey;
import io.shadowwrite.canonical.CanonicalValue;
import io.shadowwrite.replication.ColumnValue;
import io.shadowwrite.replication.Row;
import io.shadowwrite.replication.RowChange;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One state of one source row as far as the log tells it, in canonical text. A column that was not sent has no value.
 * Lives for one change; not safe for several threads.
 */
final class SourceRow {

    private final RowLayout layout;
    private final int changeIndex;
    private final @Nullable ColumnValue[] values;
    private final boolean[] canonical;
    private final boolean whole;
    private @Nullable String key;

    private SourceRow(RowLayout layout, int changeIndex, boolean whole) {
        this.layout = layout;
        this.changeIndex = changeIndex;
        this.whole = whole;
        values = new ColumnValue[layout.size()];
        canonical = new boolean[layout.size()];
    }

    /** A row of which the log holds these columns. */
    static SourceRow of(RowLayout layout, int changeIndex, Row sent) {
        SourceRow row = new SourceRow(layout, changeIndex, false);
        row.fill(sent);
        return row;
    }

    /** A row of which every column is known, in the layout's order. */
    static SourceRow loaded(RowLayout layout, List<ColumnValue> values) {
        SourceRow row = new SourceRow(layout, 0, false);
        if (values.size() != layout.size()) {
            throw new IllegalArgumentException(
                    "a row of %s has %d columns, not %d".formatted(layout.table(), layout.size(), values.size()));
        }
        values.toArray(row.values);
        return row;
    }

    /** The row after an update: what was not sent is unchanged, so the old row, where it is known, has the value. */
    static SourceRow updated(RowLayout layout, RowChange.Update update) {
        SourceRow row = new SourceRow(layout, update.changeIndex(), true);
        row.fill(update.after());
        row.fill(update.identity());
        return row;
    }

    private void fill(Row row) {
        // An iteration would wrap every entry of the read-only map.
        row.columns().forEach((column, value) -> {
            Integer ordinal = layout.find(column);
            if (ordinal == null) {
                throw problem(
                        TransformProblem.Code.SCHEMA_DRIFT, "the contract does not know column %s".formatted(column));
            }
            if (values[ordinal] == null) {
                values[ordinal] = value;
            }
        });
    }

    /**
     * Whether a column that was not sent holds a value: the log leaves out of a whole row only what is stored out of
     * line, and NULL never is. Of an old row it holds the key at least, and the rest may be anything.
     */
    boolean absentIsValue() {
        return whole;
    }

    /**
     * An old row, without what only looks like NULL: the log spells NaN like it, and nobody can be asked what a row held
     * before.
     */
    SourceRow withoutDoubt() {
        SourceRow row = new SourceRow(layout, changeIndex, whole);
        for (int ordinal = 0; ordinal < values.length; ordinal++) {
            boolean doubtful = values[ordinal] instanceof ColumnValue.Null && layout.canBeSpecial(ordinal);
            row.values[ordinal] = doubtful ? null : values[ordinal];
            row.canonical[ordinal] = canonical[ordinal];
        }
        return row;
    }

    boolean has(int ordinal) {
        return values[ordinal] != null;
    }

    boolean hasAll(List<Integer> ordinals) {
        for (int ordinal : ordinals) {
            if (!has(ordinal)) {
                return false;
            }
        }
        return true;
    }

    /** The value in canonical text, or null when the column was not sent. */
    @Nullable ColumnValue get(int ordinal) {
        ColumnValue value = values[ordinal];
        if (value instanceof ColumnValue.Text(String decoded) && !canonical[ordinal]) {
            String text = canonicalText(ordinal, decoded);
            value = text.equals(decoded) ? value : new ColumnValue.Text(text);
            values[ordinal] = value;
            canonical[ordinal] = true;
        }
        return value;
    }

    private String canonicalText(int ordinal, String decoded) {
        try {
            return CanonicalValue.of(layout.type(ordinal), decoded);
        } catch (IllegalArgumentException e) {
            throw problem(
                    TransformProblem.Code.UNREPRESENTABLE_VALUE,
                    "column %s: %s".formatted(layout.name(ordinal), e.getMessage()));
        }
    }

    /** Whether these columns were sent in both states of the row with the same content. */
    boolean agreesWith(SourceRow other, List<Integer> ordinals) {
        for (int ordinal : ordinals) {
            ColumnValue value = get(ordinal);
            if (value == null || !value.equals(other.get(ordinal))) {
                return false;
            }
        }
        return true;
    }

    /** The canonical key by the contract's key columns. */
    String key() {
        String known = key;
        if (known == null) {
            known = computeKey();
            key = known;
        }
        return known;
    }

    private String computeKey() {
        Map<String, String> texts = HashMap.newHashMap(layout.keyOrdinals().size());
        for (int ordinal : layout.keyOrdinals()) {
            if (!(get(ordinal) instanceof ColumnValue.Text(String text))) {
                throw problem(
                        TransformProblem.Code.IDENTITY_MISSING,
                        "key column %s is missing or NULL".formatted(layout.name(ordinal)));
            }
            texts.put(layout.name(ordinal), text);
        }
        return CanonicalKey.json(layout.keyTypes(), texts);
    }

    TransformProblem problem(TransformProblem.Code code, String detail) {
        return new TransformProblem(code, layout.table(), changeIndex, detail);
    }
}
