package io.shadowwrite.consumer.delivery;

import io.shadowwrite.delivery.Halt;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known of a large transaction that did not get through, until it does; it survives the stream it came from. A
 * process that forgets it learns it again. For the delivery thread.
 */
final class LongSetback {

    /** Each costs reading the transaction twice more. */
    static final int MOST_REFUSALS = 10;

    private static final Logger LOG = LoggerFactory.getLogger(LongSetback.class);

    private final Map<Integer, ShadowProblem> refused = new HashMap<>();
    private final Set<Integer> withoutWrites = new HashSet<>();
    private LogSequenceNumber commitLsn = LogSequenceNumber.INVALID_LSN;
    private int refusals;
    private boolean unread;

    /** From now on it is about this transaction; what is known of another is forgotten. */
    void concerns(LogSequenceNumber transaction) {
        if (!transaction.equals(commitLsn)) {
            commitLsn = transaction;
            refused.clear();
            withoutWrites.clear();
            refusals = 0;
            unread = false;
        }
    }

    /** Something of it must be parked before it is sent again. */
    boolean mustBeRead() {
        return unread;
    }

    /** A change of it cannot be expressed. */
    void inexpressible(String why) {
        LOG.warn("The transaction that committed at {} is read for what to park: {}", commitLsn.asString(), why);
        unread = true;
    }

    /**
     * A change of it is refused.
     *
     * @throws ShadowProblem the problem itself, when it names no change
     * @throws Halt when too many were refused already
     */
    void refused(ShadowProblem problem) {
        NamedChange named = NamedChange.in(problem);
        if (problem.type() != ProblemType.WRITE_REJECTED
                || named == null
                || !named.commitLsn().equals(commitLsn)) {
            throw problem;
        }
        if (refusals == MOST_REFUSALS) {
            throw new Halt(
                    "%s; %d changes of this large transaction were parked already, and each takes reading it again. Repair the target, then restart the consumer. See %s"
                            .formatted(
                                    problem.getMessage(),
                                    MOST_REFUSALS,
                                    problem.type().runbookAnchor()));
        }
        refusals++;
        refused.put(named.changeIndex(), problem);
        inexpressible(problem.detail());
    }

    /** Why a change must be parked; null when nothing is known against it. */
    @Nullable ShadowProblem refusalOf(int changeIndex) {
        return refused.get(changeIndex);
    }

    void parkedWithoutWrites(int changeIndex) {
        withoutWrites.add(changeIndex);
    }

    /** Everything that stood in its way is parked. */
    void read() {
        refused.clear();
        unread = false;
    }

    /** Changes that cannot be expressed and are parked. */
    Set<Integer> withoutWrites() {
        return Set.copyOf(withoutWrites);
    }
}
