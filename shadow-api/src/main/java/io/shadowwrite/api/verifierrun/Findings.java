package io.shadowwrite.api.verifierrun;

import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.database.SqlArrays;
import io.shadowwrite.protocol.Finding;
import io.shadowwrite.protocol.FindingClass;
import io.shadowwrite.protocol.WireJson;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** Writes and reads {@code shadow.finding}. Thread-safe. */
public final class Findings {

    private static final String INSERT = """
            insert into shadow.finding (run_id, ordinal, finding_class, source_table, model, target_key, columns,
                                        source_image, target_image)
            select ?::uuid, f.ordinal, f.finding_class, f.source_table, f.model, f.target_key,
                   array(select jsonb_array_elements_text(f.columns::jsonb)), f.source_image::jsonb, f.target_image::jsonb
              from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[]) with ordinality
                   as f(finding_class, source_table, model, target_key, columns, source_image, target_image, ordinal)
            """;

    private static final String SELECT = """
            select finding_class, source_table, model, target_key, columns, source_image, target_image
              from shadow.finding
             where run_id = ?
             order by ordinal
            """;

    private static final TypeReference<Map<String, @Nullable String>> IMAGE = new TypeReference<>() {};

    private final ShadowDatabase database;

    public Findings(ShadowDatabase database) {
        this.database = database;
    }

    void store(UUID runId, List<Finding> findings) {
        if (findings.isEmpty()) {
            return;
        }
        database.jdbc()
                .sql(INSERT)
                .param(runId)
                .param(SqlArrays.text(
                        findings.stream().map(one -> one.findingClass().name()).toList()))
                .param(SqlArrays.text(
                        findings.stream().map(Finding::sourceTable).toList()))
                .param(SqlArrays.text(findings.stream().map(Finding::model).toList()))
                .param(SqlArrays.text(findings.stream().map(Finding::targetKey).toList()))
                .param(SqlArrays.text(
                        findings.stream().map(one -> json(one.columns())).toList()))
                .param(SqlArrays.text(
                        findings.stream().map(one -> json(one.sourceImage())).toList()))
                .param(SqlArrays.text(
                        findings.stream().map(one -> json(one.targetImage())).toList()))
                .update();
    }

    private static @Nullable String json(@Nullable Object value) {
        return value == null ? null : WireJson.mapper().writeValueAsString(value);
    }

    List<Finding> of(UUID runId) {
        return database.jdbc()
                .sql(SELECT)
                .param(runId)
                .query((row, _) -> read(row))
                .list();
    }

    private static Finding read(ResultSet row) throws SQLException {
        return new Finding(
                FindingClass.valueOf(row.getString("finding_class")),
                row.getString("source_table"),
                row.getString("model"),
                row.getString("target_key"),
                Arrays.asList((String[]) row.getArray("columns").getArray()),
                image(row.getString("source_image")),
                image(row.getString("target_image")));
    }

    private static @Nullable Map<String, @Nullable String> image(@Nullable String json) {
        return json == null ? null : WireJson.mapper().readValue(json, IMAGE);
    }
}
