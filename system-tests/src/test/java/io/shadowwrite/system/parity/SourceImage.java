package io.shadowwrite.system.parity;

import io.shadowwrite.canonical.CanonicalSql;
import io.shadowwrite.contract.ColumnType;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.verification.compile.Comparison;
import io.shadowwrite.verification.compile.Image;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the source itself says a model shall hold, by the queries of the verifier. */
record SourceImage(Database database) {

    /** The rows of all images of a model by canonical key. */
    Map<String, Map<String, @Nullable String>> rows(Comparison comparison) throws SQLException {
        Map<String, Map<String, @Nullable String>> rows = new TreeMap<>();
        try (Connection connection = RecordedChanges.connection(database).open("parity");
                Statement statement = connection.createStatement()) {
            for (Image image : comparison.sources()) {
                try (ResultSet result = statement.executeQuery(image.sql())) {
                    while (result.next()) {
                        rows.put(result.getString("k"), row(comparison, result));
                    }
                }
            }
        }
        return rows;
    }

    private static Map<String, @Nullable String> row(Comparison comparison, ResultSet result) throws SQLException {
        Map<String, @Nullable String> row = new LinkedHashMap<>();
        int position = 0;
        for (String column : comparison.columns().keySet()) {
            row.put(column, result.getString("c" + position++));
        }
        return row;
    }

    /** Spells the documents of these rows as the verifier compares them; a write carries them as the source did. */
    void spellDocuments(Comparison comparison, Map<String, Map<String, @Nullable String>> rows) throws SQLException {
        for (Map.Entry<String, ColumnType> column : comparison.columns().entrySet()) {
            switch (column.getValue().kind()) {
                case JSON, JSONB -> spell(column.getKey(), column.getValue(), List.copyOf(rows.values()));
                case BOOLEAN, INTEGER, DECIMAL, FLOAT, TEXT, BLANK_PADDED, UUID, BYTEA, DATE, TIME, TIMESTAMP -> {}
                case TIMESTAMPTZ, INTERVAL, ARRAY, OTHER -> {}
            }
        }
    }

    private void spell(String column, ColumnType type, List<Map<String, @Nullable String>> rows) throws SQLException {
        List<@Nullable String> texts = new ArrayList<>();
        rows.forEach(row -> texts.add(row.get(column)));
        String sql = "select %s from unnest(?::text[]) with ordinality as u(t, n) order by n"
                .formatted(CanonicalSql.text(type, CanonicalSql.parse(type, "u.t")));
        try (Connection connection = RecordedChanges.connection(database).open("parity");
                PreparedStatement statement = connection.prepareStatement(sql)) {
            Array array = connection.createArrayOf("text", texts.toArray());
            statement.setArray(1, array);
            try (ResultSet result = statement.executeQuery()) {
                for (Map<String, @Nullable String> row : rows) {
                    result.next();
                    row.put(column, result.getString(1));
                }
            }
        }
    }
}
