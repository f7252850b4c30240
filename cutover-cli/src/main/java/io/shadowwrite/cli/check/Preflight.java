package io.shadowwrite.cli.check;

import io.shadowwrite.cli.check.Finding.Side;
import io.shadowwrite.cli.draft.SourceFit;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.SourceTable;
import io.shadowwrite.replication.source.SourceConnection;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything that is looked at before a window is opened. Creates one temporary slot in the source, and nothing else.
 *
 * @param contract what will be shadowed
 * @param ownSlots names that the readers' slots will have
 * @param openSince transactions that are open for longer are told
 * @param scanBound how long the rows of one table are read
 */
public record Preflight(Contract contract, List<String> ownSlots, Duration openSince, Duration scanBound) {

    private static final String ROW_SECURITY = """
            SELECT c.relrowsecurity AND has_schema_privilege(n.oid, 'USAGE') AND row_security_active(c.oid),
                   quote_ident(current_user)
              FROM pg_catalog.pg_class c
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = ? AND c.relname = ?
            """;

    public Preflight {
        ownSlots = List.copyOf(ownSlots);
    }

    /**
     * Looks at the source. A question without an answer is a finding.
     *
     * @param connection in auto-commit mode, with an empty search path
     * @param source the same server and role
     */
    public List<Finding> source(Connection connection, SourceConnection source) throws SQLException {
        List<Finding> findings = new ArrayList<>();
        new Looks(Side.SOURCE, connection, findings)
                .at("the server", () -> SourceServer.look(connection, source, ownSlots, openSince, findings))
                .at(
                        "the tables",
                        () -> SourceFit.misfits(contract, connection)
                                .forEach(misfit -> findings.add(Finding.of(Side.SOURCE, misfit))))
                .at("the policies", () -> findings.addAll(hiddenRows(connection)))
                .at("the rows", () -> SourceRows.look(connection, contract, scanBound, findings));
        return findings;
    }

    /**
     * Looks at the target. A question without an answer is a finding.
     *
     * @param connection with an empty search path
     */
    public List<Finding> target(Connection connection) throws SQLException {
        return TargetDatabase.findings(contract, connection, scanBound);
    }

    /** Looks at what only both together show. */
    public List<Finding> both(Connection source, Connection target) throws SQLException {
        List<Finding> findings = new ArrayList<>();
        new Looks(Side.TARGET, target, findings)
                .at("the NOT NULL columns", () -> findings.addAll(NullValues.findings(contract, source, target)));
        return findings;
    }

    private List<Finding> hiddenRows(Connection connection) throws SQLException {
        List<Finding> findings = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(ROW_SECURITY)) {
            for (SourceTable table : contract.sources().values()) {
                statement.setString(1, table.name().schema());
                statement.setString(2, table.name().name());
                try (ResultSet row = statement.executeQuery()) {
                    if (row.next() && row.getBoolean(1)) {
                        findings.add(Finding.blocks(
                                        Side.SOURCE,
                                        "ROW_SECURITY",
                                        "row security may hide rows of %s from role %s"
                                                .formatted(table.name(), row.getString(2)),
                                        "give it BYPASSRLS")
                                .mendedBy("ALTER ROLE %s BYPASSRLS;".formatted(row.getString(2))));
                    }
                }
            }
        }
        return findings;
    }
}
