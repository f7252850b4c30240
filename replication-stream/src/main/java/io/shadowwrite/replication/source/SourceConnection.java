package io.shadowwrite.replication.source;

import io.shadowwrite.replication.NotYet;
import io.shadowwrite.replication.StreamProblem;
import java.sql.Connection;

/**
 * Where the source is and who we are there. Never prints the password.
 *
 * @param jdbcUrl a {@code jdbc:postgresql:} URL that reaches the server itself, not a pooler
 * @param user a role with REPLICATION
 * @param password its password, possibly empty
 */
public record SourceConnection(String jdbcUrl, String user, String password) {

    /**
     * Opens an ordinary SQL connection with pinned session settings (UTC, ISO dates, hex, empty search path). The caller
     * closes it.
     *
     * @throws StreamProblem when the source does not let us in
     */
    public Connection open(String applicationName) {
        return NotYet.written(applicationName);
    }

    /** The address only. */
    @Override
    public String toString() {
        int query = jdbcUrl.indexOf('?');
        return "SourceConnection[" + user + " at " + (query < 0 ? jdbcUrl : jdbcUrl.substring(0, query)) + "]";
    }
}
