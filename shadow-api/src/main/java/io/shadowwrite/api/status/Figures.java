package io.shadowwrite.api.status;

import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.protocol.FindingClass;
import io.shadowwrite.protocol.Status;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * The status as numbers, read from the tables at most every few seconds however many gauges ask. Thread-safe; waits for
 * the target only as long as a connection may take.
 */
final class Figures {

    private static final Logger LOG = LoggerFactory.getLogger(Figures.class);

    private static final long NANOS_KEPT = 5_000_000_000L;

    private static final String AGES = """
            select extract(epoch from clock_timestamp()
                                          - max(case tick_clock when 'SOURCE' then tick_hour else finished_at end)) as tick_age,
                   (select extract(epoch from clock_timestamp() - min(parked_at))
                      from shadow.dead_letter
                     where state = 'OPEN') as dead_letter_age,
                   (select extract(epoch from a.permit_expires_at - clock_timestamp())
                               - (c.lost_micros - a.clock_lost_micros) / 1000000.0
                      from (select * from shadow.cutover_audit order by ordinal desc limit 1) a
                     cross join shadow.clock c) as permit_left,
                   (select case when p.stored > coalesce(c.below_lsn, greatest(b.consumer_baseline, b.verifier_baseline))
                                then extract(epoch from clock_timestamp() - coalesce(c.checked_at, b.opened_at))
                                else 0
                           end
                      from shadow.backfill_state b
                     cross join (select min(position) as stored from shadow.reader_position) p
                      left join shadow.conservation c on true) as uncounted_age
              from shadow.verifier_run
             where tick_hour is not null
               and finished_at is not null
               and verdict <> 'INCONCLUSIVE'
            """;

    private static final String FINDINGS = """
            select finding_class, count(*) as findings
              from shadow.finding
             where run_id = (select run_id from shadow.settled_run order by ordinal desc limit 1)
             group by finding_class
            """;

    private final ShadowDatabase database;
    private final StatusReport report;

    // Guarded by this.
    private @Nullable Reading reading;
    private long readAtNanos;

    /**
     * What was read at one moment.
     *
     * @param tickAge seconds since the youngest judged hour began; null when there is none
     * @param deadLetterAge seconds since the oldest open dead letter was parked; null when there is none
     * @param permitLeft seconds that the latest permit would still hold, whether it does or not; null when the latest decision
     *     gave none
     * @param uncountedAge seconds since it was last counted what became of changes; 0 when there is nothing to count, null
     *     when no window is open
     * @param findings of the latest run, as far as they are stored
     */
    record Reading(
            Status status,
            @Nullable Double tickAge,
            @Nullable Double deadLetterAge,
            @Nullable Double permitLeft,
            @Nullable Double uncountedAge,
            Map<FindingClass, Long> findings) {}

    Figures(ShadowDatabase database, StatusReport report) {
        this.database = database;
        this.report = report;
        this.readAtNanos = System.nanoTime() - NANOS_KEPT;
    }

    /** One number of it; not a number while the target does not answer. */
    double value(ToDoubleFunction<Reading> number) {
        Reading current = current();
        return current == null ? Double.NaN : number.applyAsDouble(current);
    }

    private synchronized @Nullable Reading current() {
        if (System.nanoTime() - readAtNanos >= NANOS_KEPT) {
            try {
                reading = read();
            } catch (DataAccessException | TransactionException e) {
                LOG.debug("The figures of the tables cannot be read", e);
                reading = null;
            }
            readAtNanos = System.nanoTime();
        }
        return reading;
    }

    private Reading read() {
        Status status = report.now();
        Map<FindingClass, Long> findings = new EnumMap<>(FindingClass.class);
        database.jdbc().sql(FINDINGS).query(row -> {
            findings.put(FindingClass.valueOf(row.getString("finding_class")), row.getLong("findings"));
        });
        return database.jdbc()
                .sql(AGES)
                .query((row, _) -> new Reading(
                        status,
                        row.getObject("tick_age") == null ? null : row.getDouble("tick_age"),
                        row.getObject("dead_letter_age") == null ? null : row.getDouble("dead_letter_age"),
                        row.getObject("permit_left") == null ? null : row.getDouble("permit_left"),
                        row.getObject("uncounted_age") == null ? null : row.getDouble("uncounted_age"),
                        findings))
                .single();
    }
}
