package io.shadowwrite.api.fold;

import io.shadowwrite.contract.ColumnType;
import io.shadowwrite.contract.TargetModel;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The written columns of a model by position: key columns and the rest, in contract order. A row is an array of canonical
 * texts in this order.
 */
public final class ModelColumns {

    private final TargetModel model;
    private final List<String> names;
    private final Map<String, Integer> settable = new HashMap<>();
    private final Map<String, ColumnType> keyTypes = new LinkedHashMap<>();
    private final Set<String> keyNames;
    private final int[] keyPositions;

    public ModelColumns(TargetModel model) {
        this.model = model;
        this.names = List.copyOf(model.columns().keySet());
        model.key().forEach(name -> keyTypes.put(name, type(name)));
        this.keyNames = Set.copyOf(model.key());
        for (int i = 0; i < names.size(); i++) {
            if (!keyNames.contains(names.get(i))) {
                settable.put(names.get(i), i);
            }
        }
        this.keyPositions = model.key().stream().mapToInt(names::indexOf).toArray();
    }

    public TargetModel model() {
        return model;
    }

    /** Every written column. */
    public List<String> names() {
        return names;
    }

    public ColumnType type(String column) {
        ColumnType type = model.columns().get(column);
        if (type == null) {
            throw new IllegalArgumentException("model %s has no column %s".formatted(model.name(), column));
        }
        return type;
    }

    /** Key columns with their types, in contract order. */
    public Map<String, ColumnType> keyTypes() {
        return keyTypes;
    }

    /**
     * The key's values in contract order.
     *
     * @throws ShadowProblem BROKEN_INVARIANT when it does not consist of exactly the key columns
     */
    public List<String> key(Map<String, String> key) {
        String[] values = new String[keyPositions.length];
        for (int i = 0; i < values.length; i++) {
            String value = key.get(names.get(keyPositions[i]));
            if (value == null || key.size() != values.length) {
                throw broken("a key of %s has the columns %s, not %s".formatted(model.name(), keyNames, key.keySet()));
            }
            values[i] = value;
        }
        return List.of(values);
    }

    /** The row that a write makes, or null when it leaves out at least one column. */
    public @Nullable List<@Nullable String> whole(List<String> key, Map<String, @Nullable String> values) {
        if (isPartial(values)) {
            return null;
        }
        return filled(new @Nullable String[names.size()], key, values);
    }

    /** Whether the write leaves out at least one column. */
    public boolean isPartial(Map<String, @Nullable String> values) {
        return values.size() < names.size() - keyNames.size();
    }

    /**
     * The full row after a write: what it sets, over what was there.
     *
     * @param base the row before; null when there was none
     * @return null in place of the row when a column is neither set nor known, then see {@link #firstMissing}
     */
    @Nullable List<@Nullable String> merge(
            List<String> key, Map<String, @Nullable String> values, @Nullable List<@Nullable String> base) {
        if (base == null && isPartial(values)) {
            return null;
        }
        return filled(
                base == null ? new @Nullable String[names.size()] : base.toArray(new @Nullable String[0]), key, values);
    }

    private List<@Nullable String> filled(
            @Nullable String[] row, List<String> key, Map<String, @Nullable String> values) {
        for (Map.Entry<String, @Nullable String> value : values.entrySet()) {
            row[settable(value.getKey())] = value.getValue();
        }
        for (int i = 0; i < keyPositions.length; i++) {
            row[keyPositions[i]] = key.get(i);
        }
        return Arrays.asList(row);
    }

    /** The first column that a partial write leaves out. */
    String firstMissing(Map<String, @Nullable String> values) {
        return names.stream()
                .filter(name -> !keyNames.contains(name) && !values.containsKey(name))
                .findFirst()
                .orElseThrow();
    }

    /** Refuses, as BROKEN_INVARIANT, a write that names a column which the contract does not let it set. */
    public void check(Map<String, @Nullable String> values) {
        values.keySet().forEach(this::settable);
    }

    private int settable(String name) {
        Integer position = settable.get(name);
        if (position == null) {
            throw broken("the contract has no settable column %s in model %s".formatted(name, model.name()));
        }
        return position;
    }

    private static ShadowProblem broken(String detail) {
        return new ShadowProblem(ProblemType.BROKEN_INVARIANT, detail);
    }
}
