package io.shadowwrite.api.fold;

import io.shadowwrite.contract.TargetModel;
import io.shadowwrite.contract.TargetModel.OnDelete;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.ShadowWrite;
import io.shadowwrite.protocol.TransactionWrites;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Folds the writes of one model, in order, into a {@link Plan}. Belongs to one request and one thread. */
public final class ModelFold {

    private final ModelColumns columns;
    private final Map<List<String>, RowState> states = new LinkedHashMap<>();
    private final Set<RowState> touched = new LinkedHashSet<>();
    private final KeyMapChanges keyMap;
    private Plan plan = new Plan();

    /**
     * @param found what the target holds for each key that the writes name; a key that is absent has never been there
     */
    public ModelFold(ModelColumns columns, Map<List<String>, Found> found) {
        this.columns = columns;
        this.keyMap = new KeyMapChanges(columns.model().name());
        found.forEach((key, row) -> states.put(key, state(key, row)));
    }

    private static RowState state(List<String> key, Found found) {
        RowState state = new RowState(key);
        state.live = found.open() && !found.archived();
        state.stored = found.open();
        state.row = found.row();
        state.open = found.open();
        state.openArchived = found.archived();
        state.openFromMicros = found.fromMicros();
        state.boundaryMicros =
                found.untilMicros() == null ? Long.MIN_VALUE : Math.max(found.fromMicros() + 1, found.untilMicros());
        return state;
    }

    public ModelColumns columns() {
        return columns;
    }

    public KeyMapChanges keyMap() {
        return keyMap;
    }

    /** What was planned since the last call. */
    public Plan takePlan() {
        Plan taken = plan;
        plan = new Plan();
        states.values().forEach(state -> state.pending = null);
        return taken;
    }

    /**
     * Folds one write.
     *
     * @return whether it changed the target
     * @throws ShadowProblem WRITE_REJECTED when it leaves out a column whose value is not known
     */
    public boolean write(ShadowWrite write, Origin origin) {
        RowState state = states.computeIfAbsent(columns.key(write.key()), RowState::new);
        if (touched.add(state)) {
            state.liveBefore = state.live;
            state.removedInside = false;
        }
        return switch (write.action()) {
            case UPSERT -> upsert(state, write, origin);
            case REMOVE -> remove(state, origin);
        };
    }

    private boolean upsert(RowState state, ShadowWrite write, Origin origin) {
        @Nullable List<@Nullable String> row = columns.merge(state.key, write.values(), base(state, write, origin));
        if (row == null) {
            throw incomplete(write, origin);
        }
        state.row = row;
        state.live = true;
        state.dirty = true;
        state.lastUpsert = origin;
        return true;
    }

    private @Nullable List<@Nullable String> base(RowState state, ShadowWrite write, Origin origin) {
        if (state.live) {
            return state.row;
        }
        if (write.carryFrom() == null) {
            return null;
        }
        RowState former = states.get(columns.key(write.carryFrom()));
        return former == null ? null : former.carried(origin);
    }

    private ShadowProblem incomplete(ShadowWrite write, Origin origin) {
        String column = columns.firstMissing(write.values());
        return new ShadowProblem(
                ProblemType.WRITE_REJECTED,
                "column %s of model %s is unchanged by the source, but the target has no row to keep it from"
                        .formatted(column, write.model()),
                Map.of(
                        "commit_lsn",
                                Long.toUnsignedString(
                                        origin.transaction().commitLsn().asLong()),
                        "change_index", String.valueOf(origin.changeIndex()),
                        "model", write.model(),
                        "column", column),
                null);
    }

    private static boolean remove(RowState state, Origin origin) {
        if (!state.live) {
            return false;
        }
        state.live = false;
        state.dirty = true;
        state.removedInside = true;
        state.lastRemoval = origin;
        return true;
    }

    /** Plans what the last write needs at once, so that the target sees each change in order. */
    public void settleEach(ShadowWrite write, TransactionWrites transaction) {
        RowState state = states.get(columns.key(write.key()));
        if (state != null) {
            settle(state, transaction);
        }
    }

    /** A source transaction is complete: only what it leaves is visible to anyone. */
    public void endOfTransaction(TransactionWrites transaction) {
        for (RowState state : touched) {
            keyMap.transition(state, transaction);
            if (columns.model() instanceof TargetModel.Scd2) {
                settle(state, transaction);
            }
        }
        touched.clear();
    }

    /** The batch is complete: rows that keep no history are written once. */
    public void endOfBatch() {
        if (columns.model() instanceof TargetModel.Scd2) {
            return;
        }
        states.values().forEach(this::settleInPlace);
    }

    private void settle(RowState state, TransactionWrites transaction) {
        switch (columns.model()) {
            case TargetModel.Scd2 scd2 -> settleVersions(state, transaction, scd2.onDelete());
            case TargetModel.Crud _, TargetModel.Junction _ -> settleInPlace(state);
        }
    }

    private void settleInPlace(RowState state) {
        if (!state.dirty) {
            return;
        }
        if (state.live && state.row != null) {
            plan.upserts().add(state.row);
        } else if (state.stored) {
            plan.deletes().add(state.key);
        }
        state.stored = state.live;
        state.dirty = false;
    }

    private void settleVersions(RowState state, TransactionWrites transaction, OnDelete onDelete) {
        if (!state.dirty) {
            return;
        }
        state.dirty = false;
        boolean openedInside = state.open && transaction.commitLsn().equals(state.openedBy);
        if (state.live) {
            settleLive(state, transaction, openedInside);
        } else {
            settleRemoved(state, transaction, onDelete, openedInside);
        }
    }

    private void settleLive(RowState state, TransactionWrites transaction, boolean openedInside) {
        List<@Nullable String> row = Objects.requireNonNull(state.row);
        if (openedInside) {
            plan.amendments().add(new Plan.Amendment(row, false));
            state.openArchived = false;
            return;
        }
        begin(state, row, false, transaction);
    }

    private void settleRemoved(RowState state, TransactionWrites transaction, OnDelete onDelete, boolean openedInside) {
        boolean neverVisible = !state.open || (state.openArchived && !openedInside);
        if (neverVisible) {
            return;
        }
        boolean archive = onDelete == OnDelete.ARCHIVE;
        if (openedInside && archive && state.replacedOther) {
            plan.amendments().add(new Plan.Amendment(Objects.requireNonNull(state.row), true));
            state.openArchived = true;
        } else if (openedInside) {
            plan.discards().add(state.key);
            state.open = false;
            state.openedBy = null;
        } else if (archive) {
            begin(state, Objects.requireNonNull(state.row), true, transaction);
        } else {
            state.close(state.next(micros(transaction)), plan);
        }
    }

    private void begin(RowState state, List<@Nullable String> row, boolean archived, TransactionWrites transaction) {
        long from = state.next(micros(transaction));
        boolean replaces = state.open;
        if (replaces) {
            state.close(from, plan);
        }
        state.openVersion(new Version(row, from, archived), transaction.commitLsn(), replaces, plan);
    }

    private static long micros(TransactionWrites transaction) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, transaction.committedAt());
    }
}
