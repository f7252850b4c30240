package io.shadowwrite.api.write;

import io.shadowwrite.api.database.ShadowDatabase;

/** How the server shall plan the statements of the caller's transaction. Thread-safe. */
final class Plans {

    /**
     * Every statement of a batch looks up single keys, and its plan may have been made when the table was empty: then a
     * plan that reads all of it looks as cheap, and would stay. So looking at a row is declared expensive. Large batches
     * are planned anew, which costs little beside them; small ones are not, which would double their time.
     */
    private static final String LOOK_UP_BY_KEY = """
            select set_config('enable_seqscan', 'off', true),
                   set_config('enable_hashjoin', 'off', true),
                   set_config('enable_mergejoin', 'off', true),
                   set_config('cpu_tuple_cost', '1', true),
                   set_config('cpu_index_tuple_cost', '1', true),
                   set_config('plan_cache_mode', ?, true)
            """;

    private final ShadowDatabase database;

    Plans(ShadowDatabase database) {
        this.database = database;
    }

    void lookUpByKey(boolean large) {
        database.jdbc()
                .sql(LOOK_UP_BY_KEY)
                .param(large ? "force_custom_plan" : "force_generic_plan")
                .query(_ -> {});
    }
}
