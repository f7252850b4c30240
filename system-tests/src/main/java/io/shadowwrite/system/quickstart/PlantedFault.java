package io.shadowwrite.system.quickstart;

import io.shadowwrite.contract.ColumnType;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.contract.TargetModel;
import io.shadowwrite.testsupport.Database;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One value of one current target row, changed behind the suite's back, as a hurried hand might do it.
 *
 * @param model the model of the row
 * @param column the changed column
 * @param row the row's physical address, valid while nobody else writes it
 * @param before the value to put back
 */
record PlantedFault(TargetModel.Scd2 model, String column, String row, String before) {

    /** Changes one text value of the first SCD2 model that has a current row. */
    static PlantedFault plant(Contract contract, Database target) {
        for (TargetModel model : contract.models().values()) {
            if (model instanceof TargetModel.Scd2 scd2) {
                for (Map.Entry<String, ColumnType> column : scd2.columns().entrySet()) {
                    if (column.getValue().kind() == ColumnType.Kind.TEXT
                            && !scd2.key().contains(column.getKey())) {
                        String row = aCurrentRow(scd2, column.getKey(), target);
                        if (row != null) {
                            return change(scd2, column.getKey(), row, target);
                        }
                    }
                }
            }
        }
        throw new IllegalStateException("no SCD2 model of the contract has a current row with a text value");
    }

    /** An archived version is history, even though nothing has ended it. */
    private static @Nullable String aCurrentRow(TargetModel.Scd2 model, String column, Database target) {
        String archived = model.archived();
        return target.queryForString(
                "SELECT max(ctid::text) FROM (SELECT ctid FROM %s WHERE %s IS NULL AND %s IS NOT NULL%s LIMIT 1) AS one"
                        .formatted(
                                model.table().quoted(),
                                QualifiedName.quote(model.validTo()),
                                QualifiedName.quote(column),
                                archived == null ? "" : " AND NOT " + QualifiedName.quote(archived)));
    }

    private static PlantedFault change(TargetModel.Scd2 model, String column, String row, Database target) {
        String before = Objects.requireNonNull(target.queryForString(
                "SELECT %s FROM %s WHERE ctid = ?::tid"
                        .formatted(QualifiedName.quote(column), model.table().quoted()),
                row));
        String after = Objects.requireNonNull(target.queryForString(
                "UPDATE %1$s SET %2$s = CASE %2$s WHEN 'x' THEN 'y' ELSE 'x' END WHERE ctid = ?::tid RETURNING ctid::text"
                        .formatted(model.table().quoted(), QualifiedName.quote(column)),
                row));
        return new PlantedFault(model, column, after, before);
    }

    /** Puts the value back. */
    void repair(Database target) {
        target.queryForString(
                "UPDATE %s SET %s = ? WHERE ctid = ?::tid RETURNING ctid::text"
                        .formatted(model.table().quoted(), QualifiedName.quote(column)),
                before,
                row);
    }
}
