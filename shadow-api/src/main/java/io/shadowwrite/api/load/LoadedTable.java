package io.shadowwrite.api.load;

import io.shadowwrite.api.fold.ModelColumns;
import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.contract.TargetModel;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.ShadowWrite;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How rows of one model get into its table at once. A canonical text is what the server itself reads for a value, so COPY
 * takes it as it is. Immutable.
 */
final class LoadedTable {

    private final ModelColumns columns;
    private final String stage;
    private final String list;

    LoadedTable(TargetModel model) {
        this.columns = new ModelColumns(model);
        this.stage = "pg_temp." + QualifiedName.quote("loaded " + model.name());
        this.list = targets(model).stream().map(QualifiedName::quote).collect(Collectors.joining(", "));
    }

    private static List<String> targets(TargetModel model) {
        List<String> targets = new ArrayList<>(model.columns().keySet());
        switch (model) {
            case TargetModel.Scd2 scd2 -> {
                targets.add(scd2.validFrom());
                targets.add(scd2.validTo());
                if (scd2.archived() != null) {
                    targets.add(scd2.archived());
                }
            }
            case TargetModel.Crud _, TargetModel.Junction _ -> {
                // Nothing but what the contract sets.
            }
        }
        return targets;
    }

    ModelColumns columns() {
        return columns;
    }

    /**
     * One more row; answers its key.
     *
     * @param validFrom SCD2: where the first version begins
     */
    List<String> add(CopyText rows, ShadowWrite write, String validFrom) {
        List<String> key = columns.key(write.key());
        List<@Nullable String> row = columns.whole(key, write.values());
        if (row == null) {
            throw new ShadowProblem(
                    ProblemType.BROKEN_INVARIANT,
                    "a loaded row of model %s leaves out a column; give API and backfill the same contract"
                            .formatted(columns.model().name()));
        }
        row.forEach(rows::add);
        if (columns.model() instanceof TargetModel.Scd2 scd2) {
            rows.add(validFrom).add(null);
            if (scd2.archived() != null) {
                rows.add("false");
            }
        }
        rows.endRow(key);
        return key;
    }

    /** Takes the rows as they come. */
    String copy() {
        return "copy %s (%s) from stdin".formatted(columns.model().table().quoted(), list);
    }

    /** A place for rows that refer to each other until all of them are there; what else the table has, it sets by itself. */
    String createStage() {
        return "create temporary table %s on commit drop as select %s from %s with no data"
                .formatted(stage, list, columns.model().table().quoted());
    }

    String copyToStage() {
        return "copy %s (%s) from stdin".formatted(stage, list);
    }

    /** One statement, at whose end references are checked. */
    String insertFromStage() {
        return "insert into %1$s (%2$s) select %2$s from %3$s"
                .formatted(columns.model().table().quoted(), list, stage);
    }
}
