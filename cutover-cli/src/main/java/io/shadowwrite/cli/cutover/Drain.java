package io.shadowwrite.cli.cutover;

import io.shadowwrite.protocol.ReaderPosition;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.Side;
import java.time.Duration;
import java.util.List;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Waits until the consumer stands at the final LSN and the slot reader has passed a mark behind it; for one that has halted
 * nobody waits, because only a person can let it go on.
 */
record Drain(ShadowApi api, GateHold gate, StepLines lines, Duration bound) {

    private static final String NOT_DRAINED = "NOT_DRAINED";
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration TOLD_EVERY = Duration.ofSeconds(2);

    /**
     * How far both are.
     *
     * @param left bytes of WAL that the slower one has before it
     */
    private record Distance(boolean there, long left) {}

    void until(LogSequenceNumber finalLsn, LogSequenceNumber behind) throws InterruptedException {
        long began = System.nanoTime();
        long told = began;
        Distance first = distance(finalLsn, behind);
        Distance now = first;
        while (!now.there()) {
            gate.check();
            long nanos = System.nanoTime();
            if (nanos - began >= bound.toNanos()) {
                throw new CutoverBlocked(
                        NOT_DRAINED,
                        "the readers did not reach the final LSN within %ds, %d bytes are left"
                                .formatted(bound.toSeconds(), now.left()));
            }
            if (nanos - told >= TOLD_EVERY.toNanos()) {
                told = nanos;
                lines.line(progress(first.left(), now.left(), (nanos - began) / 1e9));
            }
            Thread.sleep(PAUSE);
            now = distance(finalLsn, behind);
        }
    }

    private static String progress(long first, long left, double seconds) {
        double rate = (first - left) / seconds;
        return "bytes drain %d left, %.0f/s%s"
                .formatted(left, rate, rate > 0 ? ", about %d s left".formatted(Math.round(left / rate)) : "");
    }

    private Distance distance(LogSequenceNumber finalLsn, LogSequenceNumber behind) {
        try {
            List<ReaderPosition> readers = api.positions();
            readers.forEach(Drain::requireThatItWorks);
            LogSequenceNumber consumer = position(readers, Side.CONSUMER);
            LogSequenceNumber slotReader = position(readers, Side.VERIFIER);
            return new Distance(
                    consumer.equals(finalLsn) && slotReader.compareTo(behind) >= 0,
                    Math.max(left(consumer, finalLsn), left(slotReader, behind)));
        } catch (ShadowProblem problem) {
            if (!problem.retryable()) {
                throw problem;
            }
            // It answers again within the bound, or the attempt ends with it.
            return new Distance(false, Long.MAX_VALUE);
        }
    }

    private static void requireThatItWorks(ReaderPosition reader) {
        if (reader.state().equals("HALTED")) {
            throw new CutoverBlocked(
                    NOT_DRAINED, "the reader %s has halted: %s".formatted(reader.side(), reader.reason()));
        }
    }

    private static long left(LogSequenceNumber position, LogSequenceNumber goal) {
        return Math.max(0, goal.asLong() - position.asLong());
    }

    private static LogSequenceNumber position(List<ReaderPosition> readers, Side side) {
        return readers.stream()
                .filter(reader -> reader.side() == side)
                .map(ReaderPosition::position)
                .findFirst()
                .orElseThrow(() -> new CutoverBlocked(NOT_DRAINED, "shadow-api knows no position of " + side));
    }
}
