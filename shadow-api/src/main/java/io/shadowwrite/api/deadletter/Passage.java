package io.shadowwrite.api.deadletter;

import io.shadowwrite.api.deadletter.Sifting.First;
import io.shadowwrite.api.deadletter.Sifting.Known;
import io.shadowwrite.api.deadletter.Sifting.Row;
import io.shadowwrite.api.write.Parking.Event;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.LetterState;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.TransactionWrites;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One try to pass a source transaction, or a part of one: what of it waits. Changes nothing of what it is given. For one thread. */
final class Passage {

    private final Map<Event, Known> known;
    private final Map<Row, First> firsts;
    private final TransactionWrites transaction;
    private final Map<Event, Long> arrivals;

    private final Map<Row, First> added = new HashMap<>();
    private final Map<Event, Long> heads = new HashMap<>();
    private final List<Event> parked = new ArrayList<>();
    private final List<NewLetter> parking = new ArrayList<>();
    private final List<Long> passed = new ArrayList<>();
    private final TransactionWrites left;

    /** @param arrivals changes that wait although nothing before them does, and the letter they wait for */
    Passage(Map<Event, Known> known, Map<Row, First> firsts, TransactionWrites transaction, Map<Event, Long> arrivals) {
        this.known = known;
        this.firsts = firsts;
        this.transaction = transaction;
        this.arrivals = arrivals;
        this.left = pass();
    }

    private TransactionWrites pass() {
        List<ChangeWrites> changes = new ArrayList<>(transaction.changes().size());
        boolean whole = true;
        for (ChangeWrites change : transaction.changes()) {
            boolean waits = waits(change);
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

    private boolean waits(ChangeWrites change) {
        Event event = Event.of(transaction, change);
        Known own = known.get(event);
        if (own != null) {
            keep(event, own);
            return true;
        }
        Long head = change.inScope() ? head(event, change) : null;
        if (head == null) {
            return false;
        }
        parked.add(event);
        heads.put(event, head);
        parking.add(NewLetter.behind(transaction, change, head));
        // It may have given the row another key, and from here on that one waits, too.
        Row.of(change).forEach(row -> added.merge(row, new First(event, head), Sifting::earlier));
        return true;
    }

    private void keep(Event event, Known own) {
        switch (own.state()) {
            case OPEN -> {
                if (own.halts()) {
                    throw halted(own.id());
                }
                heads.put(event, own.id());
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

    private @Nullable Long head(Event event, ChangeWrites change) {
        First earliest = null;
        for (Row row : Row.of(change)) {
            earliest = earliest(event, earliest, firsts.get(row));
            earliest = earliest(event, earliest, added.get(row));
        }
        return earliest == null ? arrivals.get(event) : Long.valueOf(earliest.letter());
    }

    private static @Nullable First earliest(Event event, @Nullable First one, @Nullable First other) {
        if (other == null || other.event().compareTo(event) >= 0) {
            return one;
        }
        return one == null ? other : Sifting.earlier(one, other);
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

    /**
     * Changes that were let through, but give a row the key that another row leaves later on with a change that waits. Both
     * rows have that key for a while, as a deferrable key of the source allows; in the target the waiting one would be
     * lost under the other, and its replay would remove the other.
     *
     * @return with the letter that each has to wait for; empty when this try is right
     */
    Map<Event, Long> arrivalsBeforeDepartures() {
        Map<Row, Long> departures = departuresBeyond();
        Map<Event, Long> found = new HashMap<>();
        for (ChangeWrites change : transaction.changes().reversed()) {
            Event event = Event.of(transaction, change);
            Long head = heads.get(event);
            if (head == null && !departures.isEmpty() && Row.arrives(change) && !known.containsKey(event)) {
                head = departures.get(new Row(change.sourceTable(), change.sourceKey()));
                if (head != null) {
                    found.put(event, head);
                }
            }
            Row departure = head == null ? null : Row.left(change);
            if (departure != null) {
                departures.put(departure, head);
            }
        }
        return found;
    }

    /**
     * Of the letters of later parts of the transaction. Whatever row they are about may leave its key in a change that has no
     * letter yet, because it is not refused and will only be parked behind one of them.
     */
    private Map<Row, Long> departuresBeyond() {
        Map<Row, Long> departures = new HashMap<>();
        int last = transaction.changes().isEmpty()
                ? -1
                : transaction.changes().getLast().changeIndex();
        known.forEach((event, letter) -> {
            if (event.commitLsn().equals(transaction.commitLsn())
                    && event.changeIndex() > last
                    && letter.state() == LetterState.OPEN) {
                letter.rows().forEach(row -> departures.put(row, letter.id()));
            }
        });
        return departures;
    }

    TransactionWrites left() {
        return left;
    }

    /** Rows that wait from here on. */
    Map<Row, First> added() {
        return added;
    }

    List<Event> parked() {
        return parked;
    }

    List<NewLetter> parking() {
        return parking;
    }

    List<Long> passed() {
        return passed;
    }
}
