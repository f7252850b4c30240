package io.shadowwrite.verification.race;

import io.shadowwrite.verification.compile.Comparison;
import io.shadowwrite.verification.compile.Image;
import io.shadowwrite.verification.session.Sessions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The source rows that, in the source snapshot, make the target rows of suspects. The key map of the target does not know
 * all of them: a source row that was given another target key meanwhile is mapped to that one only.
 */
final class Origins {

    private final Sessions source;
    private final List<Comparison> keyMap;

    Origins(Sessions source, List<Comparison> keyMap) {
        this.source = source;
        this.keyMap = keyMap;
    }

    /** Reads each source table of the suspects' models once. */
    List<SourceRow> of(List<Suspect> suspects) {
        List<SourceRow> rows = new ArrayList<>();
        Map<String, Map<String, List<Integer>>> byModel = new HashMap<>();
        for (int i = 0; i < suspects.size(); i++) {
            Suspect suspect = suspects.get(i);
            if (suspect.isOfKeyMap()) {
                String table = suspect.comparison().sourceTables();
                rows.add(new SourceRow(i, table, suspect.finding().targetKey()));
            } else {
                byModel.computeIfAbsent(suspect.comparison().model(), _ -> new HashMap<>())
                        .computeIfAbsent(suspect.finding().targetKey(), _ -> new ArrayList<>())
                        .add(i);
            }
        }
        for (Comparison comparison : keyMap) {
            Map<String, List<Integer>> byTargetKey = byModel.getOrDefault(comparison.model(), Map.of());
            if (!byTargetKey.isEmpty()) {
                comparison.sources().forEach(image -> rows.addAll(read(image, byTargetKey)));
            }
        }
        return rows;
    }

    private List<SourceRow> read(Image image, Map<String, List<Integer>> byTargetKey) {
        return source.read(image.table(), connection -> read(connection, image, byTargetKey));
    }

    private static List<SourceRow> read(Connection connection, Image image, Map<String, List<Integer>> byTargetKey)
            throws SQLException {
        String sql = "select i.k, i.c0 from (" + image.sql() + ") as i where i.c0 = any (?)";
        List<SourceRow> found = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(
                    1, connection.createArrayOf("text", byTargetKey.keySet().toArray()));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    String key = rows.getString(1);
                    for (int suspect : byTargetKey.getOrDefault(rows.getString(2), List.of())) {
                        found.add(new SourceRow(suspect, image.table(), key));
                    }
                }
            }
        }
        return found;
    }
}
