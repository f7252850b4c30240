package io.shadowwrite.backfill;

import io.shadowwrite.replication.StreamProblem;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** That one run of this job at a time works on a database: between their steps its slots look as if nobody needed them. */
final class OneRun {

    /** Any number that nobody else takes; it ends with the session, however that ends. */
    private static final String TAKE = "SELECT pg_catalog.pg_try_advisory_lock(6001208346191207)";

    private OneRun() {}

    /**
     * Keeps every other run out for as long as the connection lives.
     *
     * @throws StreamProblem SLOT_IN_USE when there is one
     */
    static void require(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(TAKE)) {
            row.next();
            if (!row.getBoolean(1)) {
                throw new StreamProblem(
                        StreamProblem.Code.SLOT_IN_USE,
                        "another ./shadow backfill run or cleanup works on this source",
                        "Wait for its end, or stop it first");
            }
        }
    }
}
