package io.shadowwrite.api.fold;

import io.shadowwrite.contract.ColumnType;
import io.shadowwrite.contract.TargetModel;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import java.util.ArrayList;
import java.util.Collections;
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
    private final Map<String, Integer> positions = new LinkedHashMap<>();
    private final Map<String, ColumnType> keyTypes = new LinkedHashMap<>();
    private final Set<String> keyNames;

    public ModelColumns(TargetModel model) {
        this.model = model;
        this.names = List.copyOf(model.columns().keySet());
        names.forEach(name -> positions.put(name, positions.size()));
        model.key().forEach(name -> keyTypes.put(name, type(name)));
        this.keyNames = Set.copyOf(model.key());
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
        if (!key.keySet().equals(keyNames)) {
            throw broken("a key of %s has the columns %s, not %s".formatted(model.name(), keyNames, key.keySet()));
        }
        List<String> values = new ArrayList<>(keyNames.size());
        for (String name : model.key()) {
            values.add(key.get(name));
        }
        return values;
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
        List<@Nullable String> row =
                base == null ? new ArrayList<>(Collections.nCopies(names.size(), null)) : new ArrayList<>(base);
        values.forEach((name, value) -> row.set(position(name), value));
        int next = 0;
        for (String name : model.key()) {
            row.set(position(name), key.get(next++));
        }
        return row;
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
        for (String name : values.keySet()) {
            if (!positions.containsKey(name) || keyNames.contains(name)) {
                throw broken("the contract has no settable column %s in model %s".formatted(name, model.name()));
            }
        }
    }

    private int position(String name) {
        Integer position = positions.get(name);
        if (position == null) {
            throw broken("model %s has no column %s".formatted(model.name(), name));
        }
        return position;
    }

    private static ShadowProblem broken(String detail) {
        return new ShadowProblem(ProblemType.BROKEN_INVARIANT, detail);
    }
}
