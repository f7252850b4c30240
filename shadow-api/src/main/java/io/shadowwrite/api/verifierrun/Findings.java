package io.shadowwrite.api.verifierrun;

import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.database.SqlArrays;
import io.shadowwrite.protocol.Finding;
import io.shadowwrite.protocol.FindingClass;
import io.shadowwrite.protocol.FindingPage;
import io.shadowwrite.protocol.FindingSummary;
import io.shadowwrite.protocol.WireJson;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** Writes and reads {@code shadow.finding}. Thread-safe. */
public final class Findings {

    private static final String INSERT = """
            insert into shadow.finding (run_id, ordinal, finding_class, source_table, model, target_key, columns,
                                        source_image, target_image, original_class, signature)
            select ?::uuid, f.ordinal, f.finding_class, f.source_table, f.model, f.target_key,
                   array(select jsonb_array_elements_text(f.columns::jsonb)), f.source_image::jsonb, f.target_image::jsonb,
                   f.original_class, f.signature
              from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[])
                   with ordinality
                   as f(finding_class, source_table, model, target_key, columns, source_image, target_image, original_class,
                        signature, ordinal)
            """;

    private static final String PAGE = """
            select ordinal, finding_class, source_table, model, target_key, columns, original_class
              from shadow.finding
             where run_id = :run
               and ordinal > :after
               and (:class::text is null or finding_class = :class)
               and (:model::text is null or model = :model)
             order by ordinal
             limit :limit
            """;

    private static final String ONE = """
            select finding_class, source_table, model, target_key, columns, source_image, target_image, original_class,
                   signature
              from shadow.finding
             where run_id = ?
               and ordinal = ?
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
                .param(SqlArrays.text(
                        findings.stream().map(one -> name(one.originalClass())).toList()))
                .param(SqlArrays.text(findings.stream().map(Finding::signature).toList()))
                .update();
    }

    private static @Nullable String name(@Nullable FindingClass findingClass) {
        return findingClass == null ? null : findingClass.name();
    }

    private static @Nullable FindingClass named(@Nullable String name) {
        return name == null ? null : FindingClass.valueOf(name);
    }

    private static @Nullable String json(@Nullable Object value) {
        return value == null ? null : WireJson.mapper().writeValueAsString(value);
    }

    FindingPage page(UUID runId, int limit, int after, @Nullable FindingClass findingClass, @Nullable String model) {
        List<FindingSummary> found = database.jdbc()
                .sql(PAGE)
                .param("run", runId)
                .param("after", after)
                .param("class", findingClass == null ? null : findingClass.name())
                .param("model", model)
                .param("limit", limit + 1)
                .query((row, _) -> summary(row))
                .list();
        boolean more = found.size() > limit;
        List<FindingSummary> page = more ? found.subList(0, limit) : found;
        return new FindingPage(page, more ? page.getLast().ordinal() : null);
    }

    private static FindingSummary summary(ResultSet row) throws SQLException {
        return new FindingSummary(
                row.getInt("ordinal"),
                FindingClass.valueOf(row.getString("finding_class")),
                row.getString("source_table"),
                row.getString("model"),
                row.getString("target_key"),
                columns(row),
                named(row.getString("original_class")));
    }

    Optional<Finding> one(UUID runId, int ordinal) {
        return database.jdbc()
                .sql(ONE)
                .param(runId)
                .param(ordinal)
                .query((row, _) -> read(row))
                .optional();
    }

    private static Finding read(ResultSet row) throws SQLException {
        return new Finding(
                FindingClass.valueOf(row.getString("finding_class")),
                row.getString("source_table"),
                row.getString("model"),
                row.getString("target_key"),
                columns(row),
                image(row.getString("source_image")),
                image(row.getString("target_image")),
                named(row.getString("original_class")),
                row.getString("signature"));
    }

    private static List<String> columns(ResultSet row) throws SQLException {
        return Arrays.asList((String[]) row.getArray("columns").getArray());
    }

    private static @Nullable Map<String, @Nullable String> image(@Nullable String json) {
        return json == null ? null : WireJson.mapper().readValue(json, IMAGE);
    }
}
