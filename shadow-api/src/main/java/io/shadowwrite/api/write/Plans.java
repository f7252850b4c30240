package io.shadowwrite.api.write;

import io.shadowwrite.protocol.TransactionWrites;
import java.util.List;

/** How the server shall plan the statements of a transaction that writes. */
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
                   set_config('plan_cache_mode', '%s', true)
            """;

    /** A statement that does so for the transaction it runs in, if there is little to write. */
    static final String FOR_FEW_CHANGES = LOOK_UP_BY_KEY.formatted("force_generic_plan");

    /** The same if there is much to write. */
    static final String FOR_MANY_CHANGES = LOOK_UP_BY_KEY.formatted("force_custom_plan");

    private static final int MANY = 200;

    private Plans() {}

    static String forTransactions(List<TransactionWrites> transactions) {
        int changes =
                transactions.stream().mapToInt(each -> each.changes().size()).sum();
        return changes < MANY ? FOR_FEW_CHANGES : FOR_MANY_CHANGES;
    }
}
