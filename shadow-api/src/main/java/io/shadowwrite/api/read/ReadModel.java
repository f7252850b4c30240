package io.shadowwrite.api.read;

import io.shadowwrite.contract.TargetModel;
import io.shadowwrite.protocol.ReadKind;
import io.shadowwrite.protocol.RowVersion;
import io.shadowwrite.protocol.TargetRow;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A model with its queries. */
record ReadModel(TargetModel model, RowSql sql) {

    String name() {
        return model.name();
    }

    ReadKind kind() {
        return switch (model) {
            case TargetModel.Scd2 _ -> ReadKind.SCD;
            case TargetModel.Crud _, TargetModel.Junction _ -> ReadKind.CRUD;
        };
    }

    Digests.Subject hashed() {
        return new Digests.Subject(name(), sql.hashed(), List.of());
    }

    /**
     * A row without its last event.
     *
     * @param first the column of the key
     */
    TargetRow read(ResultSet row, int first) throws SQLException {
        int column = first;
        String key = Objects.requireNonNull(row.getString(column++));
        Map<String, @Nullable String> values = new LinkedHashMap<>();
        for (String name : sql.plain()) {
            values.put(name, row.getString(column++));
        }
        RowVersion version = model instanceof TargetModel.Scd2
                ? new RowVersion(
                        Objects.requireNonNull(row.getString(column)),
                        row.getString(column + 1),
                        row.getBoolean(column + 2))
                : null;
        return new TargetRow(key, values, version, null);
    }
}
