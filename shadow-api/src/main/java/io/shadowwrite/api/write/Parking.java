package io.shadowwrite.api.write;

import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.TransactionWrites;
import java.util.List;
import java.util.Set;
import org.postgresql.replication.LogSequenceNumber;

/** Keeps changes back whose row waits as a dead letter. Thread-safe. */
public interface Parking {

    /**
     * Parks what must wait of transactions that are about to be applied; in the caller's transaction, under the window's
     * lock. Asked only while something is parked, and for a long transaction once for each part of it, in order.
     *
     * @throws io.shadowwrite.protocol.ShadowProblem when a person has to decide before the stream goes on
     */
    Sifted sift(List<TransactionWrites> fresh);

    /** One change of the source. */
    record Event(LogSequenceNumber commitLsn, int changeIndex) implements Comparable<Event> {

        public static Event of(TransactionWrites transaction, ChangeWrites change) {
            return new Event(transaction.commitLsn(), change.changeIndex());
        }

        /** The order of the stream. */
        @Override
        public int compareTo(Event other) {
            int byCommit = commitLsn.compareTo(other.commitLsn);
            return byCommit != 0 ? byCommit : Integer.compare(changeIndex, other.changeIndex);
        }
    }

    /**
     * What is left to apply.
     *
     * @param transactions as they came, but for parked changes, which have lost their writes
     */
    record Sifted(List<TransactionWrites> transactions, Set<Event> parked) {

        public Sifted {
            transactions = List.copyOf(transactions);
            parked = Set.copyOf(parked);
        }

        /** Nothing is kept back. */
        public static Sifted nothing(List<TransactionWrites> transactions) {
            return new Sifted(transactions, Set.of());
        }

        boolean isParked(TransactionWrites transaction, ChangeWrites change) {
            return !parked.isEmpty() && parked.contains(Event.of(transaction, change));
        }
    }
}
