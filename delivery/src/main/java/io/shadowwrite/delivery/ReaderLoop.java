package io.shadowwrite.delivery;

import io.shadowwrite.contract.Contract;
import io.shadowwrite.protocol.ReaderState;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.wal2json.Wal2JsonOptions;
import java.time.Duration;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a reader's thread does until it is told to stop: one {@link Round} after the other, because the source or the slot
 * can be lost. What only a person can decide halts it: then nothing more is acknowledged, and it says why.
 */
public final class ReaderLoop implements Runnable {

    /** Some forty seconds, most of which shadow-api waits for the batch before. */
    static final int MOST_OUT_OF_TURN = 10;

    private static final Logger LOG = LoggerFactory.getLogger(ReaderLoop.class);

    private final Round round;
    private final Contract contract;
    private final Reports reports;
    private final Progress progress;
    private final StopSignal stop;
    private final Pauses pauses;

    /**
     * How long to wait.
     *
     * @param retry before the slot is tried again
     * @param report between two reports of a halt
     */
    public record Pauses(Duration retry, Duration report) {}

    public ReaderLoop(
            Round round, Contract contract, Reports reports, Progress progress, StopSignal stop, Pauses pauses) {
        this.round = round;
        this.contract = contract;
        this.reports = reports;
        this.progress = progress;
        this.stop = stop;
        this.pauses = pauses;
    }

    @Override
    public void run() {
        try {
            while (!stop.raised()) {
                goRound();
            }
        } catch (InterruptedException stopping) {
            LOG.debug("The reader leaves a wait", stopping);
        } catch (RuntimeException | Error fatal) {
            // Whatever it is: a thread that ends without a word would look like a quiet source.
            halt(fatal);
        }
        progress.become(ReaderState.STOPPING, null);
    }

    private void goRound() throws InterruptedException {
        try {
            round.run();
        } catch (StreamProblem problem) {
            if (!problem.retryable()) {
                throw problem;
            }
            boolean taken = problem.code() == StreamProblem.Code.SLOT_IN_USE;
            retryLater(taken ? ReaderState.WAITING_FOR_SLOT : ReaderState.STARTING, problem);
        } catch (ShadowProblem problem) {
            switch (problem.type()) {
                case EPOCH_FENCED -> retryLater(ReaderState.WAITING_FOR_SLOT, problem);
                case WINDOW_NOT_OPEN -> retryLater(ReaderState.STARTING, problem);
                case OUT_OF_TURN -> beginAgain(problem);
                default -> {
                    if (!problem.retryable()) {
                        throw problem;
                    }
                    retryLater(ReaderState.STARTING, problem);
                }
            }
        }
    }

    /**
     * Begins again where the target stands, which is the cure for a target that went back. It is none when the position does
     * not move in between.
     */
    private void beginAgain(ShadowProblem problem) throws InterruptedException {
        int rounds = progress.outOfTurn();
        if (rounds >= MOST_OUT_OF_TURN) {
            throw new Halt(
                    "%s, in %d rounds in a row without the position moving. Compare it with the log of shadow-api. See %s"
                            .formatted(
                                    problem.getMessage(), rounds, problem.type().runbookAnchor()));
        }
        progress.become(
                ReaderState.STARTING, "%s (round %d of %d)".formatted(problem.getMessage(), rounds, MOST_OUT_OF_TURN));
        // Nothing else tells shadow-api: a round reports that it streams, and then is refused.
        report();
        stop.await(pauses.retry());
    }

    private void retryLater(ReaderState state, RuntimeException reason) throws InterruptedException {
        progress.become(state, reason.getMessage());
        stop.await(pauses.retry());
    }

    /** Stays, so that the reason can be read here and at the API; the way out is a restart by an operator. */
    private void halt(Throwable fatal) {
        progress.become(ReaderState.HALTED, reason(fatal));
        try {
            while (!stop.raised()) {
                report();
                stop.await(pauses.report());
            }
        } catch (InterruptedException stopping) {
            LOG.debug("The halted reader stops", stopping);
        }
    }

    private void report() {
        try {
            reports.send();
        } catch (ShadowProblem refused) {
            LOG.debug("The report was refused", refused);
        }
    }

    private String reason(Throwable fatal) {
        return switch (fatal) {
            case Halt halt -> String.valueOf(halt.getMessage());
            case StreamProblem problem -> String.valueOf(problem.getMessage());
            case ShadowProblem problem -> reason(problem);
            default -> {
                LOG.error("The reader failed unexpectedly", fatal);
                yield "UNEXPECTED: " + fatal.getClass().getName() + ". See the log of this reader";
            }
        };
    }

    private String reason(ShadowProblem problem) {
        String own = switch (problem.type()) {
            case CONTRACT_MISMATCH ->
                " (this reader runs contract %s; start it with the contract of the window)"
                        .formatted(contract.sha256());
            case OPTIONS_DRIFT ->
                " (this reader decodes with options %s; run the version that opened the window)"
                        .formatted(Wal2JsonOptions.frozen().hash());
            default -> "";
        };
        String facts = problem.facts().isEmpty() ? "" : " " + new TreeMap<>(problem.facts());
        return "%s%s%s. See %s"
                .formatted(problem.getMessage(), facts, own, problem.type().runbookAnchor());
    }
}
