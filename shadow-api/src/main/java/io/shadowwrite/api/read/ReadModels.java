package io.shadowwrite.api.read;

import io.shadowwrite.api.database.ReadDatabase;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import java.util.LinkedHashMap;
import java.util.Map;

/** The models of the contract by kind and name. */
final class ReadModels {

    private final Map<String, ReadModel> byName = new LinkedHashMap<>();

    /** Looks at the indexes of the target. */
    ReadModels(Contract contract, ReadDatabase database) {
        database.inSnapshot(database.limits().statementTimeout(), () -> {
            contract.models()
                    .forEach((name, model) ->
                            byName.put(name, new ReadModel(model, new RowSql(model, KeyOrder.of(model, database)))));
            return byName;
        });
    }

    /**
     * The model that a path names.
     *
     * @throws ShadowProblem MODEL_UNKNOWN, also when the model is of the other kind
     */
    ReadModel find(String kind, String name) {
        ReadModel model = byName.get(name);
        if (model == null) {
            throw unknown("the contract of this API has no model '%s'; it has %s".formatted(name, byName.keySet()));
        }
        if (!model.kind().path().equals(kind)) {
            throw unknown("model %s is read under /shadow/read/%s/%s, not under '%s'"
                    .formatted(name, model.kind().path(), name, kind));
        }
        return model;
    }

    private static ShadowProblem unknown(String detail) {
        return new ShadowProblem(ProblemType.MODEL_UNKNOWN, detail);
    }
}
