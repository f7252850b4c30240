package io.shadowwrite.verification.session;

import io.shadowwrite.verification.session.VerificationProblem.Code;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/**
 * Where the target is and who we are there. Never prints the password.
 *
 * @param jdbcUrl a {@code jdbc:postgresql:} URL
 * @param user a role that may read the models and schema shadow
 * @param password its password, possibly empty
 */
public record TargetConnection(String jdbcUrl, String user, String password) {

    public TargetConnection {
        if (!jdbcUrl.startsWith("jdbc:postgresql:")) {
            throw new IllegalArgumentException("the target needs a jdbc:postgresql: URL");
        }
    }

    /**
     * A new connection in auto-commit mode; the caller closes it.
     *
     * @throws VerificationProblem UNREACHABLE
     */
    public Connection open(String applicationName) {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("ApplicationName", applicationName);
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("connectTimeout", "10");
        try {
            return DriverManager.getConnection(jdbcUrl, properties);
        } catch (SQLException e) {
            throw new VerificationProblem(
                    Code.UNREACHABLE,
                    "the target refuses the connection (SQLSTATE %s)".formatted(e.getSQLState()),
                    "Check shadow.target.url, user and password, and that the server runs",
                    e);
        }
    }

    /** The address only. */
    @Override
    public String toString() {
        int query = jdbcUrl.indexOf('?');
        return "TargetConnection[" + user + " at " + (query < 0 ? jdbcUrl : jdbcUrl.substring(0, query)) + "]";
    }
}
