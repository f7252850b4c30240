package io.shadowwrite.api.load;

import io.shadowwrite.api.database.ShadowDatabase;

/** How far the standbys of the target are behind. Thread-safe. */
record TargetLag(ShadowDatabase database) {

    /** Without pg_monitor the places of other roles' standbys are not shown, and count as none. */
    private static final String LAG = """
            select coalesce(max(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)), 0)::bigint
              from pg_stat_replication
            """;

    /** Of the slowest, in bytes; 0 when there is none. */
    long bytes() {
        return database.jdbc().sql(LAG).query(Long.class).single();
    }
}
