package io.shadowwrite.api.write;

import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.target.ModelTable;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The tables of all models of the contract, parents before children. Thread-safe. */
public final class TargetTables {

    private final Map<String, ModelTable> tables = new LinkedHashMap<>();

    public TargetTables(Contract contract, ShadowDatabase database) {
        contract.models().forEach((name, model) -> tables.put(name, new ModelTable(model, database)));
    }

    Collection<ModelTable> inOrder() {
        return tables.values();
    }

    Set<String> names() {
        return tables.keySet();
    }

    ModelTable of(String model) {
        ModelTable table = tables.get(model);
        if (table == null) {
            throw new ShadowProblem(
                    ProblemType.BROKEN_INVARIANT,
                    "the contract has no model %s; give API and consumer the same contract".formatted(model));
        }
        return table;
    }
}
