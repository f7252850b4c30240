package io.shadowwrite.consumer.delivery;

import io.shadowwrite.delivery.Halt;
import io.shadowwrite.delivery.Progress;
import io.shadowwrite.delivery.Reports;
import io.shadowwrite.delivery.StopSignal;
import io.shadowwrite.protocol.LongTransaction;
import io.shadowwrite.protocol.LongTransactionClient;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.WriteResult;
import io.shadowwrite.replication.stream.ChangeStream;
import io.shadowwrite.replication.stream.Part;
import io.shadowwrite.transform.TransformProblem;
import io.shadowwrite.transform.Transformer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Carries a transaction that is too large to be held: reads, transforms and sends it part by part, in one request. What
 * breaks on the way leaves nothing in the target and comes again from the slot. For the delivery thread.
 */
final class LongDelivery {

    /** How often the delivery thread looks after the request. */
    private static final Duration LOOK = Duration.ofMillis(100);

    /** Longest time for shadow-api to take one line, and for the source to send the next part. */
    private static final Duration STALLED_AFTER = Duration.ofMinutes(2);

    private static final Duration BREAK_OFF_BOUND = Duration.ofSeconds(2);

    private final ChangeStream stream;
    private final Transformer transformer;
    private final SpecialValues specials;
    private final LongTransactionClient client;
    private final long epoch;
    private final LongReading reading;
    private final LongSetback setback;
    private final Reports reports;
    private final Progress progress;
    private final DeliveryMetrics metrics;
    private final StopSignal stop;

    LongDelivery(
            ChangeStream stream,
            Transformer transformer,
            SpecialValues specials,
            LongTransactionClient client,
            long epoch,
            LongReading reading,
            LongSetback setback,
            Reports reports,
            Progress progress,
            DeliveryMetrics metrics,
            StopSignal stop) {
        this.stream = stream;
        this.transformer = transformer;
        this.specials = specials;
        this.client = client;
        this.epoch = epoch;
        this.reading = reading;
        this.setback = setback;
        this.reports = reports;
        this.progress = progress;
        this.metrics = metrics;
        this.stop = stop;
    }

    /**
     * Carries the transaction that begins with this part; all before it is applied. What cannot be applied of it is parked
     * on another pass, because a transaction is read to its end before anybody hears that something of it is refused.
     *
     * @return false when it has to come once more
     * @throws ShadowProblem when it was not applied
     * @throws Halt when a change of it must not be passed, or too many are refused
     */
    boolean deliver(LogSequenceNumber continuesFrom, Part first) throws InterruptedException {
        setback.concerns(first.commitLsn());
        if (setback.mustBeRead()) {
            reading.read(first, setback);
            return false;
        }
        try {
            send(continuesFrom, first);
            return true;
        } catch (TransformProblem problem) {
            setback.inexpressible(String.valueOf(problem.getMessage()));
        } catch (ShadowProblem problem) {
            setback.refused(problem);
        }
        return false;
    }

    private void send(LogSequenceNumber continuesFrom, Part first) throws InterruptedException {
        LongTransaction head = new LongTransaction(
                epoch, continuesFrom, first.commitLsn(), first.endLsn(), first.xid(), first.committedAt());
        PartSender sender = new PartSender(stream, transformer, specials, first, setback.withoutWrites());
        WriteResult result = await(sender, new FutureTask<>(() -> client.write(head, sender)));
        boolean repeated = result.replayed() > 0;
        if (repeated) {
            Conservation.requireRepeated(sender.sent(), result);
        } else if (result.applied() == 1) {
            Conservation.require(0, sender.sent(), result);
        }
        LogSequenceNumber position = result.control().position();
        progress.applied(position);
        stream.applied(position.compareTo(first.endLsn()) < 0 ? position : first.endLsn());
        if (result.applied() != 1) {
            throw new ShadowProblem(
                    ProblemType.HOLD_TAKEN, "a hold came before the transaction at " + first.commitLsn());
        }
        metrics.applied(List.of(first.committedAt()), result);
        if (repeated) {
            boolean forgotten = result.forgotten() > 0;
            metrics.repeated(forgotten ? 0 : sender.sent(), forgotten ? sender.sent() : 0);
        }
    }

    /** In a virtual thread, because its waits on the network can be ended. */
    private WriteResult await(PartSender sender, FutureTask<WriteResult> request) throws InterruptedException {
        Thread thread = Thread.ofVirtual().name("consumer-long-transaction").start(request);
        try {
            while (!stop.raised()) {
                requireProgress(sender);
                reports.sendIfDue();
                if (thread.join(LOOK)) {
                    return request.get();
                }
            }
            throw new InterruptedException("stopping");
        } catch (ExecutionException failed) {
            throw rethrown(Objects.requireNonNull(failed.getCause()));
        } finally {
            thread.interrupt();
            thread.join(BREAK_OFF_BOUND);
        }
    }

    private static void requireProgress(PartSender sender) {
        if (sender.sinceLastLine().compareTo(STALLED_AFTER) > 0) {
            throw new ShadowProblem(
                    ProblemType.TARGET_UNAVAILABLE,
                    "nothing of a large transaction was taken for %d s".formatted(STALLED_AFTER.toSeconds()));
        }
    }

    private static RuntimeException rethrown(Throwable cause) {
        return switch (cause) {
            case RuntimeException problem -> problem;
            case Error error -> throw error;
            default -> new IllegalStateException(cause);
        };
    }
}
