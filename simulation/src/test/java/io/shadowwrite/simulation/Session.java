package io.shadowwrite.simulation;

import io.shadowwrite.simulation.Source.Change;
import io.shadowwrite.simulation.Source.Committed;
import io.shadowwrite.simulation.Source.Slot;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;

/** One reader of a slot, as the driver shows it to the thread that owns the stream. */
final class Session implements PGReplicationStream {

    private static final Duration IDLE = Duration.ofMillis(100);
    private static final Duration SENDER_TIMEOUT = Duration.ofSeconds(10);

    private final Machine machine;
    private final Source source;
    private final Mutation mutation;
    private final Slot slot;
    private final Machine.Host host;
    private final Deque<Message> onTheWay = new ArrayDeque<>();
    private int next;
    private boolean cut;
    private LogSequenceNumber received = Source.lsn(0);
    private LogSequenceNumber flushed = Source.lsn(0);

    /** A message with the position in its header, which goes back where transactions overlap. */
    private record Message(long header, String text) {}

    Session(Machine machine, Source source, Mutation mutation, Slot slot, long start) {
        this.machine = machine;
        this.source = source;
        this.mutation = mutation;
        this.slot = slot;
        this.host = machine.host();
        this.next = source.countBelow(Math.max(start, slot.confirmed));
    }

    /** The server notices after a while that its reader is gone, or says nothing. */
    void watch() {
        do {
            machine.await(() -> isGone() || isSilent(), Long.MAX_VALUE);
            machine.await(() -> isGone() || !isSilent(), SENDER_TIMEOUT.toNanos());
        } while (!isGone() && !isSilent());
        cut = true;
        machine.sleep(machine.upTo(Duration.ofMillis(500)));
        if (slot.reader == this) {
            slot.reader = null;
        }
    }

    private boolean isGone() {
        return cut || host.dead;
    }

    private boolean isSilent() {
        return machine.nanoTime() < host.frozenUntil;
    }

    @Override
    public @Nullable ByteBuffer readPending() throws SQLException {
        if (onTheWay.isEmpty()) {
            machine.await(() -> cut || next < source.log().size() || source.end() > received.asLong(), IDLE.toNanos());
        } else if (machine.chance(30)) {
            machine.sleep(machine.upTo(Duration.ofMillis(2)));
            requireConnected();
            return null;
        }
        requireConnected();
        if (onTheWay.isEmpty() && next < source.log().size()) {
            send(source.log().get(next++));
        }
        Message message = onTheWay.pollFirst();
        // Without a message there is a keepalive; it tells how far the server has sent, which is all there is.
        received = Source.lsn(message == null ? source.end() : message.header());
        return message == null ? null : ByteBuffer.wrap(message.text().getBytes(StandardCharsets.UTF_8));
    }

    private void send(Committed transaction) {
        long began = transaction.commit() - 500;
        String commit = "\"lsn\":\"%s\",\"nextlsn\":\"%s\""
                .formatted(
                        Source.lsn(transaction.commit()).asString(),
                        Source.lsn(transaction.end()).asString());
        String xid = "\"xid\":%d,".formatted(transaction.xid());
        String time = "\"timestamp\":\"2026-11-21 05:29:21.935043+00\",";
        onTheWay.add(new Message(began, "{\"action\":\"B\"," + xid + time + commit + "}"));
        for (Change change : transaction.changes()) {
            onTheWay.add(new Message(began, text(xid, change)));
        }
        if (transaction.changes().size() % 4 == 0) {
            onTheWay.add(new Message(
                    began,
                    "{\"action\":\"M\"," + xid
                            + "\"lsn\":\"0/1\",\"transactional\":true,\"prefix\":\"beat\",\"content\":\"\"}"));
        }
        onTheWay.add(new Message(transaction.end(), "{\"action\":\"C\"," + xid + commit + "}"));
    }

    private static String text(String xid, Change change) {
        String after = ",\"columns\":[{\"name\":\"id\",\"value\":%d},{\"name\":\"name\",\"value\":\"%s\"}]"
                .formatted(change.id(), change.name());
        String before = ",\"identity\":[{\"name\":\"id\",\"value\":%d}]".formatted(change.formerId());
        return "{\"action\":\"%s\",%s\"lsn\":\"0/1\",\"schema\":\"app\",\"table\":\"partner\"%s%s}"
                .formatted(
                        change.action(),
                        xid,
                        change.action() == 'D' ? "" : after,
                        change.action() == 'I' ? "" : before);
    }

    @Override
    public void forceUpdateStatus() throws SQLException {
        requireConnected();
        if (!host.dead) {
            slot.confirmed = Math.max(slot.confirmed, flushed.asLong());
        }
    }

    private void requireConnected() throws SQLException {
        if (cut) {
            throw new SQLException("the connection broke", "08006");
        }
    }

    @Override
    public void setFlushedLSN(LogSequenceNumber position) {
        flushed = mutation == Mutation.CONFIRMS_WHAT_IT_RECEIVED ? received : position;
    }

    @Override
    public LogSequenceNumber getLastReceiveLSN() {
        return received;
    }

    /** Drops the connection. */
    void abandon() {
        cut = true;
    }

    @Override
    public void close() {
        abandon();
    }

    @Override
    public boolean isClosed() {
        return cut;
    }

    @Override
    public void setAppliedLSN(LogSequenceNumber position) {}

    @Override
    public LogSequenceNumber getLastAppliedLSN() {
        throw new UnsupportedOperationException();
    }

    @Override
    public LogSequenceNumber getLastFlushedLSN() {
        throw new UnsupportedOperationException();
    }

    @Override
    public ByteBuffer read() {
        throw new UnsupportedOperationException();
    }
}
