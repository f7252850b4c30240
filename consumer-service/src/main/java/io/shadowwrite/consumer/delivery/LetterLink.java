package io.shadowwrite.consumer.delivery;

import io.shadowwrite.delivery.Halt;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.DeadLetter;
import io.shadowwrite.protocol.LetterClass;
import io.shadowwrite.protocol.LetterState;
import io.shadowwrite.protocol.ParkRequest;
import io.shadowwrite.protocol.PatientCaller;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.ShadowWrite;
import io.shadowwrite.transform.TransformProblem;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Parks changes that cannot be applied, so that all others go on. A letter is durable when this returns, and the same again
 * is answered the same: whoever comes after a consumer that died here sends it once more, or is not refused at all. For one
 * thread at a time, like its patience.
 *
 * @param meanwhile done before each attempt, however many there are
 */
record LetterLink(ShadowApi api, PatientCaller patient, long epoch, Runnable meanwhile) {

    private static final Logger LOG = LoggerFactory.getLogger(LetterLink.class);

    /** In characters. A row larger than that goes without, so that the letter is not too large a request. */
    private static final int LONGEST_PAYLOAD = 8 << 20;

    /** Parks a change that the target refuses; unless it was decided meanwhile, as the next answer to its batch tells. */
    void park(DecodedChange decoded, ChangeWrites change, ShadowProblem refusal) throws InterruptedException {
        try {
            send(decoded, change, LetterClass.REJECTED, refusal.type().name(), refusal.detail(), change.writes());
        } catch (ShadowProblem problem) {
            if (problem.type() != ProblemType.OUT_OF_ORDER) {
                throw problem;
            }
            LOG.info("The letter came too late: {}", problem.detail());
        }
    }

    /**
     * Parks a change that cannot be expressed.
     *
     * @param bare the change without writes
     * @throws Halt when the stream must not pass it and nobody has decided otherwise
     */
    void park(DecodedChange decoded, ChangeWrites bare, TransformProblem problem) throws InterruptedException {
        LetterClass letterClass = mayBePassed(bare, problem) ? LetterClass.REJECTED : LetterClass.HALTING;
        String detail = String.valueOf(problem.getMessage());
        DeadLetter letter = send(decoded, bare, letterClass, problem.code().name(), detail, null);
        if (stands(letter)) {
            throw new Halt(
                    "%s (transaction that committed at %s, dead letter %d). See docs/runbook.md#dead-letter-halts"
                            .formatted(detail, decoded.commitLsn().asString(), letter.id()));
        }
    }

    /** Without the key of its row nobody can tell which later changes wait for it. */
    private static boolean mayBePassed(ChangeWrites bare, TransformProblem problem) {
        return problem.parkable() && !bare.sourceKey().isEmpty();
    }

    /** A halting letter is passed once it is given up, or corrected: it has no writes of its own. */
    private static boolean stands(DeadLetter letter) {
        return letter.letterClass() == LetterClass.HALTING && letter.state() == LetterState.OPEN && !letter.complete();
    }

    private DeadLetter send(
            DecodedChange decoded,
            ChangeWrites change,
            LetterClass letterClass,
            String problem,
            String detail,
            @Nullable List<ShadowWrite> writes)
            throws InterruptedException {
        String payload = decoded.payload();
        ParkRequest request = new ParkRequest(
                epoch,
                decoded.commitLsn(),
                decoded.endLsn(),
                decoded.xid(),
                decoded.committedAt(),
                change.changeIndex(),
                change.sourceTable(),
                change.sourceKey(),
                change.formerKey(),
                change.operation(),
                letterClass,
                problem,
                detail,
                payload.length() > LONGEST_PAYLOAD ? null : payload,
                writes);
        DeadLetter letter = patient.call(() -> {
            meanwhile.run();
            return api.park(request);
        });
        LOG.warn(
                "Change {} of the transaction that committed at {} is dead letter {} ({}): {}",
                change.changeIndex(),
                decoded.commitLsn().asString(),
                letter.id(),
                letter.state(),
                detail);
        return letter;
    }
}
