package io.shadowwrite.verifier;

import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.verification.session.VerificationProblem;
import io.shadowwrite.verification.session.VerificationProblem.Code;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Reads through shadow-api as a comparison needs them: no more at a time than allowed, patient, and all of one state.
 * Safe for any number of threads; those beyond the bound wait.
 */
final class ApiCalls {

    private final Patience patience;
    private final Semaphore free;
    private final LogSequenceNumber position;
    private final AtomicReference<@Nullable Long> writesBeside = new AtomicReference<>();

    /**
     * @param atATime most exchanges under way
     * @param position every answer must be of exactly this one
     */
    ApiCalls(Patience patience, int atATime, LogSequenceNumber position) {
        this.patience = patience;
        this.free = new Semaphore(atATime, true);
        this.position = position;
    }

    LogSequenceNumber position() {
        return position;
    }

    /**
     * The answer; of a stream, what was made of all of it. Never within another: who has a stream would wait for who waits for
     * him.
     *
     * @param what is read, for the problem
     * @throws VerificationProblem READ_FAILED
     */
    <T> T call(String what, Supplier<T> request) {
        free.acquireUninterruptibly();
        try {
            return request.get();
        } catch (ShadowProblem e) {
            throw failed(what, e);
        } finally {
            free.release();
        }
    }

    /** One exchange, repeated while what is wrong passes by itself. */
    <T> T patiently(Supplier<T> request) {
        return patience.call(request);
    }

    private static VerificationProblem failed(String what, ShadowProblem e) {
        return new VerificationProblem(
                Code.READ_FAILED,
                "reading %s through shadow-api failed (%s)".formatted(what, e.getMessage()),
                "See " + e.type().runbookAnchor(),
                e);
    }

    /** @throws VerificationProblem MOVED when the answer is of another position */
    void require(LogSequenceNumber answered) {
        if (!answered.equals(position)) {
            throw new VerificationProblem(
                    Code.MOVED,
                    "shadow-api answers as of %s and not as of the final LSN %s"
                            .formatted(answered.asString(), position.asString()),
                    "Something let the consumer go on; halt it, drain it and begin again",
                    null);
        }
    }

    /**
     * Takes an answer that tells rows: all of them must be of one state, which the position alone does not identify.
     *
     * @param writes how often others than the stream had written; the first answer says how often they may have
     * @throws VerificationProblem MOVED when the answer is of another state
     */
    void require(LogSequenceNumber answered, long writes) {
        require(answered);
        Long first = writesBeside.compareAndExchange(null, writes);
        if (first != null && first.longValue() != writes) {
            throw new VerificationProblem(
                    Code.MOVED,
                    "a dead letter was replayed or a single write came while the target was read at %s"
                            .formatted(position.asString()),
                    "Begin again, and write nothing beside the stream until it ends",
                    null);
        }
    }
}
