package io.shadowwrite.slotreader.reading;

import io.shadowwrite.protocol.PatientCaller;
import io.shadowwrite.protocol.PositionReport;
import io.shadowwrite.protocol.ReaderPosition;
import io.shadowwrite.protocol.ReceiptBatch;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.Side;
import io.shadowwrite.protocol.VerifierState;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This reader's side of the conversation with shadow-api. Needs no session: a receipt sent twice is one receipt. */
final class ShadowLink {

    private static final Logger log = LoggerFactory.getLogger(ShadowLink.class);
    private static final long NO_EPOCH = 0;

    private final ShadowApi api;
    private final PatientCaller patient;
    private final Progress progress;
    private final Duration reportInterval;

    private long reportedAtNanos = System.nanoTime();

    ShadowLink(ShadowApi api, PatientCaller patient, Progress progress, Duration reportInterval) {
        this.api = api;
        this.patient = patient;
        this.progress = progress;
        this.reportInterval = reportInterval;
    }

    /** The frozen window and the position stored in the target. */
    VerifierState state() throws InterruptedException {
        return patient.call(api::verifierState);
    }

    ReaderPosition attest(ReceiptBatch receipts) throws InterruptedException {
        return patient.call(() -> api.attest(receipts));
    }

    /** Tells how this reader is doing, when it has not for a while. An API that is away misses the report. */
    void reportIfDue() {
        if (System.nanoTime() - reportedAtNanos >= reportInterval.toNanos()) {
            report();
        }
    }

    void report() {
        reportedAtNanos = System.nanoTime();
        Progress.Situation situation = progress.situation();
        PositionReport report = new PositionReport(
                Side.VERIFIER,
                NO_EPOCH,
                progress.received(),
                progress.flushed(),
                situation.state().name(),
                situation.reason());
        if (patient.once(() -> api.report(report)).isEmpty()) {
            log.debug("A report of {} was missed", report.state());
        }
    }
}
