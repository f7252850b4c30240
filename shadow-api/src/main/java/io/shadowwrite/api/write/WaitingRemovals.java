package io.shadowwrite.api.write;

import io.shadowwrite.api.problem.SqlProblem;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;

/**
 * Rows of one source transaction that are to go as soon as nothing refers to them any more. Keeps their keys only, and no more
 * than {@link #MOST} of them; tries them again as sets, and {@link #MOST_TRIES} times at most. Belongs to one request and one
 * thread.
 */
final class WaitingRemovals {

    /** Some 30 MB of keys. */
    static final int MOST = 100_000;

    /** A minute or two of the target's time. */
    static final int MOST_TRIES = 200_000;

    private static final int MOST_AT_ONCE = 1_000;

    private final Deletion deletion;
    private final List<String> childrenFirst;
    private final int most;
    private final int mostTries;

    // Those that have come since the last try, and those that were refused again; each with the index of its change.
    private final LinkedHashMap<Row, Integer> fresh = new LinkedHashMap<>();
    private final LinkedHashMap<Row, Integer> refusedAgain = new LinkedHashMap<>();
    private int tries;

    /** Deletes rows of a model; answers why not, and then has deleted none. */
    @FunctionalInterface
    interface Deletion {
        @Nullable DataAccessException attempt(String model, List<List<String>> keys);
    }

    /** A row that waits. */
    record Row(String model, List<String> key) {}

    /** @param parentsFirst every model */
    WaitingRemovals(Deletion deletion, List<String> parentsFirst) {
        this(deletion, parentsFirst, MOST, MOST_TRIES);
    }

    WaitingRemovals(Deletion deletion, List<String> parentsFirst, int most, int mostTries) {
        this.deletion = deletion;
        this.childrenFirst = parentsFirst.reversed();
        this.most = most;
        this.mostTries = mostTries;
    }

    boolean isEmpty() {
        return fresh.isEmpty() && refusedAgain.isEmpty();
    }

    /**
     * Waits from now on.
     *
     * @throws ShadowProblem WRITE_TOO_LONG when too many do
     */
    void add(Row row, int changeIndex, DataAccessException refusal) {
        if (fresh.size() + refusedAgain.size() >= most) {
            throw tooMany("more than %d rows".formatted(most), row.model(), refusal);
        }
        fresh.put(row, changeIndex);
    }

    /** It is written again, so it stays. */
    void forget(Row row) {
        fresh.remove(row);
        refusedAgain.remove(row);
    }

    /**
     * Tries those that have come since the last time; whether at least one is gone. What is refused a write most often waits for
     * one of these, and the others would be tried in vain each time.
     *
     * @throws ShadowProblem WRITE_TOO_LONG when there were too many tries
     */
    boolean removeFresh() {
        boolean any = anyRemoved(fresh);
        refusedAgain.putAll(fresh);
        fresh.clear();
        return any;
    }

    /** The same with all; each round removes at least one, or is the last. */
    boolean removeAll() {
        boolean any = removeFresh();
        while (anyRemoved(refusedAgain)) {
            any = true;
        }
        return any;
    }

    /** The oldest that still waits, and its change; null when none does. */
    Map.@Nullable Entry<Row, Integer> oldest() {
        return refusedAgain.isEmpty() ? fresh.firstEntry() : refusedAgain.firstEntry();
    }

    private boolean anyRemoved(SequencedMap<Row, Integer> rows) {
        int before = rows.size();
        if (before > 0) {
            childrenFirst.forEach(model -> removeOf(model, rows));
        }
        return rows.size() < before;
    }

    /** The youngest first, because a source logs a parent before its children, also when both are of one table. */
    private void removeOf(String model, SequencedMap<Row, Integer> rows) {
        List<Row> youngestFirst = new ArrayList<>();
        for (Row row : rows.sequencedKeySet().reversed()) {
            if (row.model().equals(model)) {
                youngestFirst.add(row);
            }
        }
        for (int from = 0; from < youngestFirst.size(); from += MOST_AT_ONCE) {
            int to = Math.min(from + MOST_AT_ONCE, youngestFirst.size());
            removeSet(model, youngestFirst.subList(from, to), rows);
        }
    }

    /** As a set; when that is refused in halves, so that few that must stay cost few tries. */
    private void removeSet(String model, List<Row> some, SequencedMap<Row, Integer> rows) {
        DataAccessException refusal =
                deletion.attempt(model, some.stream().map(Row::key).toList());
        tries++;
        if (refusal == null) {
            some.forEach(rows::remove);
            return;
        }
        if (tries > mostTries) {
            throw tooMany("%d removals, tried %d times,".formatted(rows.size(), mostTries), model, refusal);
        }
        if (some.size() > 1) {
            removeSet(model, some.subList(0, some.size() / 2), rows);
            removeSet(model, some.subList(some.size() / 2, some.size()), rows);
        }
    }

    private static ShadowProblem tooMany(String what, String model, DataAccessException refusal) {
        SqlProblem sql = SqlProblem.of(refusal);
        String constraint = sql == null || sql.constraint() == null ? "" : sql.constraint();
        return new ShadowProblem(
                ProblemType.WRITE_TOO_LONG,
                "%s of one source transaction wait for rows that refer to them, the last one of model %s; make the foreign key %s of the target DEFERRABLE INITIALLY DEFERRED, then none has to wait"
                        .formatted(what, model, constraint),
                Map.of("model", model, "constraint", constraint),
                refusal);
    }
}
