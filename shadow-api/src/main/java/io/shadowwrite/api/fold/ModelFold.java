package io.shadowwrite.api.fold;

import io.shadowwrite.api.fold.KeyMapChanges.SourceRow;
import io.shadowwrite.contract.TargetModel;
import io.shadowwrite.contract.TargetModel.OnDelete;
import io.shadowwrite.protocol.Action;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.Operation;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.ShadowWrite;
import io.shadowwrite.protocol.TransactionWrites;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Folds the writes of one model, in order, into a {@link Plan}. Belongs to one request and one thread. */
public final class ModelFold {

    private final ModelColumns columns;
    private final boolean inParts;
    private final Map<List<String>, RowState> states = new LinkedHashMap<>();
    private final List<RowState> touched = new ArrayList<>();
    private final List<RowState> unknown = new ArrayList<>();
    private final KeyMapChanges keyMap;
    private final Settling settling;

    /** @param inParts whether the writes are a part of a source transaction, of which later parts are not known */
    public ModelFold(ModelColumns columns, boolean inParts) {
        this.columns = columns;
        this.inParts = inParts;
        this.keyMap = new KeyMapChanges(columns.model().name());
        this.settling = new Settling(columns.model());
    }

    /** Takes note of a write and of what must be known of its row; for each write of the batch in order, before any {@link #write}. */
    public RowWrite announce(ShadowWrite write, ChangeWrites change, TransactionWrites transaction) {
        RowState state = state(write.key(), transaction);
        return switch (write.action()) {
            case UPSERT -> announceUpsert(write, state, change, transaction);
            case REMOVE -> {
                columns.check(write.values());
                state.onlyWhole = false;
                state.needsRow |= archives();
                yield RowWrite.removal(write, state);
            }
        };
    }

    private RowWrite announceUpsert(
            ShadowWrite write, RowState state, ChangeWrites change, TransactionWrites transaction) {
        boolean arrives = arrives(write, change);
        if (change.formerKey() != null) {
            // A row that is there already belongs to another source key from now on.
            state.onlyWhole = false;
        }
        if (arrives && inParts) {
            // Whose row is there may leave in a later part, and take its values along.
            needRow(state);
        }
        @Nullable List<@Nullable String> whole = columns.whole(state.key, write.values());
        if (whole != null) {
            return RowWrite.whole(write, state, whole, arrives);
        }
        columns.check(write.values());
        needRow(state);
        RowState former = write.carryFrom() == null ? null : state(write.carryFrom(), transaction);
        if (former != null) {
            needRow(former);
        }
        return RowWrite.partial(write, state, former, arrives);
    }

    private static boolean arrives(ShadowWrite write, ChangeWrites change) {
        if (change.operation() == Operation.INSERT) {
            return true;
        }
        for (ShadowWrite other : change.writes()) {
            if (other.action() == Action.REMOVE && other.writeIndex() == write.writeIndex()) {
                return true;
            }
        }
        return false;
    }

    private static void needRow(RowState state) {
        state.onlyWhole = false;
        state.needsRow = true;
    }

    private RowState state(Map<String, String> key, TransactionWrites transaction) {
        List<String> values = columns.key(key);
        RowState state = states.get(values);
        if (state == null) {
            state = new RowState(values);
            state.firstMicros = Settling.micros(transaction);
            states.put(values, state);
        }
        return state;
    }

    private boolean archives() {
        return columns.model() instanceof TargetModel.Scd2 scd2 && scd2.onDelete() == OnDelete.ARCHIVE;
    }

    /** Every row that the announced writes are about. */
    public Collection<RowState> rows() {
        return states.values();
    }

    /** Those of {@link #rows()} of whose stored state nothing is needed but whether there is one. */
    public List<RowState> wholeRows() {
        return states.values().stream().filter(state -> state.onlyWhole).toList();
    }

    /** Leaves it to the writing to find out whether the table holds these rows. */
    public void leaveUnknown(List<RowState> rows) {
        for (RowState state : rows) {
            state.unknown = true;
            unknown.add(state);
        }
    }

    /** The batch was written: what it found out about unknown rows becomes part of {@link #keyMap()}. */
    public void endOfWriting() {
        for (RowState state : unknown) {
            if (state.appeared) {
                keyMap.mapLate(state);
            }
        }
    }

    public ModelColumns columns() {
        return columns;
    }

    public KeyMapChanges keyMap() {
        return keyMap;
    }

    /** What was planned since the last call. */
    public Plan takePlan() {
        return settling.takePlan();
    }

    /**
     * Folds one write.
     *
     * @return whether it changed the target
     * @throws ShadowProblem WRITE_REJECTED when it leaves out a column whose value is not known
     */
    public boolean write(RowWrite write, Origin origin) {
        RowState state = write.state;
        if (!state.touched) {
            state.touched = true;
            touched.add(state);
            if (!state.recalled) {
                state.liveBefore = state.live;
                state.removedInside = false;
                state.passedOn = false;
                state.predecessors.clear();
            }
        }
        return switch (write.write.action()) {
            case UPSERT -> upsert(write, origin);
            case REMOVE -> remove(state, origin);
        };
    }

