package io.shadowwrite.system.kills;

import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.Expression;
import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.contract.SourceTable;
import io.shadowwrite.contract.TargetModel;
import io.shadowwrite.contract.Write;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The columns that one model with versions takes over from one source table as they are, so that a row can be recognised on
 * both sides without anybody's transformation.
 *
 * @param whole every row of the table becomes one of the model
 * @param columns source column by target column, never empty
 */
record Copies(SourceTable.Mapped table, TargetModel.Scd2 model, boolean whole, Map<String, String> columns) {

    /** Every pair of table and model that has such columns. */
    static List<Copies> in(Contract contract) {
        List<Copies> all = new ArrayList<>();
        for (SourceTable source : contract.sources().values()) {
            if (source instanceof SourceTable.Mapped table) {
                table.writes().forEach(write -> addTo(all, table, write));
            }
        }
        return all;
    }

    private static void addTo(List<Copies> all, SourceTable.Mapped table, Write write) {
        if (!(write.model() instanceof TargetModel.Scd2 model)) {
            return;
        }
        Map<String, String> columns = new LinkedHashMap<>();
        write.values().forEach((column, value) -> {
            if (value instanceof Expression.Column copy
                    && copy.cast() == null
                    && copy.type().equals(model.columns().get(column))) {
                columns.put(column, copy.name());
            }
        });
        if (!columns.isEmpty()) {
            all.add(new Copies(table, model, write.condition() == null, columns));
        }
    }

    /** The digest of a source row. */
    String sourceImage(String row) {
        return image(columns.values(), row);
    }

    /** The same digest of a version. */
    String targetImage(String row) {
        return image(columns.keySet(), row);
    }

    private static String image(Iterable<String> columns, String row) {
        List<String> texts = new ArrayList<>();
        columns.forEach(column -> texts.add("coalesce(%s.%s::text, '~')".formatted(row, QualifiedName.quote(column))));
        return texts.stream().collect(Collectors.joining(", ", "md5(concat_ws('|', ", "))"));
    }
}
