package io.shadowwrite.api.fold;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * One target row while a batch is folded: what the target holds once everything planned so far is done. Belongs to one
 * request and one thread.
 */
public final class RowState {

    final List<String> key;

    /** Every write of the batch sets every column, so that nothing of the stored row is needed. */
    boolean onlyWhole = true;

    /** The stored row's values are needed, and not only its existence. */
    boolean needsRow;

    /** SCD2: commit time of the first source transaction of the batch that writes the row. */
    long firstMicros;

    /** Not in place: whether the table holds the row shows when it is written. */
    boolean unknown;

    /** While {@link #unknown}: what made the row if it turns out to be new. */
    @Nullable Origin firstOrigin;

    /** There is a row (SCD2: a current version that is not archived). */
    boolean live;

    /** Canonical texts of the live row, or of the row that was removed last; null when never read. */
    @Nullable List<@Nullable String> row;

    /** SCD2: there is a version without end, archived or not. */
    boolean open;

    /** SCD2: the open version was ended already, where the first version of the batch begins. */
    boolean closedAhead;

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

    /** SCD2: where the version that was closed so began, when it was an archived one. */
    @Nullable Long replacedArchivedFrom;

    /** CRUD: the table holds the row, planned statements not counted. */
    boolean stored;

    /** The target does not show the state yet. */
    boolean dirty;

    /** A write of the current source transaction was about the row. */
    boolean touched;

    /** While {@link #unknown}: the table did not hold the row. */
    boolean appeared;

    // Within the current source transaction.
    boolean liveBefore;
    boolean removedInside;

    /** The row was there, and now belongs to another source key. */
    boolean passedOn;

    /**
     * Rows of those that held the key when another source row came to it, and have yet to leave it: a unique constraint
     * that is checked late lets keys be swapped and shifted. The one that came first leaves first.
     */
    final List<@Nullable List<@Nullable String>> predecessors = new ArrayList<>(0);

    private @Nullable List<@Nullable String> departed;
    private @Nullable Origin lastDeparture;

    /** An earlier part of the same source transaction has touched the row already. */
    boolean recalled;

    @Nullable Origin lastUpsert;

    @Nullable Origin lastRemoval;

    RowState(List<String> key) {
        this.key = key;
    }

    /** A row by its key alone, of which nothing is known yet. */
    public static RowState of(List<String> key) {
        return new RowState(key);
    }

    /** There is a row; SCD2: a current version that is not archived. */
    public boolean isLive() {
        return live;
    }

    /** Canonical texts in contract order. */
    public List<String> key() {
        return key;
    }

    /** Microseconds since 1970 at which the batch's first version of the row wants to begin. */
    public long firstMicros() {
        return firstMicros;
    }

    /** Whether every write of the batch sets every column of the row. */
    public boolean onlyWhole() {
        return onlyWhole;
    }

    /** Whether {@link Found#row()} will be needed. */
    public boolean needsRow() {
        return needsRow;
    }

    /** What the target holds for the key; when this is never called, it holds nothing. */
    public void found(Found found) {
        live = found.open() && !found.archived();
        stored = found.open();
        row = found.row();
        open = found.open();
        openArchived = found.archived();
        openFromMicros = found.fromMicros();
        boundaryMicros =
                found.untilMicros() == null ? Long.MIN_VALUE : Math.max(found.fromMicros() + 1, found.untilMicros());
    }

    /** SCD2: the target held a current version that began before {@link #firstMicros()}, and it was ended there. */
    public void closedAhead() {
        live = true;
        open = true;
        openArchived = false;
        openFromMicros = firstMicros - 1;
        closedAhead = true;
    }

    /** Canonical texts of the row as it is to be stored. */
    public List<@Nullable String> row() {
        return Objects.requireNonNull(row);
    }

    /** The table did not hold the row that was to be overwritten. */
    public void appeared() {
        appeared = true;
    }

    /** The row as a change of its key may carry it over: live, or removed or left by this very change. */
    @Nullable List<@Nullable String> carried(Origin change) {
        if (change.isChangeOf(lastDeparture)) {
            return departed;
        }
        return live || change.isChangeOf(lastRemoval) ? row : null;
    }

    /** Whether this very change took the row away, or moved it on, without anybody knowing what was in it. */
    boolean leftUnread(Origin change) {
        if (change.isChangeOf(lastDeparture)) {
            return departed == null;
        }
        return (live || change.isChangeOf(lastRemoval)) && row == null;
    }

    /** Whether the row stays when a source row leaves its key, because another one has come to it before. */
    boolean outlives(Origin leaving) {
        if (predecessors.isEmpty()) {
            return false;
        }
        departed = predecessors.removeFirst();
        lastDeparture = leaving;
        passedOn = true;
        return true;
    }

    long next(long committedMicros) {
        long earliest = open ? openFromMicros + 1 : boundaryMicros;
        return Math.max(committedMicros, earliest);
    }

    void close(long micros, Plan plan) {
        if (pending != null) {
            pending.endAt(micros);
        } else if (!closedAhead) {
            plan.closings().add(new Plan.Closing(key, micros));
        }
        closedAhead = false;
        open = false;
        pending = null;
        openedBy = null;
        boundaryMicros = micros;
    }

    /** The version that the current source transaction opened never was; what it closed is open again. */
    void reopenArchived(long from, Plan plan) {
        plan.reopenings().add(new Plan.Closing(key, openFromMicros));
        open = true;
        openArchived = true;
        openFromMicros = from;
        pending = null;
        openedBy = null;
        replacedOther = false;
        replacedArchivedFrom = null;
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
