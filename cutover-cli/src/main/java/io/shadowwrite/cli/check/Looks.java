package io.shadowwrite.cli.check;

import io.shadowwrite.cli.check.Finding.Side;
import io.shadowwrite.replication.StreamProblem;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;

/** Looks at one side step by step, so that a question without an answer costs what it asked for and nothing else. */
final class Looks {

    private final Side side;
    private final Connection connection;
    private final List<Finding> findings;

    /** Some questions; what it finds before it fails counts too. */
    @FunctionalInterface
    interface Step {
        void look() throws SQLException;
    }

    /** Through a connection that the caller closes; failures are added to what the steps find. */
    Looks(Side side, Connection connection, List<Finding> findings) {
        this.side = side;
        this.connection = connection;
        this.findings = findings;
    }

    /** Takes one step; none when the connection is gone, which the step that met it has told. */
    Looks at(String what, Step step) throws SQLException {
        if (connection.isClosed()) {
            return this;
        }
        try {
            step.look();
        } catch (StreamProblem problem) {
            unanswered(Side.SOURCE, problem.code().name(), problem.what(), problem.fix());
        } catch (SQLException e) {
            unanswered(
                    side,
                    side + "_ERROR",
                    "looking at %s of the %s failed (SQLSTATE %s): %s"
                            .formatted(what, side.name().toLowerCase(Locale.ROOT), e.getSQLState(), first(e)),
                    "mend that, and look again; what was asked there is unknown");
        }
        return this;
    }

    private void unanswered(Side where, String code, String what, String fix) throws SQLException {
        if (connection.isClosed()) {
            findings.add(Finding.unreachable(where, what));
            return;
        }
        findings.add(Finding.blocks(where, code, what, fix));
        if (!connection.getAutoCommit()) {
            connection.rollback();
        }
    }

    private static String first(SQLException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("no message");
    }
}
