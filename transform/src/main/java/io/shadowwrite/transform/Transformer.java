package io.shadowwrite.transform;

import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.SourceTable;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.LoadRow;
import io.shadowwrite.protocol.Operation;
import io.shadowwrite.protocol.ShadowWrite;
import io.shadowwrite.protocol.TransactionWrites;
import io.shadowwrite.replication.ColumnValue;
import io.shadowwrite.replication.EventDigest;
import io.shadowwrite.replication.RowChange;
import io.shadowwrite.replication.SourceTransaction;
import io.shadowwrite.replication.TableName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * What the contract makes of changes: a pure function, compiled once from the contract. Immutable and safe for any
 * thread; neither clock nor database decides anything here, so the same change always becomes the same writes.
 */
public final class Transformer {

    private static final HexFormat HEX = HexFormat.of();

    private final Map<TableName, TablePlan> plans = new HashMap<>();
    private final Map<TableName, Set<String>> inputs = new HashMap<>();
    private final Set<TableName> unmapped = new HashSet<>();

    /**
     * Compiles a contract.
     *
     * @throws IllegalArgumentException when an expression or filter of it has no meaning; the message names the place
     */
    public Transformer(Contract contract) {
        for (SourceTable source : contract.sources().values()) {
            TableName name = new TableName(source.name().schema(), source.name().name());
            switch (source) {
                case SourceTable.Mapped mapped -> {
                    plans.put(name, TablePlan.of(contract, mapped));
                    inputs.put(name, Inputs.of(mapped));
                }
                case SourceTable.Unmapped _ -> unmapped.add(name);
            }
        }
    }

    /**
     * A whole transaction, with an entry for each of its changes in their order.
     *
     * @throws TransformProblem for the first change that cannot become writes
     */
    public TransactionWrites transform(SourceTransaction transaction) {
        List<ChangeWrites> changes = new ArrayList<>(transaction.changes().size());
        for (RowChange change : transaction.changes()) {
            changes.add(transform(transaction.commitLsn(), change));
        }
        return new TransactionWrites(
                transaction.commitLsn(),
                transaction.endLsn(),
                transaction.xid(),
                transaction.committedAt(),
                List.copyOf(changes));
    }

    /**
     * One change of the transaction that committed at {@code commitLsn}; it does not depend on the other changes.
     *
     * @throws TransformProblem when it cannot become writes
     */
    public ChangeWrites transform(LogSequenceNumber commitLsn, RowChange change) {
        TablePlan plan = plan(change);
        if (plan == null) {
            return entry(commitLsn, change, "", null, false, List.of());
        }
        Transition transition = plan.read(change);
        String key = transition.subject().key();
        return entry(commitLsn, change, key, plan.formerKey(transition), true, plan.writes(transition));
    }

    /**
     * What a row becomes that is already there: the same as if it were inserted now. It has no event, so none is hashed.
     *
     * @param values of all its columns, in the contract's order; a map of millions of rows would cost more than their writes
     * @throws TransformProblem when it cannot become writes
     */
    public LoadRow load(TableName table, List<ColumnValue> values) {
        TablePlan plan = planOfLoaded(table);
        Transition transition = plan.created(values);
        return new LoadRow(transition.subject().key(), plan.writes(transition));
    }

    /** The key of such a row; empty when it has none that can be read. */
    public String keyOfLoaded(TableName table, List<ColumnValue> values) {
        try {
            return planOfLoaded(table).created(values).subject().key();
        } catch (TransformProblem unreadable) {
            return "";
        }
    }

    private TablePlan planOfLoaded(TableName table) {
        TablePlan plan = plans.get(table);
        if (plan == null) {
            throw new IllegalArgumentException("the contract does not map table %s".formatted(table));
        }
        return plan;
    }

    /**
     * A change that cannot become writes, as it stands in its transaction while it is parked: with its receipt's facts and
     * with the keys that later changes of its row wait for. It answers for every change; one that names no row, or no row
     * that can be read, has an empty key.
     */
    public ChangeWrites withoutWrites(LogSequenceNumber commitLsn, RowChange change) {
        TablePlan plan = plans.get(change.table());
        if (plan == null) {
            return entry(commitLsn, change, "", null, !unmapped.contains(change.table()), List.of());
        }
        try {
            Transition transition = plan.read(change);
            String key = transition.subject().key();
            return entry(commitLsn, change, key, plan.formerKey(transition), true, List.of());
        } catch (TransformProblem unreadable) {
            return entry(commitLsn, change, "", null, true, List.of());
        }
    }

    /** The source columns of a table that decide what its rows become, its key included; none when it is not mapped. */
    public Set<String> inputs(TableName table) {
        return inputs.getOrDefault(table, Set.of());
    }

    /** The plan of the change's table; null for a table out of scope. */
    private @Nullable TablePlan plan(RowChange change) {
        TablePlan plan = plans.get(change.table());
        if (plan == null && !unmapped.contains(change.table())) {
            throw new TransformProblem(
                    TransformProblem.Code.SCHEMA_DRIFT,
                    change.table(),
                    change.changeIndex(),
                    "the contract does not know the table");
        }
        return plan;
    }

    private static ChangeWrites entry(
            LogSequenceNumber commitLsn,
            RowChange change,
            String key,
            @Nullable String formerKey,
            boolean inScope,
            List<ShadowWrite> writes) {
        EventDigest digest = EventDigest.of(commitLsn, change);
        return new ChangeWrites(
                change.changeIndex(),
                change.table().toString(),
                key,
                formerKey,
                operation(change),
                HEX.toHexDigits(digest.h0()) + HEX.toHexDigits(digest.h1()),
                inScope,
                writes);
    }

    private static Operation operation(RowChange change) {
        return switch (change) {
            case RowChange.Insert _ -> Operation.INSERT;
            case RowChange.Update _ -> Operation.UPDATE;
            case RowChange.Delete _ -> Operation.DELETE;
            case RowChange.Truncate _ -> Operation.TRUNCATE;
        };
    }
}
