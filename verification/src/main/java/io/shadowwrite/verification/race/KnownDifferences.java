package io.shadowwrite.verification.race;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the run before left in its race window. */
final class KnownDifferences {

    /**
     * A run that broke off before it looked separates no two runs, nor does one that was stored minutes ago: what the source
     * hides for a moment looks the same in both. A simulated hour says nothing about when its run was.
     */
    private static final String SIGNATURES = """
            select f.signature
              from shadow.finding f
             where f.finding_class = 'VERIFIER_RACE_WINDOW'
               and f.signature is not null
               and f.run_id = (select r.run_id
                                 from shadow.verifier_run r
                                where r.pin_lsn is not null
                                  and case when r.tick_hour is null or r.tick_clock = 'SIMULATED'
                                           then date_trunc('hour', r.started_at, 'UTC')
                                           else r.tick_hour
                                      end < ?
                                  and r.recorded_at < clock_timestamp() - interval '30 minutes'
                                  and (r.verdict <> 'INCONCLUSIVE'
                                       or exists (select
                                                    from shadow.finding own
                                                   where own.run_id = r.run_id
                                                     and own.finding_class = 'VERIFIER_RACE_WINDOW'))
                                order by r.recorded_at desc, r.run_id desc
                                limit 1)
            """;

    private static final String BETWEEN = " ";

    private KnownDifferences() {}

    /** How those of one finding are stored. */
    static String joined(Set<String> signatures) {
        return String.join(BETWEEN, signatures);
    }

    /**
     * Signatures, of as many findings as a run stores.
     *
     * @param hour the full UTC hour of this run; the run before is of an earlier one
     */
    static Set<String> ofTheRunBefore(Connection target, Instant hour) throws SQLException {
        Set<String> signatures = new HashSet<>();
        try (PreparedStatement statement = target.prepareStatement(SIGNATURES)) {
            statement.setObject(1, OffsetDateTime.ofInstant(hour, ZoneOffset.UTC));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    signatures.addAll(List.of(rows.getString(1).split(BETWEEN)));
                }
            }
        }
        return signatures;
    }
}
