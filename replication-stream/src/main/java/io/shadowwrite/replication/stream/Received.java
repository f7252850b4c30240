package io.shadowwrite.replication.stream;

import io.shadowwrite.replication.SourceTransaction;

/** What the stream thread puts together of messages. */
sealed interface Received permits Received.Whole, Part {

    /** Row changes. */
    int size();

    /** On the wire. */
    long bytes();

    /** A transaction that was small enough to wait for its commit. */
    record Whole(SourceTransaction transaction) implements Received {

        @Override
        public int size() {
            return transaction.changes().size();
        }

        @Override
        public long bytes() {
            return transaction.bytes();
        }
    }
}
