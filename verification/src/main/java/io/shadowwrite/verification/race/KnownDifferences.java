package io.shadowwrite.verification.race;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;

/** What the run before left in its race window. */
final class KnownDifferences {

    /** A run without a pin has seen nothing, so it separates no two runs. */
    private static final String SIGNATURES = """
            select f.signature
              from shadow.finding f
             where f.finding_class = 'VERIFIER_RACE_WINDOW'
               and f.signature is not null
               and f.run_id = (select r.run_id
                                 from shadow.verifier_run r
                                where r.pin_lsn is not null
                                order by r.recorded_at desc, r.run_id desc
                                limit 1)
            """;

    private KnownDifferences() {}

    /** Signatures, of as many findings as a run stores. */
    static Set<String> ofTheRunBefore(Connection target) throws SQLException {
        Set<String> signatures = new HashSet<>();
        try (Statement statement = target.createStatement();
                ResultSet rows = statement.executeQuery(SIGNATURES)) {
            while (rows.next()) {
                signatures.add(rows.getString(1));
            }
        }
        return signatures;
    }
}
