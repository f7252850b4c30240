package io.shadowwrite.testsupport;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Finds what a test left open in its database: slots, transactions, snapshot holders. */
record LeakCheck(Database admin, String databaseName) {

    private static final String BACKENDS = """
            SELECT format('%s: pid %s, application_name "%s", %s since %s, query: %s',
                          CASE WHEN backend_type = 'walsender' AND state LIKE 'idle in transaction%'
                               THEN 'snapshot holder' ELSE 'open transaction' END,
                          pid, application_name, state, state_change, left(query, 200))
              FROM pg_stat_activity
             WHERE datname = ?
               AND backend_type IN ('client backend', 'walsender')
               AND state <> 'idle'
             ORDER BY pid
            """;

    private static final String PREPARED = """
            SELECT format('prepared transaction: %s', gid)
              FROM pg_prepared_xacts
             WHERE database = ?
             ORDER BY gid
            """;

    private static final String SLOTS = """
            SELECT format('replication slot: %s, plugin %s, active pid %s', slot_name, plugin, coalesce(active_pid::text, 'none'))
              FROM pg_replication_slots
             WHERE database = ?
             ORDER BY slot_name
            """;

    private static final String TERMINATE = """
            SELECT pg_terminate_backend(pid, 5000)
              FROM pg_stat_activity
             WHERE datname = ?
               AND backend_type IN ('client backend', 'walsender')
            """;

    private static final String DROP_SLOTS = """
            SELECT pg_drop_replication_slot(slot_name)
              FROM pg_replication_slots
             WHERE database = ?
            """;

    /** One line per leak, after waiting at most {@code grace} for the last connections to finish. */
    List<String> remaining(Duration grace) {
        try {
            Await.until("nothing is left open", grace, () -> found().isEmpty());
            return List.of();
        } catch (AssertionError leftOpen) {
            return found();
        }
    }

    private List<String> found() {
        List<String> leaks = new ArrayList<>();
        for (String query : List.of(BACKENDS, PREPARED, SLOTS)) {
            admin.queryForList(query, databaseName).forEach(line -> leaks.add(Objects.requireNonNull(line)));
        }
        return leaks;
    }

    /** Ends what {@link #remaining} found, so that the database can be dropped. */
    void cleanUp() {
        admin.queryForList(TERMINATE, databaseName);
        admin.queryForList(DROP_SLOTS, databaseName);
        Database database = admin.named(databaseName);
        admin.queryForList("SELECT gid FROM pg_prepared_xacts WHERE database = ?", databaseName)
                .forEach(gid -> database.execute("ROLLBACK PREPARED '" + gid + "'"));
    }
}
