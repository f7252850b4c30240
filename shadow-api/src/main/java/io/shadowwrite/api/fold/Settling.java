package io.shadowwrite.api.fold;

import io.shadowwrite.contract.TargetModel;
import io.shadowwrite.contract.TargetModel.OnDelete;
import io.shadowwrite.protocol.TransactionWrites;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Turns what became of the rows of a model into a {@link Plan} for its table. Belongs to one request and one thread. */
final class Settling {

    private final TargetModel model;
    private final List<RowState> pending = new ArrayList<>();
    private Plan plan = new Plan();

    Settling(TargetModel model) {
        this.model = model;
    }

    /** What was planned since the last call. */
    Plan takePlan() {
        Plan taken = plan;
        plan = new Plan();
        pending.forEach(state -> state.pending = null);
        pending.clear();
        return taken;
    }

    /** Plans what the row needs, so that the table shows it as it is now. */
    void settle(RowState state, TransactionWrites transaction) {
        switch (model) {
            case TargetModel.Scd2 scd2 -> settleVersions(state, transaction, scd2.onDelete());
            case TargetModel.Crud _, TargetModel.Junction _ -> settleInPlace(state);
        }
    }

    /** The same for a row that keeps no history. */
    void settleInPlace(RowState state) {
        if (!state.dirty) {
            return;
        }
        if (state.unknown) {
            plan.overwrites().add(state);
        } else if (state.live && state.row != null) {
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
        if (openedInside && state.replacedArchivedFrom != null) {
            plan.discards().add(state.key);
            state.reopenArchived(state.replacedArchivedFrom, plan);
        } else if (openedInside && archive && state.replacedOther) {
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
        state.replacedArchivedFrom = replaces && state.openArchived ? state.openFromMicros : null;
        if (replaces) {
            state.close(from, plan);
        }
        state.openVersion(new Version(row, from, archived), transaction.commitLsn(), replaces, plan);
        pending.add(state);
    }

    /** Microseconds since 1970 at which the source had its commit. */
    static long micros(TransactionWrites transaction) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, transaction.committedAt());
    }
}
