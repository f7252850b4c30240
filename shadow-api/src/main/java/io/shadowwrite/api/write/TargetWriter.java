package io.shadowwrite.api.write;

import io.shadowwrite.api.database.Dictionary;
import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.fold.RowState;
import io.shadowwrite.api.target.ModelTable;
import io.shadowwrite.api.write.BatchApplier.Order;
import io.shadowwrite.contract.TargetModel;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.ShadowWrite;
import io.shadowwrite.protocol.TransactionWrites;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The engine of {@link ShadowWriter} for changes that do not come with a batch of the stream. Everything runs in the
 * caller's transaction, which holds the window's lock. Thread-safe.
 */
public final class TargetWriter {

    /** A batch that is applied ahead of its turn has not seen what follows, and looks whether there was any. */
    private static final String COUNT = "update shadow.backfill_state set writes_beside = writes_beside + 1";

    private final TargetTables tables;
    private final BatchApplier applier;
    private final ShadowDatabase database;
    private final Dictionary dictionary;

    TargetWriter(TargetTables tables, BatchApplier applier, ShadowDatabase database, Dictionary dictionary) {
        this.tables = tables;
        this.applier = applier;
        this.database = database;
        this.dictionary = dictionary;
    }

    /** Gives every model its number. Call it outside of a transaction. */
    public void prepare() {
        dictionary.registerModels(tables.names());
    }

    /**
     * Applies changes in their order, write by write, so that a refused one is named.
     *
     * @throws ShadowProblem WRITE_REJECTED with commit_lsn and change_index, or WRITE_TOO_LONG; the caller's transaction cannot
     *     go on then
     */
    public void apply(List<TransactionWrites> transactions, Records records) {
        database.jdbc().sql(Plans.FOR_FEW_CHANGES).query(_ -> {});
        database.jdbc().sql(COUNT).update();
        StatementLimit.inTransaction(() -> {
            applier.apply(transactions, Order.STRICT, records);
            return transactions;
        });
    }

    /**
     * The model of a write that fits the contract.
     *
     * @throws ShadowProblem BROKEN_INVARIANT when it does not
     */
    public TargetModel check(ShadowWrite write) {
        ModelTable table = tables.of(write.model());
        table.columns().key(write.key());
        table.columns().check(write.values());
        return table.columns().model();
    }

    /**
     * All writes of one change.
     *
     * @throws ShadowProblem BROKEN_INVARIANT when one does not fit the contract, MALFORMED_REQUEST when their indexes do not
     *     tell them apart
     */
    public void check(List<ShadowWrite> writes) {
        Set<String> told = new HashSet<>();
        for (ShadowWrite write : writes) {
            check(write);
            if (write.writeIndex() < 0 || write.writeIndex() > Short.MAX_VALUE) {
                throw new ShadowProblem(
                        ProblemType.MALFORMED_REQUEST, "write_index is 0 to %d".formatted(Short.MAX_VALUE));
            }
            if (!told.add(write.writeIndex() + " " + write.action())) {
                throw new ShadowProblem(
                        ProblemType.MALFORMED_REQUEST,
                        "write_index %d comes twice with action %s; every write of a change has its own"
                                .formatted(write.writeIndex(), write.action()));
            }
        }
    }

    /** Whether the row is there; SCD2: has a current version that is not archived. */
    public boolean isLive(ShadowWrite write) {
        ModelTable table = tables.of(write.model());
        RowState row = RowState.of(table.columns().key(write.key()));
        database.jdbc().sql(Plans.FOR_FEW_CHANGES).query(_ -> {});
        StatementLimit.within(write.model(), "looking up", () -> table.find(List.of(row), false));
        return row.isLive();
    }
}
