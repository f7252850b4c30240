package io.shadowwrite.delivery;

import io.shadowwrite.protocol.ReaderState;
import io.shadowwrite.replication.stream.ChangeStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a reader of a slot is doing and how far it is. Written by the reader's thread, read by any. */
public final class Progress {

    /**
     * A state and why.
     *
     * @param reason for people; null where the state explains itself
     */
    public record Situation(ReaderState state, @Nullable String reason) {}

    private static final Logger LOG = LoggerFactory.getLogger(Progress.class);
    private static final LogSequenceNumber NOWHERE = LogSequenceNumber.valueOf(0);

    private volatile Situation situation = new Situation(ReaderState.STARTING, null);
    private volatile LogSequenceNumber received = NOWHERE;
    private volatile LogSequenceNumber applied = NOWHERE;
    private volatile LogSequenceNumber flushed = NOWHERE;
    private volatile int outOfTurnRounds;
    private volatile @Nullable ChangeStream stream;

    /** The one place where the state changes; one line is logged when it does. */
    public void become(ReaderState next, @Nullable String reason) {
        Situation before = situation;
        if (before.state() == next && Objects.equals(before.reason(), reason)) {
            return;
        }
        if (!before.state().mayBecome(next)) {
            throw new IllegalStateException(before.state() + " cannot become " + next);
        }
        situation = new Situation(next, reason);
        if (next == ReaderState.HALTED) {
            LOG.error("{} -> HALTED at {}: {}", before.state(), applied.asString(), reason);
        } else {
            LOG.info("{} -> {} at {}{}", before.state(), next, applied.asString(), reason == null ? "" : ": " + reason);
        }
    }

    public void attach(ChangeStream opened) {
        stream = opened;
    }

    public void detach() {
        received = received();
        flushed = flushed();
        stream = null;
    }

    public void applied(LogSequenceNumber position) {
        if (!position.equals(applied)) {
            outOfTurnRounds = 0;
        }
        applied = position;
    }

    /** One more round ended because what it sent was out of turn; answers how many did since the position moved. */
    int outOfTurn() {
        int rounds = outOfTurnRounds + 1;
        outOfTurnRounds = rounds;
        return rounds;
    }

    /** Rounds that ended out of turn since the position moved. */
    public int outOfTurnRounds() {
        return outOfTurnRounds;
    }

    public Situation situation() {
        return situation;
    }

    public LogSequenceNumber received() {
        ChangeStream current = stream;
        return current == null ? received : current.received();
    }

    public LogSequenceNumber applied() {
        return applied;
    }

    public LogSequenceNumber flushed() {
        ChangeStream current = stream;
        return current == null ? flushed : current.flushed();
    }

    public int inFlightChanges() {
        ChangeStream current = stream;
        return current == null ? 0 : current.inFlightChanges();
    }

    public long inFlightBytes() {
        ChangeStream current = stream;
        return current == null ? 0 : current.inFlightBytes();
    }
}
