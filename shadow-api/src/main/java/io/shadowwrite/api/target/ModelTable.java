package io.shadowwrite.api.target;

import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.database.SqlArrays;
import io.shadowwrite.api.fold.Found;
import io.shadowwrite.api.fold.ModelColumns;
import io.shadowwrite.api.fold.Plan;
import io.shadowwrite.api.fold.Version;
import io.shadowwrite.contract.TargetModel;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The table of one model: a few statements per batch, however many rows. Runs in the caller's transaction. Thread-safe.
 */
public final class ModelTable {

    private final ModelColumns columns;
    private final JdbcClient jdbc;
    private final String findLight;
    private final String findWithRow;
    private final Statements statements;

    private sealed interface Statements {

        record Versioned(String close, String insert, String amend, String discard, boolean hasArchived)
                implements Statements {}

        record InPlace(String upsert, String delete) implements Statements {}
    }

    public ModelTable(TargetModel model, ShadowDatabase database) {
        this.columns = new ModelColumns(model);
        this.jdbc = database.jdbc();
        ModelSql sql = new ModelSql(columns);
        this.findLight = sql.find(false);
        this.findWithRow = sql.find(true);
        this.statements = switch (model) {
            case TargetModel.Scd2 scd2 ->
                new Statements.Versioned(
                        sql.close(scd2),
                        sql.insertVersions(scd2),
                        sql.amend(scd2),
                        sql.delete(scd2.validTo()),
                        scd2.archived() != null);
            case TargetModel.Crud _, TargetModel.Junction _ -> new Statements.InPlace(sql.upsert(), sql.delete(null));
        };
    }

    public ModelColumns columns() {
        return columns;
    }

    /** Adds to {@code found} what the table holds for the keys. */
    public void find(List<List<String>> keys, boolean withRow, Map<List<String>, Found> found) {
        if (keys.isEmpty()) {
            return;
        }
        JdbcClient.StatementSpec statement = jdbc.sql(withRow ? findWithRow : findLight);
        bind(statement, keys, columns.model().key().size()).query(row -> {
            found.put(keys.get(row.getInt("ord") - 1), found(row, withRow));
        });
    }

    private Found found(ResultSet row, boolean withRow) throws SQLException {
        long until = row.getLong("until_micros");
        @Nullable Long untilOrNull = row.wasNull() ? null : until;
        return new Found(
                row.getBoolean("open"),
                row.getBoolean("archived"),
                row.getLong("from_micros"),
                untilOrNull,
                withRow ? texts(row) : null);
    }

    private List<@Nullable String> texts(ResultSet row) throws SQLException {
        List<@Nullable String> texts = new ArrayList<>(columns.names().size());
        for (String name : columns.names()) {
            texts.add(row.getString("row." + name));
        }
        return texts;
    }

    /** Everything of a plan but its deletions. */
    public void write(Plan plan) {
        switch (statements) {
            case Statements.Versioned versioned -> {
                close(versioned, plan.closings());
                amend(versioned, plan.amendments());
                run(versioned.discard(), plan.discards(), columns.model().key().size());
                insert(versioned, plan.versions());
            }
            case Statements.InPlace inPlace ->
                run(inPlace.upsert(), plan.upserts(), columns.names().size());
        }
    }

    /** The deletions of a plan. */
    public void delete(Plan plan) {
        if (statements instanceof Statements.InPlace inPlace) {
            run(inPlace.delete(), plan.deletes(), columns.model().key().size());
        }
    }

    private void close(Statements.Versioned versioned, List<Plan.Closing> closings) {
        List<List<@Nullable String>> rows = new ArrayList<>(closings.size());
        for (Plan.Closing closing : closings) {
            List<@Nullable String> row = new ArrayList<>(closing.key());
            row.add(time(closing.untilMicros()));
            rows.add(row);
        }
        int closed = run(versioned.close(), rows, columns.model().key().size() + 1);
        if (closed < closings.size()) {
            throw new ShadowProblem(
                    ProblemType.BROKEN_INVARIANT,
                    "%d current version(s) of model %s disappeared while the batch was applied; somebody else writes the table"
                            .formatted(closings.size() - closed, columns.model().name()));
        }
    }

    private void insert(Statements.Versioned versioned, List<Version> versions) {
        List<List<@Nullable String>> rows = new ArrayList<>(versions.size());
        for (Version version : versions) {
            List<@Nullable String> row = new ArrayList<>(columns.names().size() + 3);
            row.addAll(version.row());
            row.add(time(version.fromMicros()));
            row.add(version.untilMicros() == null ? null : time(version.untilMicros()));
            if (versioned.hasArchived()) {
                row.add(String.valueOf(version.archived()));
            }
            rows.add(row);
        }
        run(versioned.insert(), rows, columns.names().size() + (versioned.hasArchived() ? 3 : 2));
    }

    private void amend(Statements.Versioned versioned, List<Plan.Amendment> amendments) {
        List<List<@Nullable String>> rows = new ArrayList<>(amendments.size());
        for (Plan.Amendment amendment : amendments) {
            List<@Nullable String> row = new ArrayList<>(amendment.row());
            if (versioned.hasArchived()) {
                row.add(String.valueOf(amendment.archived()));
            }
            rows.add(row);
        }
        run(versioned.amend(), rows, columns.names().size() + (versioned.hasArchived() ? 1 : 0));
    }

    private int run(String sql, Collection<? extends List<? extends @Nullable String>> rows, int width) {
        return rows.isEmpty() ? 0 : bind(jdbc.sql(sql), rows, width).update();
    }

    /** Rows become columns: one array parameter each. */
    private static JdbcClient.StatementSpec bind(
            JdbcClient.StatementSpec statement,
            Collection<? extends List<? extends @Nullable String>> rows,
            int width) {
        JdbcClient.StatementSpec bound = statement;
        for (int column = 0; column < width; column++) {
            List<@Nullable String> values = new ArrayList<>(rows.size());
            for (List<? extends @Nullable String> row : rows) {
                values.add(row.get(column));
            }
            bound = bound.param(SqlArrays.text(values));
        }
        return bound;
    }

    private static String time(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
    }
}
