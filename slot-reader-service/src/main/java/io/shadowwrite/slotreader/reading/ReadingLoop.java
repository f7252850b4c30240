package io.shadowwrite.slotreader.reading;

import io.shadowwrite.contract.Contract;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ReaderPosition;
import io.shadowwrite.protocol.ReaderState;
import io.shadowwrite.protocol.ReceiptBatch;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.VerifierState;
import io.shadowwrite.protocol.Window;
import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.source.SourceIdentity;
import io.shadowwrite.replication.stream.Batch;
import io.shadowwrite.replication.stream.ChangeStream;
import io.shadowwrite.replication.stream.SlotSettings;
import io.shadowwrite.replication.wal2json.Wal2JsonOptions;
import io.shadowwrite.slotreader.SlotReaderProperties;
import java.time.Duration;
import org.postgresql.replication.LogSequenceNumber;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the reading thread does until it is told to stop: take the slot, attest every change; and again when the source or
 * the slot was lost. What only a person can decide halts it: then nothing more is acknowledged, and it says why.
 */
final class ReadingLoop implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(ReadingLoop.class);

    /** Short enough to notice a stop; while nothing happens this is how often the loop turns. */
    private static final Duration IDLE_WAIT = Duration.ofMillis(250);

    private final String migrationId;
    private final SlotReaderProperties.Reading settings;
    private final Contract contract;
    private final SlotSettings slot;
    private final SourceChecks checks;
    private final Receipts receipts;
    private final ShadowLink shadow;
    private final Progress progress;
    private final ReadingMetrics metrics;
    private final StopSignal stop;

    ReadingLoop(
            SlotReaderProperties settings,
            Contract contract,
            SlotSettings slot,
            SourceChecks checks,
            ShadowLink shadow,
            Progress progress,
            ReadingMetrics metrics,
            StopSignal stop) {
        this.migrationId = settings.migrationId();
        this.settings = settings.reading();
        this.contract = contract;
        this.slot = slot;
        this.checks = checks;
        this.receipts = new Receipts(new SourceKeys(contract), this.settings.maxReceipts());
        this.shadow = shadow;
        this.progress = progress;
        this.metrics = metrics;
        this.stop = stop;
    }

    @Override
    public void run() {
        try {
            while (!stop.raised()) {
                goRound();
            }
        } catch (InterruptedException stopping) {
            log.debug("The reading leaves a wait", stopping);
        } catch (RuntimeException | Error fatal) {
            // Whatever it is: a thread that ends without a word would look like a quiet source.
            halt(fatal);
        }
        progress.become(ReaderState.STOPPING, null);
    }

    private void goRound() throws InterruptedException {
        try {
            takeSlotAndAttest();
        } catch (StreamProblem problem) {
            if (!problem.retryable()) {
                throw problem;
            }
            boolean taken = problem.code() == StreamProblem.Code.SLOT_IN_USE;
            retryLater(taken ? ReaderState.WAITING_FOR_SLOT : ReaderState.STARTING, problem);
        } catch (ShadowProblem problem) {
            if (problem.type() != ProblemType.WINDOW_NOT_OPEN) {
                throw problem;
            }
            retryLater(ReaderState.STARTING, problem);
        }
    }

    private void takeSlotAndAttest() throws InterruptedException {
        VerifierState state = shadow.state();
        requireSameWindow(state.window());
        try (ChangeStream stream = open(state)) {
            checks.tables();
            progress.attach(stream);
            progress.applied(state.position());
            progress.become(ReaderState.STREAMING, null);
            shadow.report();
            attest(stream);
        } finally {
            progress.detach();
        }
    }

    private void attest(ChangeStream stream) throws InterruptedException {
        LogSequenceNumber attested = stream.start();
        while (!stop.raised()) {
            Batch batch = stream.take(settings.maxReceipts(), IDLE_WAIT);
            if (!batch.transactions().isEmpty() || batch.completeBelow().compareTo(attested) > 0) {
                for (ReceiptBatch request : receipts.of(batch)) {
                    post(stream, request);
                }
                attested = batch.completeBelow();
            }
            shadow.reportIfDue();
        }
    }

    /** Only here does the source learn that it may forget, and only what the API said is durable in the target. */
    private void post(ChangeStream stream, ReceiptBatch request) throws InterruptedException {
        ReaderPosition answer = shadow.attest(request);
        progress.applied(answer.position());
        metrics.attested(request.receipts());
        // After a take-over the stored position can be ahead of what the stream has handed out so far.
        LogSequenceNumber handedOut = request.completeBelow();
        stream.applied(answer.position().compareTo(handedOut) < 0 ? answer.position() : handedOut);
    }

    private ChangeStream open(VerifierState state) throws InterruptedException {
        try {
            return ChangeStream.open(expecting(state.window()), state.position());
        } catch (StreamProblem problem) {
            boolean moved = problem.code() == StreamProblem.Code.SLOT_AHEAD
                    && shadow.state().position().compareTo(state.position()) > 0;
            if (moved) {
                throw new StreamProblem(
                        StreamProblem.Code.SLOT_IN_USE,
                        "another instance moved the slot since we asked for the position",
                        "Wait",
                        problem);
            }
            throw problem;
        }
    }

    private void requireSameWindow(Window window) {
        if (!window.migrationId().equals(migrationId) || !window.verifierSlot().equals(slot.slotName())) {
            throw new Halt(
                    "WINDOW_MISMATCH: the window is of migration %s and slot %s, this reader of %s and %s. Set shadow.migration-id and shadow.slot.name"
                            .formatted(window.migrationId(), window.verifierSlot(), migrationId, slot.slotName()));
        }
        if (!window.contractHash().equals(contract.sha256())) {
            throw new Halt(
                    "CONTRACT_MISMATCH: the window was opened with contract %s, this reader runs %s. Start it with the contract of the window"
                            .formatted(window.contractHash(), contract.sha256()));
        }
        String options = Wal2JsonOptions.frozen().hash();
        if (!window.optionsHash().equals(options)) {
            throw new Halt(
                    "OPTIONS_DRIFT: the window was opened with decoding options %s, this reader uses %s. Run the version that opened the window"
                            .formatted(window.optionsHash(), options));
        }
    }

    /** The stream itself refuses another server or timeline than that of the window. */
    private SlotSettings expecting(Window window) {
        return slot.expecting(new SourceIdentity(window.systemIdentifier(), window.timeline(), 0));
    }

    private void retryLater(ReaderState state, RuntimeException reason) throws InterruptedException {
        progress.become(state, reason.getMessage());
        stop.await(settings.retryPause());
    }

    /** Stays, so that the reason can be read here and at the API; the way out is a restart by an operator. */
    private void halt(Throwable fatal) {
        progress.become(ReaderState.HALTED, reason(fatal));
        try {
            while (!stop.raised()) {
                reportHalt();
                stop.await(settings.reportInterval());
            }
        } catch (InterruptedException stopping) {
            log.debug("The halted reading stops", stopping);
        }
    }

    private void reportHalt() {
        try {
            shadow.report();
        } catch (ShadowProblem refused) {
            log.debug("The report of the halt was refused", refused);
        }
    }

    private static String reason(Throwable fatal) {
        return switch (fatal) {
            case Halt halt -> String.valueOf(halt.getMessage());
            case StreamProblem problem -> String.valueOf(problem.getMessage());
            case ShadowProblem problem ->
                problem.getMessage() + ". See " + problem.type().runbookAnchor();
            default -> {
                log.error("The reading failed unexpectedly", fatal);
                yield "UNEXPECTED: " + fatal.getClass().getName() + ". See the log of the slot reader";
            }
        };
    }
}
