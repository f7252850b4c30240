package io.shadowwrite.api.verifierrun;

import io.shadowwrite.api.database.ShadowDatabase;

/** Counts the run of clean hours from the stored runs; nothing beside them remembers it. Thread-safe. */
public final class Streak {

    /**
     * Clean hours after the last that broke the run. A dirty hour breaks it, and so does a finding of a second run, for all
     * that was judged before it; a missed or an inconclusive hour only where a gap resets.
     */
    private static final String CLEAN_HOURS = """
            with hour as (
              select tick_hour,
                     bool_or(verdict = 'CLEAN') as clean,
                     bool_or(verdict = 'DIRTY') as dirty,
                     max(recorded_at) filter (where verdict <> 'INCONCLUSIVE') as judged_at,
                     lag(tick_hour) over (order by tick_hour) is distinct from tick_hour - interval '1 hour' as after_gap
                from shadow.settled_run
               where tick_hour is not null
               group by tick_hour),
            line as (
              select coalesce(max(h.tick_hour) filter (where h.dirty or (w.resets and not h.clean)), '-infinity') as broken,
                     coalesce(max(h.tick_hour) filter (where w.resets and h.after_gap), '-infinity') as begun,
                     (select coalesce(max(recorded_at), '-infinity')
                        from shadow.settled_run
                       where tick_hour is null
                         and mode = 'hourly'
                         and verdict = 'DIRTY') as contradicted
                from hour h
               cross join (select gap_policy = 'RESET' as resets from shadow.backfill_state) w)
            select count(*)
              from hour h
             cross join line l
             where h.clean
               and h.tick_hour > l.broken
               and h.tick_hour >= l.begun
               and h.judged_at > l.contradicted
            """;

    private final ShadowDatabase database;

    public Streak(ShadowDatabase database) {
        this.database = database;
    }

    /** Clean hours in a row; 0 while no window is open. */
    public int now() {
        return database.jdbc().sql(CLEAN_HOURS).query(Integer.class).single();
    }
}
