package io.shadowwrite.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Whether the columns of a live table are those that a contract describes. */
public final class ColumnFit {

    private ColumnFit() {}

    /**
     * Where they differ, one line each; none when every column of the one is there in the other with the same type.
     *
     * @param live types by column name, as {@code format_type} spells them without a search path
     */
    public static List<String> problems(SourceTable.Mapped table, Map<String, String> live) {
        List<String> problems = new ArrayList<>();
        table.columns().forEach((name, type) -> {
            String actual = live.get(name);
            if (actual == null) {
                problems.add("%s has no column %s; take it out of the contract".formatted(table.name(), name));
            } else if (!spelledAsInAContract(actual).equals(type.sql())) {
                problems.add("%s.%s is of type %s, the contract says %s"
                        .formatted(table.name(), name, spelledAsInAContract(actual), type.sql()));
            }
        });
        live.forEach((name, type) -> {
            if (!table.columns().containsKey(name)) {
                problems.add(
                        "%s has a column %s (%s) that the contract does not name".formatted(table.name(), name, type));
            }
        });
        return problems;
    }

    private static String spelledAsInAContract(String type) {
        try {
            return ColumnType.parse(type).sql();
        } catch (IllegalArgumentException noSuchSpelling) {
            return type;
        }
    }
}
