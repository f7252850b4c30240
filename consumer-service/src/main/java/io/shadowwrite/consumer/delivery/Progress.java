package io.shadowwrite.consumer.delivery;

import io.shadowwrite.protocol.ReaderState;
import io.shadowwrite.replication.stream.ChangeStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the delivery is doing and how far it is. Written by the delivery thread, read by any. */
final class Progress {

    /**
     * A state and why.
     *
     * @param reason for people; null where the state explains itself
     */
    record Situation(ReaderState state, @Nullable String reason) {}

    private static final Logger log = LoggerFactory.getLogger(Progress.class);
    private static final LogSequenceNumber NOWHERE = LogSequenceNumber.valueOf(0);

    private volatile Situation situation = new Situation(ReaderState.STARTING, null);
    private volatile LogSequenceNumber received = NOWHERE;
    private volatile LogSequenceNumber applied = NOWHERE;
    private volatile LogSequenceNumber flushed = NOWHERE;
    private volatile @Nullable ChangeStream stream;

    /** The one place where the state changes; one line is logged when it does. */
    void become(ReaderState next, @Nullable String reason) {
        Situation before = situation;
        if (before.state() == next && Objects.equals(before.reason(), reason)) {
            return;
        }
        if (!before.state().mayBecome(next)) {
            throw new IllegalStateException(before.state() + " cannot become " + next);
        }
        situation = new Situation(next, reason);
        if (next == ReaderState.HALTED) {
            log.error("{} -> HALTED at {}: {}", before.state(), applied.asString(), reason);
        } else {
            log.info("{} -> {} at {}{}", before.state(), next, applied.asString(), reason == null ? "" : ": " + reason);
        }
    }

    void attach(ChangeStream opened) {
        stream = opened;
    }

    void detach() {
        received = received();
        flushed = flushed();
        stream = null;
    }

    void applied(LogSequenceNumber position) {
        applied = position;
    }

    Situation situation() {
        return situation;
    }

    LogSequenceNumber received() {
        ChangeStream current = stream;
        return current == null ? received : current.received();
    }

    LogSequenceNumber applied() {
        return applied;
    }

    LogSequenceNumber flushed() {
        ChangeStream current = stream;
        return current == null ? flushed : current.flushed();
    }

    int inFlightChanges() {
        ChangeStream current = stream;
        return current == null ? 0 : current.inFlightChanges();
    }

    long inFlightBytes() {
        ChangeStream current = stream;
        return current == null ? 0 : current.inFlightBytes();
    }
}
