package io.shadowwrite.system.parity;

import static java.util.Objects.requireNonNull;

import io.shadowwrite.canonical.CanonicalKey;
import io.shadowwrite.contract.ColumnType;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.TargetModel;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.ShadowWrite;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The current rows of every model by their canonical key, kept by applying writes as a target would. */
final class Mirror {

    private final Contract contract;
    private final Map<String, Map<String, Map<String, @Nullable String>>> rows = new HashMap<>();

    Mirror(Contract contract) {
        this.contract = contract;
    }

    /** What a model holds now. */
    Map<String, Map<String, @Nullable String>> rows(String model) {
        return rows.computeIfAbsent(model, _ -> new TreeMap<>());
    }

    void apply(ChangeWrites change) {
        Map<String, Map<String, @Nullable String>> removed = new HashMap<>();
        for (ShadowWrite write : change.writes()) {
            TargetModel model = contract.model(write.model());
            Map<String, Map<String, @Nullable String>> current = rows(model.name());
            String key = keyJson(model, write.key());
            switch (write.action()) {
                case REMOVE -> {
                    Map<String, @Nullable String> row = current.remove(key);
                    if (row != null) {
                        removed.put(model.name() + key, row);
                    }
                }
                case UPSERT -> {
                    Map<String, @Nullable String> base = write.carryFrom() == null
                            ? current.get(key)
                            : removed.get(model.name() + keyJson(model, write.carryFrom()));
                    current.put(key, merged(model, base, write.values()));
                }
            }
        }
    }

    private static Map<String, @Nullable String> merged(
            TargetModel model, @Nullable Map<String, @Nullable String> base, Map<String, @Nullable String> values) {
        Map<String, @Nullable String> row = base == null ? new LinkedHashMap<>() : new LinkedHashMap<>(base);
        row.putAll(values);
        if (row.size() != model.columns().size() - model.key().size()) {
            throw new AssertionError("model %s has a row with %s only".formatted(model.name(), row.keySet()));
        }
        return row;
    }

    private static String keyJson(TargetModel model, Map<String, String> key) {
        Map<String, ColumnType> types = new LinkedHashMap<>();
        model.key()
                .forEach(name -> types.put(name, requireNonNull(model.columns().get(name))));
        return CanonicalKey.json(types, key);
    }
}
