package io.shadowwrite.api.fold;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * One target row while a batch is folded: what the target holds once everything planned so far is done. Belongs to one
 * request and one thread.
 */
final class RowState {

    final List<String> key;

    /** There is a row (SCD2: a current version that is not archived). */
    boolean live;

    /** Canonical texts of the live row, or of the row that was removed last; null when never read. */
    @Nullable List<@Nullable String> row;

    /** SCD2: there is a version without end, archived or not. */
    boolean open;

    boolean openArchived;
    long openFromMicros;

    /** SCD2: the end of the last closed version; no version may begin before. */
    long boundaryMicros = Long.MIN_VALUE;

    /** SCD2: the open version when it is still to be inserted. */
    @Nullable Version pending;

    /** SCD2: the source transaction that opened the open version, when this request did. */
    @Nullable LogSequenceNumber openedBy;

    /** SCD2: opening the open version closed another one. */
    boolean replacedOther;

    /** CRUD: the table holds the row, planned statements not counted. */
    boolean stored;

    /** CRUD: the table does not show the state yet. */
    boolean dirty;

    // Within the current source transaction.
    boolean liveBefore;
    boolean removedInside;

    @Nullable Origin lastUpsert;

    @Nullable Origin lastRemoval;

    RowState(List<String> key) {
        this.key = key;
    }

    /** The row as a change of its key may carry it over: live, or removed by this very change. */
    @Nullable List<@Nullable String> carried(Origin change) {
        boolean removedJustNow = lastRemoval != null
                && lastRemoval
                        .transaction()
                        .commitLsn()
                        .equals(change.transaction().commitLsn())
                && lastRemoval.changeIndex() == change.changeIndex();
        return live || removedJustNow ? row : null;
    }

    long next(long committedMicros) {
        long earliest = open ? openFromMicros + 1 : boundaryMicros;
        return Math.max(committedMicros, earliest);
    }

    void close(long micros, Plan plan) {
        if (pending != null) {
            pending.endAt(micros);
        } else {
            plan.closings().add(new Plan.Closing(key, micros));
        }
        open = false;
        pending = null;
        openedBy = null;
        boundaryMicros = micros;
    }

    void openVersion(Version version, LogSequenceNumber by, boolean replaced, Plan plan) {
        plan.versions().add(version);
        pending = version;
        open = true;
        openArchived = version.archived();
        openFromMicros = version.fromMicros();
        openedBy = by;
        replacedOther = replaced;
    }
}