    private boolean upsert(RowWrite write, Origin origin) {
        RowState state = write.state;
        @Nullable List<@Nullable String> row = write.whole;
        if (row == null) {
            row = columns.merge(state.key, write.write.values(), base(write, origin));
        }
        if (row == null) {
            throw incomplete(write.write, origin);
        }
        if (state.live) {
            state.passedOn |= origin.formerKey() != null;
            if (write.arrives) {
                state.predecessors.add(state.row);
            }
        }
        state.row = row;
        state.live = true;
        state.dirty = true;
        state.lastUpsert = origin;
        return true;
    }

    private @Nullable List<@Nullable String> base(RowWrite write, Origin origin) {
        if (write.former != null && write.former.leftUnread(origin)) {
            throw unread(write.write, origin);
        }
        List<@Nullable String> carried = write.former == null ? null : write.former.carried(origin);
        if (write.arrives) {
            return carried; // the row that is there, if any, is that of another source row
        }
        return write.state.live ? write.state.row : carried;
    }

    private static ShadowProblem unread(ShadowWrite write, Origin origin) {
        return new ShadowProblem(
                ProblemType.BROKEN_INVARIANT,
                "change %d of the transaction committed at %s gives a row of model %s another key, and its former values were not read"
                        .formatted(origin.changeIndex(), origin.transaction().commitLsn(), write.model()));
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
        if (!state.live || state.outlives(origin)) {
            return false;
        }
        state.live = false;
        state.dirty = true;
        state.removedInside = true;
        state.lastRemoval = origin;
        return true;
    }

    /** Plans what the last write needs at once, so that the target sees each change in order. */
    public void settleEach(RowWrite write, TransactionWrites transaction) {
        settling.settle(write.state, transaction);
    }

    /** A source transaction is complete: only what it leaves is visible to anyone. */
    public void endOfTransaction(TransactionWrites transaction) {
        for (RowState state : touched) {
            state.touched = false;
            if (!state.unknown) {
                keyMap.transition(state, transaction);
            } else if (state.firstOrigin == null) {
                state.firstOrigin = state.lastUpsert;
            }
            if (columns.model() instanceof TargetModel.Scd2) {
                settling.settle(state, transaction);
            }
        }
        touched.clear();
    }

    /** What earlier parts of the transaction did to a row; after what the target holds is known, before any {@link #write}. */
    public void recall(RowMemory memory, TransactionWrites transaction) {
        RowState state = states.computeIfAbsent(memory.key(), RowState::new);
        state.recalled = true;
        state.live = memory.live();
        state.liveBefore = memory.liveBefore();
        state.removedInside = memory.removedInside();
        state.passedOn = memory.passedOn();
        state.predecessors.addAll(memory.predecessors());
        state.openedBy = memory.openedInside() ? transaction.commitLsn() : null;
        state.replacedOther = memory.replacedOther();
        state.replacedArchivedFrom = memory.replacedArchivedFrom();
        SourceRow source = memory.lastUpsert();
        state.lastUpsert =
                source == null ? null : new Origin(transaction, -1, source.sourceTable(), source.sourceKey(), null);
    }

    /** A part of a source transaction is complete: the target shows what it leaves, the key map waits for the rest. */
    public List<RowMemory> endOfPart(TransactionWrites transaction) {
        List<RowMemory> memories = new ArrayList<>(touched.size());
        for (RowState state : touched) {
            state.touched = false;
            if (columns.model() instanceof TargetModel.Scd2) {
                settling.settle(state, transaction);
            }
            memories.add(memory(state, transaction));
        }
        touched.clear();
        return memories;
    }

    /** The last part is complete; these are rows that the transaction touched, and this fold writes none of them. */
    public void endOfParts(List<RowMemory> memories, TransactionWrites transaction) {
        for (RowMemory memory : memories) {
            recall(memory, transaction);
            keyMap.transition(Objects.requireNonNull(states.get(memory.key())), transaction);
        }
    }

    private static RowMemory memory(RowState state, TransactionWrites transaction) {
        Origin origin = state.lastUpsert;
        return new RowMemory(
                state.key,
                state.live,
                state.liveBefore,
                state.removedInside,
                state.passedOn,
                state.open && transaction.commitLsn().equals(state.openedBy),
                state.replacedOther,
                state.replacedArchivedFrom,
                origin == null ? null : new SourceRow(origin.sourceTable(), origin.sourceKey()),
                new ArrayList<>(state.predecessors));
    }

    /** The batch is complete: rows that keep no history are written once. */
    public void endOfBatch() {
        if (columns.model() instanceof TargetModel.Scd2) {
            return;
        }
        states.values().forEach(settling::settleInPlace);
    }
}
