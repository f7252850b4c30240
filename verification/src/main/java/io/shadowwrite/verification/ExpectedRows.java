package io.shadowwrite.verification;

import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.contract.SourceTable;
import io.shadowwrite.contract.TargetModel;
import io.shadowwrite.verification.session.Sessions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** How many rows a comparison will read, as the servers' own statistics have it. Good for a guess of the time left only. */
final class ExpectedRows {

    private static final String ESTIMATE = """
            select coalesce(sum(greatest(c.reltuples, 0)), 0)::bigint
              from unnest(?::text[]) as t(name)
              join pg_catalog.pg_class c on c.oid = to_regclass(t.name)
            """;

    private ExpectedRows() {}

    /** Rows of the source that become rows of the target, once for each model that they feed. */
    static long ofSource(Contract contract, Sessions source) {
        List<QualifiedName> tables = new ArrayList<>();
        for (SourceTable table : contract.sources().values()) {
            if (table instanceof SourceTable.Mapped mapped) {
                mapped.writes().forEach(_ -> tables.add(mapped.name()));
            }
        }
        return of(tables, source);
    }

    /** Rows of the models, with versions that are over among them. */
    static long ofTarget(Contract contract, Sessions target) {
        return of(contract.models().values().stream().map(TargetModel::table).toList(), target);
    }

    private static long of(List<QualifiedName> tables, Sessions sessions) {
        return sessions.read("the statistics", connection -> read(tables, connection));
    }

    private static long read(List<QualifiedName> tables, Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ESTIMATE)) {
            statement.setArray(
                    1,
                    connection.createArrayOf(
                            "text", tables.stream().map(QualifiedName::quoted).toArray()));
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }
}
