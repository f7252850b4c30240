package io.shadowwrite.contract;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What every source row becomes in the target: the one description that all programs share. Immutable and complete; made
 * only by {@link ContractReader}, so every name in it resolves.
 *
 * @param name the migration's name
 * @param sha256 lower-case hex digest of the file's bytes; programs with different digests refuse to work together
 * @param sources every source table by name, in file order
 * @param models every target model by name, parents before children as far as references tell
 */
public record Contract(
        String name, String sha256, Map<QualifiedName, SourceTable> sources, Map<String, TargetModel> models) {

    public Contract {
        sources = Ordered.copyOf(sources);
        models = Ordered.copyOf(models);
    }

    /** What the contract says of a source table; null when it says nothing, which is drift and not a default. */
    public @Nullable SourceTable source(QualifiedName table) {
        return sources.get(table);
    }

    /**
     * A model by name.
     *
     * @throws IllegalArgumentException when there is none
     */
    public TargetModel model(String modelName) {
        TargetModel model = models.get(modelName);
        if (model == null) {
            throw new IllegalArgumentException("the contract has no model '%s'".formatted(modelName));
        }
        return model;
    }
}
