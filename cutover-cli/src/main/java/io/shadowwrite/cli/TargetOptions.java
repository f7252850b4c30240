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

    /** Seconds: dropping a schema unlinks its files, a few thousand at most; the server gives up a little earlier. */
    private static final String CHANGE_BOUND = "600";

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
        return open("shadow-contract", ANSWER_BOUND, TargetOptions::reading);
    }

    /**
     * A connection in auto-commit mode for a command that may change the target, with an empty search path; it waits for
     * locks only briefly, because everybody else would queue behind it. The caller closes it.
     *
     * @throws TargetProblem when the target does not let us in
     */
    Connection openToChange(String applicationName) {
        return open(applicationName, CHANGE_BOUND, TargetOptions::changing);
    }

    /** What makes a fresh connection fit for its use. */
    @FunctionalInterface
    private interface Preparation {
        Connection of(Connection fresh) throws SQLException;
    }

    private Connection open(String applicationName, String boundSeconds, Preparation preparation) {
        JdbcAddress.require("--target-url", url);
        @Nullable String password = System.getenv(PASSWORD_VARIABLE);
        try {
            return preparation.of(DriverManager.getConnection(
                    url, properties(password == null ? "" : password, applicationName, boundSeconds)));
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

    private static Connection changing(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET search_path TO ''; SET lock_timeout TO '5s'; SET statement_timeout TO '9min'");
            return connection;
        } catch (SQLException e) {
            connection.abort(Runnable::run);
            throw e;
        }
    }

    private Properties properties(String password, String applicationName, String boundSeconds) {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("ApplicationName", applicationName);
        properties.setProperty("connectTimeout", ANSWER_BOUND);
        properties.setProperty("socketTimeout", boundSeconds);
        return properties;
    }
}
