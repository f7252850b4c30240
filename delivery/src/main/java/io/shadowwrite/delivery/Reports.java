package io.shadowwrite.delivery;

import io.shadowwrite.protocol.PatientCaller;
import io.shadowwrite.protocol.PositionReport;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.Side;
import io.shadowwrite.replication.stream.Pace;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells shadow-api how a reader is doing. An API that is away misses the report. For the reader's thread. */
public final class Reports {

    private static final Logger LOG = LoggerFactory.getLogger(Reports.class);

    private final ShadowApi api;
    private final PatientCaller patient;
    private final Progress progress;
    private final Side side;
    private final LongSupplier epoch;
    private final Duration interval;
    private final Pace pace;

    private long sentAtNanos;

    /**
     * @param epoch the epoch to speak under, asked for with every report
     * @param interval how often {@link #sendIfDue} sends
     */
    public Reports(
            ShadowApi api,
            PatientCaller patient,
            Progress progress,
            Side side,
            LongSupplier epoch,
            Duration interval,
            Pace pace) {
        this.api = api;
        this.patient = patient;
        this.progress = progress;
        this.side = side;
        this.epoch = epoch;
        this.interval = interval;
        this.pace = pace;
        this.sentAtNanos = pace.nanoTime();
    }

    /** Sends when nothing was sent for a while. */
    public void sendIfDue() {
        if (pace.nanoTime() - sentAtNanos >= interval.toNanos()) {
            send();
        }
    }

    public void send() {
        sentAtNanos = pace.nanoTime();
        Progress.Situation situation = progress.situation();
        PositionReport report = new PositionReport(
                side,
                epoch.getAsLong(),
                progress.received(),
                progress.flushed(),
                situation.state().name(),
                situation.reason());
        if (patient.once(() -> api.report(report)).isEmpty()) {
            LOG.debug("A report of {} was missed", report.state());
        }
    }
}
