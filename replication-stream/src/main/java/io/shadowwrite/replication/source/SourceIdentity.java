package io.shadowwrite.replication.source;

import io.shadowwrite.replication.StreamProblem;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Which server's WAL an LSN belongs to. Two LSNs are comparable only under the same system identifier and timeline.
 *
 * @param systemIdentifier unique identifier of the cluster, decimal
 * @param timeline current timeline
 * @param serverVersion version number, for example 150018
 */
public record SourceIdentity(String systemIdentifier, int timeline, int serverVersion) {

    /**
     * Asks the server over a short replication connection.
     *
     * @throws StreamProblem when the source does not let us in
     */
    public static SourceIdentity read(SourceConnection source, String applicationName) {
        try (Connection connection = source.openReplication(applicationName)) {
            return ask(connection);
        } catch (SQLException e) {
            throw StreamProblem.of("identifying the source", e);
        }
    }

    /** Asks over an open replication connection. */
    public static SourceIdentity ask(Connection replication) throws SQLException {
        int version = Integer.parseInt(SessionSettings.show(replication, "server_version_num"));
        try (Statement statement = replication.createStatement();
                ResultSet rows = statement.executeQuery("IDENTIFY_SYSTEM")) {
            rows.next();
            return new SourceIdentity(rows.getString("systemid"), rows.getInt("timeline"), version);
        }
    }

    /** Whether LSNs of both mean the same. */
    public boolean sameHistory(SourceIdentity other) {
        return systemIdentifier.equals(other.systemIdentifier) && timeline == other.timeline;
    }
}
