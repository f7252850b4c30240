package io.shadowwrite.slotreader.reading;

import io.shadowwrite.delivery.Progress;
import io.shadowwrite.delivery.Reports;
import io.shadowwrite.delivery.Round;
import io.shadowwrite.delivery.SourceChecks;
import io.shadowwrite.delivery.SourceWatch;
import io.shadowwrite.delivery.StopSignal;
import io.shadowwrite.delivery.WindowSlot;
import io.shadowwrite.protocol.ReaderPosition;
import io.shadowwrite.protocol.ReaderState;
import io.shadowwrite.protocol.Receipt;
import io.shadowwrite.protocol.ReceiptBatch;
import io.shadowwrite.protocol.VerifierState;
import io.shadowwrite.replication.stream.Batch;
import io.shadowwrite.replication.stream.ChangeStream;
import io.shadowwrite.replication.stream.Handout;
import io.shadowwrite.replication.stream.Part;
import io.shadowwrite.slotreader.SlotReaderProperties;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Takes the slot and attests every change. Needs no session: a receipt sent twice is one receipt, and one that continues what
 * the target does not have is refused.
 */
final class ReadingRound implements Round {

    /** Short enough to notice a stop; while nothing happens this is how often the loop turns. */
    private static final Duration IDLE_WAIT = Duration.ofMillis(250);

    private final SlotReaderProperties.Reading settings;
    private final WindowSlot slot;
    private final SourceChecks checks;
    private final Duration watchInterval;
    private final Receipts receipts;
    private final ShadowLink shadow;
    private final Reports reports;
    private final Progress progress;
    private final ReadingMetrics metrics;
    private final StopSignal stop;

    ReadingRound(
            SlotReaderProperties.Reading settings,
            WindowSlot slot,
            SourceChecks checks,
            Duration watchInterval,
            Receipts receipts,
            ShadowLink shadow,
            Reports reports,
            Progress progress,
            ReadingMetrics metrics,
            StopSignal stop) {
        this.settings = settings;
        this.slot = slot;
        this.checks = checks;
        this.watchInterval = watchInterval;
        this.receipts = receipts;
        this.shadow = shadow;
        this.reports = reports;
        this.progress = progress;
        this.metrics = metrics;
        this.stop = stop;
    }

    @Override
    public void run() throws InterruptedException {
        VerifierState state = shadow.state();
        try (ChangeStream stream =
                slot.open(state.window(), state.position(), () -> shadow.state().position())) {
            checks.tables();
            progress.attach(stream);
            progress.applied(state.position());
            progress.become(ReaderState.STREAMING, null);
            reports.send();
            try (SourceWatch watch = SourceWatch.start(checks, watchInterval)) {
                attest(stream, watch);
            }
        } finally {
            progress.detach();
        }
    }

    private void attest(ChangeStream stream, SourceWatch watch) throws InterruptedException {
        LogSequenceNumber attested = stream.start();
        @Nullable Receipt last = null;
        while (!stop.raised()) {
            watch.requireFit();
            Handout handout = stream.take(settings.maxReceipts(), IDLE_WAIT);
            if (isNews(handout, attested)) {
                for (ReceiptBatch request : receipts.of(attested, handout, last)) {
                    post(stream, request);
                    last = request.receipts().isEmpty()
                            ? last
                            : request.receipts().getLast();
                }
                attested = handout.completeBelow();
            }
            reports.sendIfDue();
        }
    }

    private static boolean isNews(Handout handout, LogSequenceNumber attested) {
        return switch (handout) {
            case Batch batch ->
                !batch.transactions().isEmpty() || batch.completeBelow().compareTo(attested) > 0;
            case Part _ -> true;
        };
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
}
