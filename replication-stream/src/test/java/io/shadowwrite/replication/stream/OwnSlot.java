package io.shadowwrite.replication.stream;

import io.shadowwrite.replication.RowChange;
import io.shadowwrite.replication.SourceTransaction;
import io.shadowwrite.replication.slot.ReplicationSlots;
import io.shadowwrite.replication.slot.SlotInfo;
import io.shadowwrite.replication.source.SourceConnection;
import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.postgresql.replication.LogSequenceNumber;

/** A slot of a test: created at the start, read, and gone with its streams at the end. */
final class OwnSlot implements AutoCloseable {

    static final Duration BOUND = Duration.ofSeconds(10);

    private final Database database;
    private final String name =
            "t_" + Long.toHexString(ThreadLocalRandom.current().nextLong());
    private final LogSequenceNumber consistentPoint;
    private final List<ChangeStream> streams = new ArrayList<>();

    OwnSlot(Database database) {
        this.database = database;
        this.consistentPoint = onSource(
                database,
                connection ->
                        new ReplicationSlots(connection).create(name, BOUND).consistentPoint());
    }

    interface Work<T> {
        T with(Connection connection) throws SQLException;
    }

    static <T> T onSource(Database database, Work<T> work) {
        try (Connection connection = database.connect()) {
            return work.with(connection);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static SourceConnection source(Database database) {
        return new SourceConnection(database.jdbcUrl(), database.user(), database.password());
    }

    String name() {
        return name;
    }

    LogSequenceNumber consistentPoint() {
        return consistentPoint;
    }

    SlotSettings settings() {
        return SlotSettings.of(source(database), name, "replication-test");
    }

    SlotSettings settings(int maxInFlightChanges, int partChanges, int maxMessageBytes) {
        SlotSettings base = settings();
        return new SlotSettings(
                base.connection(),
                name,
                base.applicationName(),
                base.statusInterval(),
                maxInFlightChanges,
                base.maxInFlightBytes(),
                partChanges,
                base.partBytes(),
                maxMessageBytes,
                base.stallAfter(),
                null);
    }

    ChangeStream open() {
        return open(consistentPoint);
    }

    ChangeStream open(LogSequenceNumber start) {
        return open(settings(), start);
    }

    ChangeStream open(SlotSettings settings, LogSequenceNumber start) {
        awaitFree();
        ChangeStream stream = ChangeStream.open(settings, start);
        streams.add(stream);
        return stream;
    }

    SlotInfo info() {
        return onSource(
                database,
                connection -> new ReplicationSlots(connection).find(name).orElseThrow());
    }

    void awaitFree() {
        Await.until("the slot is free", BOUND, () -> !info().active());
    }

    void awaitConfirmed(LogSequenceNumber position) {
        Await.untilValue(
                "the slot confirms " + position,
                BOUND,
                this::info,
                slot -> slot.confirmedFlush() != null && slot.confirmedFlush().compareTo(position) >= 0);
    }

    /** Takes until that many transactions came. */
    static List<SourceTransaction> transactions(ChangeStream stream, int count) throws InterruptedException {
        List<SourceTransaction> taken = new ArrayList<>();
        long deadline = System.nanoTime() + BOUND.toNanos();
        while (taken.size() < count && System.nanoTime() < deadline) {
            taken.addAll(whole(stream.take(1_000, Duration.ofMillis(200))).transactions());
        }
        if (taken.size() != count) {
            throw new AssertionError("expected " + count + " transactions, got " + taken.size());
        }
        return taken;
    }

    /** What was handed out, when it holds whole transactions. */
    static Batch whole(Handout handout) {
        return switch (handout) {
            case Batch batch -> batch;
            case Part part -> throw new AssertionError("a part of the transaction at " + part.commitLsn());
        };
    }

    /** Takes the first part of a transaction; before it comes, batches may move the position alone. */
    static Part firstPart(ChangeStream stream) throws InterruptedException {
        long deadline = System.nanoTime() + BOUND.toNanos();
        while (System.nanoTime() < deadline) {
            switch (stream.take(1_000, Duration.ofMillis(200))) {
                case Part part -> {
                    return part;
                }
                case Batch batch when batch.transactions().isEmpty() -> {}
                case Batch batch -> throw new AssertionError("a whole transaction at " + batch.completeBelow());
            }
        }
        throw new AssertionError("no part within " + BOUND);
    }

    /** Takes the next transaction. */
    static SourceTransaction transaction(ChangeStream stream) throws InterruptedException {
        return transactions(stream, 1).getFirst();
    }

    /** Takes the next transaction and answers its only change. */
    static RowChange change(ChangeStream stream) throws InterruptedException {
        List<RowChange> changes = transaction(stream).changes();
        if (changes.size() != 1) {
            throw new AssertionError("expected one change, got " + changes);
        }
        return changes.getFirst();
    }

    @Override
    public void close() {
        streams.forEach(ChangeStream::close);
        awaitFree();
        onSource(database, connection -> {
            new ReplicationSlots(connection).drop(name);
            return true;
        });
    }
}
