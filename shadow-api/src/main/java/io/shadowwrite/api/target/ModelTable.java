package io.shadowwrite.api.target;

import io.shadowwrite.api.database.ArrayColumn;
import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.fold.Found;
import io.shadowwrite.api.fold.ModelColumns;
import io.shadowwrite.api.fold.Plan;
import io.shadowwrite.api.fold.RowState;
import io.shadowwrite.api.fold.Version;
import io.shadowwrite.contract.TargetModel;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The table of one model: a few statements per batch, however many rows. Runs in the caller's transaction. Thread-safe.
 */
public final class ModelTable {

    /** Columns of ours that {@link ModelSql#find} yields first. */
    private static final int BEFORE_COLUMNS = 5;

    private final ModelColumns columns;
    private final JdbcClient jdbc;
    private final String findLight;
    private final String findWithRow;
    private final Statements statements;

    private sealed interface Statements {

        record Versioned(
                String closeAhead,
                String close,
                String reopen,
                String insert,
                String amend,
                String discard,
                boolean hasArchived)
                implements Statements {}

        record InPlace(String overwrite, String upsert, String delete) implements Statements {}
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
                        sql.closeAhead(scd2),
                        sql.close(scd2),
                        sql.reopen(scd2),
                        sql.insertVersions(scd2),
                        sql.amend(scd2),
                        sql.delete(scd2.validTo()),
                        scd2.archived() != null);
            case TargetModel.Crud _, TargetModel.Junction _ ->
                new Statements.InPlace(sql.overwrite(), sql.upsert(), sql.delete(null));
        };
    }

    public ModelColumns columns() {
        return columns;
    }

    /** Reads what the table holds for these rows; all of them, or none, need their values. */
    public void find(List<RowState> rows, boolean withRow) {
        if (rows.isEmpty()) {
            return;
        }
        ArrayColumn[] parameters = keys(ArrayColumn.integers());
        for (int ord = 0; ord < rows.size(); ord++) {
            add(parameters, rows.get(ord).key());
            parameters[keyCount()].add(ord);
        }
        statement(withRow ? findWithRow : findLight, parameters).query(row -> {
            rows.get(row.getInt(1)).found(found(row, withRow));
        });
    }

    private Found found(ResultSet row, boolean withRow) throws SQLException {
        long until = row.getLong(5);
        @Nullable Long untilOrNull = row.wasNull() ? null : until;
        return new Found(
                row.getBoolean(2), row.getBoolean(3), row.getLong(4), untilOrNull, withRow ? texts(row) : null);
    }

    private List<@Nullable String> texts(ResultSet row) throws SQLException {
        List<@Nullable String> texts = new ArrayList<>(columns.names().size());
        for (int i = 0; i < columns.names().size(); i++) {
            texts.add(row.getString(BEFORE_COLUMNS + 1 + i));
        }
        return texts;
    }

    /** Ends the current version of each row where its first new one begins; those for which that cannot be done are left. */
    public List<RowState> closeAhead(List<RowState> rows) {
        if (rows.isEmpty() || !(statements instanceof Statements.Versioned versioned)) {
            return rows;
        }
        ArrayColumn[] parameters = keys(ArrayColumn.integers(), ArrayColumn.timestamps());
        for (int ord = 0; ord < rows.size(); ord++) {
            add(parameters, rows.get(ord).key());
            parameters[keyCount()].add(ord);
            parameters[keyCount() + 1].addMicros(rows.get(ord).firstMicros());
        }
        BitSet done = ords(versioned.closeAhead(), parameters);
        done.stream().forEach(ord -> rows.get(ord).closedAhead());
        return without(rows, done);
    }

    /** Whether the rows of a plan may be overwritten without being looked for first. */
    public boolean overwrites() {
        return columns.model() instanceof TargetModel.Crud && columns.names().size() > keyCount();
    }

    /** Everything of a plan but its deletions. */
    public void write(Plan plan) {
        switch (statements) {
            case Statements.Versioned versioned -> {
                close(versioned, plan.closings());
                amend(versioned, plan.amendments());
                runKeys(versioned.discard(), plan.discards());
                runUntil(versioned.reopen(), plan.reopenings());
                insert(versioned, plan.versions());
            }
            case Statements.InPlace inPlace -> {
                overwrite(inPlace, plan.overwrites());
                upsert(inPlace, plan.upserts());
            }
        }
    }

    /** The deletions of a plan. */
    public void delete(Plan plan) {
        if (statements instanceof Statements.InPlace inPlace) {
            runKeys(inPlace.delete(), plan.deletes());
        }
    }

    private void close(Statements.Versioned versioned, List<Plan.Closing> closings) {
        int closed = runUntil(versioned.close(), closings);
        if (closed < closings.size()) {
            throw new ShadowProblem(
                    ProblemType.BROKEN_INVARIANT,
                    "%d current version(s) of model %s disappeared while the batch was applied; somebody else writes the table"
                            .formatted(closings.size() - closed, columns.model().name()));
        }
    }

    private void insert(Statements.Versioned versioned, List<Version> versions) {
        if (versions.isEmpty()) {
            return;
        }
        int width = columns.names().size();
        ArrayColumn[] parameters = versioned.hasArchived()
                ? rows(ArrayColumn.timestamps(), ArrayColumn.timestamps(), ArrayColumn.texts())
                : rows(ArrayColumn.timestamps(), ArrayColumn.timestamps());
        for (Version version : versions) {
            add(parameters, version.row());
            parameters[width].addMicros(version.fromMicros());
            if (version.untilMicros() == null) {
                parameters[width + 1].addNull();
            } else {
                parameters[width + 1].addMicros(version.untilMicros());
            }
            if (versioned.hasArchived()) {
                parameters[width + 2].add(String.valueOf(version.archived()));
            }
        }
        statement(versioned.insert(), parameters).update();
    }

    private void amend(Statements.Versioned versioned, List<Plan.Amendment> amendments) {
        if (amendments.isEmpty()) {
            return;
        }
        int width = columns.names().size();
        ArrayColumn[] parameters = versioned.hasArchived() ? rows(ArrayColumn.texts()) : rows();
        for (Plan.Amendment amendment : amendments) {
            add(parameters, amendment.row());
            if (versioned.hasArchived()) {
                parameters[width].add(String.valueOf(amendment.archived()));
            }
        }
        statement(versioned.amend(), parameters).update();
    }

    private void overwrite(Statements.InPlace inPlace, List<RowState> rows) {
        if (rows.isEmpty()) {
            return;
        }
        int width = columns.names().size();
        ArrayColumn[] parameters = rows(ArrayColumn.integers());
        for (int ord = 0; ord < rows.size(); ord++) {
            add(parameters, rows.get(ord).row());
            parameters[width].add(ord);
        }
        List<RowState> missing = without(rows, ords(inPlace.overwrite(), parameters));
        missing.forEach(RowState::appeared);
        upsert(inPlace, missing.stream().map(RowState::row).toList());
    }

    private void upsert(Statements.InPlace inPlace, List<List<@Nullable String>> rows) {
        if (rows.isEmpty()) {
            return;
        }
        ArrayColumn[] parameters = rows();
        rows.forEach(row -> add(parameters, row));
        statement(inPlace.upsert(), parameters).update();
    }

    private int runUntil(String sql, List<Plan.Closing> closings) {
        if (closings.isEmpty()) {
            return 0;
        }
        ArrayColumn[] parameters = keys(ArrayColumn.timestamps());
        for (Plan.Closing closing : closings) {
            add(parameters, closing.key());
            parameters[keyCount()].addMicros(closing.untilMicros());
        }
        return statement(sql, parameters).update();
    }

    private void runKeys(String sql, List<List<String>> keys) {
        if (keys.isEmpty()) {
            return;
        }
        ArrayColumn[] parameters = keys();
        keys.forEach(key -> add(parameters, key));
        statement(sql, parameters).update();
    }

    private int keyCount() {
        return columns.model().key().size();
    }

    private BitSet ords(String sql, ArrayColumn[] parameters) {
        BitSet ords = new BitSet();
        statement(sql, parameters).query(row -> {
            ords.set(row.getInt(1));
        });
        return ords;
    }

    private static List<RowState> without(List<RowState> rows, BitSet done) {
        List<RowState> left = new ArrayList<>(rows.size() - done.cardinality());
        for (int ord = done.nextClearBit(0); ord < rows.size(); ord = done.nextClearBit(ord + 1)) {
            left.add(rows.get(ord));
        }
        return left;
    }

    private ArrayColumn[] keys(ArrayColumn... further) {
        return parameters(columns.model().key(), further);
    }

    private ArrayColumn[] rows(ArrayColumn... further) {
        return parameters(columns.names(), further);
    }

    /** Columns of the model, and then columns of ours. */
    private ArrayColumn[] parameters(List<String> names, ArrayColumn... further) {
        ArrayColumn[] all = new ArrayColumn[names.size() + further.length];
        for (int i = 0; i < names.size(); i++) {
            all[i] = ModelSql.isUuid(columns.type(names.get(i))) ? ArrayColumn.uuids() : ArrayColumn.texts();
        }
        System.arraycopy(further, 0, all, names.size(), further.length);
        return all;
    }

    private static void add(ArrayColumn[] parameters, List<? extends @Nullable String> row) {
        for (int i = 0; i < row.size(); i++) {
            parameters[i].add(row.get(i));
        }
    }

    private JdbcClient.StatementSpec statement(String sql, ArrayColumn[] parameters) {
        JdbcClient.StatementSpec statement = jdbc.sql(sql);
        for (ArrayColumn parameter : parameters) {
            statement = statement.param(parameter.parameter());
        }
        return statement;
    }
}
