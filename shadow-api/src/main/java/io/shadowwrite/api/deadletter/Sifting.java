package io.shadowwrite.api.deadletter;

import io.shadowwrite.api.write.Parking.Event;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.LetterClass;
import io.shadowwrite.protocol.LetterState;
import io.shadowwrite.protocol.Operation;
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

    /**
     * A letter of a change of the batch itself, or of the transaction of which it is a part: open, or given up in advance.
     *
     * @param rows by the keys that the change names
     */
    record Known(long id, LetterClass letterClass, LetterState state, boolean corrected, List<Row> rows) {

        /** Nobody has said yet what becomes of it. */
        boolean halts() {
            return letterClass == LetterClass.HALTING && !corrected;
        }
    }

    /** A source row by one of its keys. */
    record Row(String sourceTable, String sourceKey) {

        static List<Row> of(ChangeWrites change) {
            return of(change.sourceTable(), change.sourceKey(), change.formerKey());
        }

        /** The same. */
        static List<Row> of(String sourceTable, String sourceKey, @Nullable String formerKey) {
            Row after = new Row(sourceTable, sourceKey);
            return formerKey == null ? List.of(after) : List.of(after, new Row(sourceTable, formerKey));
        }

        /** Whether the change gives a row the key that it has afterwards. */
        static boolean arrives(ChangeWrites change) {
            return change.inScope() && (change.formerKey() != null || change.operation() == Operation.INSERT);
        }

        /** The key that the change takes from its row; null when it takes none. */
        static @Nullable Row left(ChangeWrites change) {
            if (change.formerKey() != null) {
                return new Row(change.sourceTable(), change.formerKey());
            }
            return change.operation() == Operation.DELETE ? new Row(change.sourceTable(), change.sourceKey()) : null;
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
        Map<Event, Long> arrivals = new HashMap<>();
        Passage passage = new Passage(known, firsts, transaction, arrivals);
        Map<Event, Long> more = passage.arrivalsBeforeDepartures();
        // Each try keeps at least one more change back.
        while (!more.isEmpty()) {
            arrivals.putAll(more);
            passage = new Passage(known, firsts, transaction, arrivals);
            more = passage.arrivalsBeforeDepartures();
        }
        passage.added().forEach((row, first) -> firsts.merge(row, first, Sifting::earlier));
        parked.addAll(passage.parked());
        parking.addAll(passage.parking());
        passed.addAll(passage.passed());
        return passage.left();
    }

    /** The one that comes first in the stream. */
    static First earlier(First one, First other) {
        return one.event().compareTo(other.event()) <= 0 ? one : other;
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
