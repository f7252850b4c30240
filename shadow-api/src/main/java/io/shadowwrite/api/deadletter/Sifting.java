package io.shadowwrite.api.deadletter;

import io.shadowwrite.api.write.Parking.Event;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.LetterClass;
import io.shadowwrite.protocol.LetterState;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.TransactionWrites;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides, change by change in the order of the stream, what waits. For one batch and one thread; without a database. */
final class Sifting {

    private final Map<Event, Known> known;
    private final Map<Row, First> firsts;
    private final Set<Event> parked = new HashSet<>();
    private final List<NewLetter> parking = new ArrayList<>();
    private final List<Long> passed = new ArrayList<>();

    /** A letter of a change of the batch itself: open, or given up in advance. */
    record Known(long id, LetterClass letterClass, LetterState state, boolean corrected) {

        /** Nobody has said yet what becomes of it. */
        boolean halts() {
            return letterClass == LetterClass.HALTING && !corrected;
        }
    }

    /** A source row by one of its keys. */
    record Row(String sourceTable, String sourceKey) {

        static List<Row> of(ChangeWrites change) {
            Row after = new Row(change.sourceTable(), change.sourceKey());
            return change.formerKey() == null
                    ? List.of(after)
                    : List.of(after, new Row(change.sourceTable(), change.formerKey()));
        }
    }

    /** The first change of a row that waits, and the letter at the head of it all. Changes before it do not wait. */
    record First(Event event, long letter) {}

    /**
     * @param known letters of changes of the batch
     * @param firsts by row; letters of changes of the batch count
     */
    Sifting(Map<Event, Known> known, Map<Row, First> firsts) {
        this.known = Map.copyOf(known);
        this.firsts = new HashMap<>(firsts);
    }

    /** What is left of a transaction to apply. */
    TransactionWrites sift(TransactionWrites transaction) {
        List<ChangeWrites> changes = new ArrayList<>(transaction.changes().size());
        boolean whole = true;
        for (ChangeWrites change : transaction.changes()) {
            boolean waits = waits(transaction, change);
            changes.add(waits ? emptied(change) : change);
            whole &= !waits;
        }
        return whole
                ? transaction
                : new TransactionWrites(
                        transaction.commitLsn(),
                        transaction.endLsn(),
                        transaction.xid(),
                        transaction.committedAt(),
                        List.copyOf(changes));
    }

    private boolean waits(TransactionWrites transaction, ChangeWrites change) {
        Event event = Event.of(transaction, change);
        Known own = known.get(event);
        if (own != null) {
            keep(event, own);
            return true;
        }
        First first = change.inScope() ? first(event, change) : null;
        if (first == null) {
            return false;
        }
        parked.add(event);
        parking.add(NewLetter.behind(transaction, change, first.letter()));
        // It may have given the row another key, and from here on that one waits, too.
        Row.of(change).forEach(row -> firsts.merge(row, new First(event, first.letter()), Sifting::earlier));
        return true;
    }

    private void keep(Event event, Known own) {
        switch (own.state()) {
            case OPEN -> {
                if (own.halts()) {
                    throw halted(own.id());
                }
            }
            case RESOLVED -> passed.add(own.id());
            case RELEASED, REPLAYED ->
                throw new IllegalArgumentException("letter %d keeps nothing".formatted(own.id()));
        }
        parked.add(event);
    }

    private static ShadowProblem halted(long letter) {
        return new ShadowProblem(
                ProblemType.DEAD_LETTER_HALTS,
                "the stream stands before dead letter %d; look at it (GET /shadow/dlq/%d), then let the stream try again (POST /shadow/dlq/%d/replay), say what to apply in its place once the stream has passed (PATCH /shadow/dlq/%d), or pass without it (POST /shadow/dlq/%d/resolve)"
                        .formatted(letter, letter, letter, letter, letter),
                Map.of("dead_letter", String.valueOf(letter)),
                null);
    }

    private @Nullable First first(Event event, ChangeWrites change) {
        First earliest = null;
        for (Row row : Row.of(change)) {
            First first = firsts.get(row);
            if (first != null && first.event().compareTo(event) < 0) {
                earliest = earliest == null ? first : earlier(earliest, first);
            }
        }
        return earliest;
    }

    private static First earlier(First one, First other) {
        return one.event().compareTo(other.event()) <= 0 ? one : other;
    }

    private static ChangeWrites emptied(ChangeWrites change) {
        return new ChangeWrites(
                change.changeIndex(),
                change.sourceTable(),
                change.sourceKey(),
                change.formerKey(),
                change.operation(),
                change.digest(),
                change.inScope(),
                List.of());
    }

    /** Every change that is kept back. */
    Set<Event> parked() {
        return parked;
    }

    /** Letters to be stored. */
    List<NewLetter> parking() {
        return parking;
    }

    /** Letters given up in advance that the stream passes with this batch. */
    List<Long> passed() {
        return passed;
    }
}
