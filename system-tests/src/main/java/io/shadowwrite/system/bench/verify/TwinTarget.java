package io.shadowwrite.system.bench.verify;

import io.shadowwrite.canonical.CanonicalSql;
import io.shadowwrite.contract.ColumnType;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.contract.TargetModel;
import io.shadowwrite.system.bench.BenchFailed;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.verification.compile.Comparison;
import io.shadowwrite.verification.compile.ContractCompiler;
import io.shadowwrite.verification.compile.Image;
import io.shadowwrite.verification.session.PinnedSession;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;
import org.postgresql.copy.CopyOut;
import org.postgresql.core.BaseConnection;

/**
 * Fills an empty target with what a contract makes of a source, set by set, so that millions of rows take minutes. It goes by
 * the verifier's own queries, so equal is what the verifier finds equal; that those queries are right is for the parity tests.
 */
public final class TwinTarget {

    private static final Duration STATEMENT_TIMEOUT = Duration.ofHours(2);
    private static final String STAGING = "pg_temp.staging";

    private final Contract contract;
    private final Connection source;
    private final Connection target;

    private TwinTarget(Contract contract, Connection source, Connection target) {
        this.contract = contract;
        this.source = source;
        this.target = target;
    }

    /**
     * Fills every model and the key map. One in ten rows of a model with versions gets an earlier version, too.
     *
     * @param target with the target's own tables and those of the suite
     */
    public static void fill(Contract contract, Database source, Database target) {
        try (Connection from = source.connect();
                Connection to = target.connect()) {
            PinnedSession.pin(from, STATEMENT_TIMEOUT);
            PinnedSession.pin(to, STATEMENT_TIMEOUT);
            new TwinTarget(contract, from, to).fill();
        } catch (SQLException e) {
            throw new BenchFailed("the target could not be filled", e);
        }
    }

    private void fill() throws SQLException {
        ContractCompiler compiler = new ContractCompiler(contract);
        for (Comparison comparison : compiler.models()) {
            stage(comparison);
            insert(comparison);
        }
        for (Comparison comparison : compiler.keyMap()) {
            stage(comparison);
            map(comparison);
        }
        execute("vacuum analyze");
    }

    /** The expected rows as text, k and c0 and so on. */
    private void stage(Comparison comparison) throws SQLException {
        int columns = comparison.columns().size();
        String names =
                IntStream.range(0, columns).mapToObj(i -> ", c" + i + " text").collect(Collectors.joining());
        execute("drop table if exists " + STAGING);
        execute("create temporary table staging (k text" + names + ")");
        for (Image image : comparison.sources()) {
            copy(image.sql());
        }
    }

    private void copy(String query) throws SQLException {
        CopyOut out = copier(source).copyOut("copy (" + query + ") to stdout");
        CopyIn in = copier(target).copyIn("copy " + STAGING + " from stdin");
        for (byte[] row = out.readFromCopy(); row != null; row = out.readFromCopy()) {
            in.writeToCopy(row, 0, row.length);
        }
        in.endCopy();
    }

    private static CopyManager copier(Connection connection) throws SQLException {
        return new CopyManager(connection.unwrap(BaseConnection.class));
    }

    private void insert(Comparison comparison) throws SQLException {
        TargetModel model = contract.model(comparison.model());
        List<String> names = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (String name : model.key()) {
            names.add(QualifiedName.quote(name));
            values.add(CanonicalSql.parse(type(model, name), "k::jsonb ->> '" + name.replace("'", "''") + "'"));
        }
        int position = 0;
        for (String name : comparison.columns().keySet()) {
            names.add(QualifiedName.quote(name));
            values.add(CanonicalSql.parse(type(model, name), "c" + position++));
        }
        switch (model) {
            case TargetModel.Scd2 versions -> {
                names.add(QualifiedName.quote(versions.validFrom()));
                names.add(QualifiedName.quote(versions.validTo()));
                insert(model, names, values, "timestamptz '2026-01-01 00:00:00+00', null", "true");
                insert(
                        model,
                        names,
                        values,
                        "timestamptz '2025-01-01 00:00:00+00', timestamptz '2026-01-01 00:00:00+00'",
                        "hashtext(k) % 10 = 0");
            }
            case TargetModel.Crud _, TargetModel.Junction _ -> insert(model, names, values, "", "true");
        }
    }

    private static ColumnType type(TargetModel model, String column) {
        ColumnType type = model.columns().get(column);
        if (type == null) {
            throw new IllegalArgumentException("model %s has no column %s".formatted(model.name(), column));
        }
        return type;
    }

    private void insert(TargetModel model, List<String> names, List<String> values, String period, String condition)
            throws SQLException {
        execute("insert into %s (%s) select %s%s from %s where %s"
                .formatted(
                        model.table().quoted(),
                        String.join(", ", names),
                        String.join(", ", values),
                        period.isEmpty() ? "" : ", " + period,
                        STAGING,
                        condition));
    }

    private void map(Comparison comparison) throws SQLException {
        String table = "'" + comparison.sourceTables().replace("'", "''") + "'";
        String model = "'" + comparison.model().replace("'", "''") + "'";
        execute("insert into provenance.source_table (name) values (%s) on conflict do nothing".formatted(table));
        execute("insert into provenance.target_model (name) values (%s) on conflict do nothing".formatted(model));
        execute("""
                insert into shadow.pk_map (source_table, target_model, changed_lsn, source_key, target_key, state)
                select (select id from provenance.source_table where name = %s),
                       (select id from provenance.target_model where name = %s),
                       '0/1', k, c0, 'current'
                  from %s
                """.formatted(table, model, STAGING));
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = target.createStatement()) {
            statement.execute(sql);
        }
    }
}
