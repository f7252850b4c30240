package io.shadowwrite.cli;

import io.shadowwrite.protocol.ExitCode;
import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.source.SourceConnection;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the source is; its password comes from the environment only, so that no history keeps it. */
final class SourceOptions {

    private static final String PASSWORD_VARIABLE = "SHADOW_SOURCE_PASSWORD";

    /** The catalog answers at once, or somebody holds a lock on it. */
    private static final Duration ANSWER_BOUND = Duration.ofSeconds(30);

    @Option(
            names = "--source-url",
            required = true,
            description = "jdbc:postgresql://host:port/database of the source.")
    String url = "";

    @Option(
            names = "--source-user",
            required = true,
            description = "The role to ask as; its password is in " + PASSWORD_VARIABLE + ".")
    String user = "";

    /** A connection that reads one state of the source. The caller closes it. */
    Connection open() {
        try {
            Connection connection = connection().openBounded("shadow-contract", ANSWER_BOUND);
            return reading(connection);
        } catch (StreamProblem problem) {
            if (System.getenv(PASSWORD_VARIABLE) != null) {
                throw problem;
            }
            throw new CommandFailed(
                    ExitCode.UNREACHABLE,
                    "%s. %s is not set".formatted(problem.getMessage(), PASSWORD_VARIABLE),
                    problem);
        }
    }

    private static Connection reading(Connection connection) {
        try {
            connection.setReadOnly(true);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setAutoCommit(false);
            return connection;
        } catch (SQLException e) {
            throw StreamProblem.of("connecting to the source", e);
        }
    }

    /** Where the source is, for whoever opens connections of another kind. */
    SourceConnection connection() {
        JdbcAddress.require("--source-url", url);
        @Nullable String password = System.getenv(PASSWORD_VARIABLE);
        return new SourceConnection(url, user, password == null ? "" : password);
    }
}
