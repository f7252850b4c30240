package io.shadowwrite.cli;

import io.shadowwrite.cli.draft.TargetProblem;
import io.shadowwrite.protocol.ExitCode;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the target is; its password comes from the environment only, so that no history keeps it. */
final class TargetOptions {

    private static final String PASSWORD_VARIABLE = "SHADOW_TARGET_PASSWORD";

    /** Seconds: the catalog answers at once, or somebody holds a lock on it. */
    private static final String ANSWER_BOUND = "30";

    @Option(
            names = "--target-url",
            required = true,
            description = "jdbc:postgresql://host:port/database of the target.")
    String url = "";

    @Option(
            names = "--target-user",
            required = true,
            description = "The role to ask as; its password is in " + PASSWORD_VARIABLE + ".")
    String user = "";

    /**
     * A connection that reads one state of the target, with an empty search path. The caller closes it.
     *
     * @throws TargetProblem when the target does not let us in
     */
    Connection open() {
        JdbcAddress.require("--target-url", url);
        @Nullable String password = System.getenv(PASSWORD_VARIABLE);
        try {
            return reading(DriverManager.getConnection(url, properties(password == null ? "" : password)));
        } catch (SQLException e) {
            TargetProblem problem = TargetProblem.of("connecting to the target", e);
            if (password != null) {
                throw problem;
            }
            throw new CommandFailed(
                    ExitCode.UNREACHABLE,
                    "%s. %s is not set".formatted(problem.getMessage(), PASSWORD_VARIABLE),
                    problem);
        }
    }

    private static Connection reading(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET search_path TO ''");
            connection.setReadOnly(true);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setAutoCommit(false);
            return connection;
        } catch (SQLException e) {
            connection.abort(Runnable::run);
            throw e;
        }
    }

    private Properties properties(String password) {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("ApplicationName", "shadow-contract");
        properties.setProperty("connectTimeout", ANSWER_BOUND);
        properties.setProperty("socketTimeout", ANSWER_BOUND);
        return properties;
    }
}
