package io.shadowwrite.system.parity;

import io.shadowwrite.replication.LogicalMessage;
import io.shadowwrite.replication.SourceTransaction;
import io.shadowwrite.replication.slot.CreatedSlot;
import io.shadowwrite.replication.slot.ReplicationSlots;
import io.shadowwrite.replication.source.SourceConnection;
import io.shadowwrite.replication.stream.Batch;
import io.shadowwrite.replication.stream.ChangeStream;
import io.shadowwrite.replication.stream.SlotSettings;
import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Consumer;

/** Everything that was committed in one database since this was made, read through a slot of its own. */
final class RecordedChanges implements AutoCloseable {

    private static final String SLOT = "parity";
    private static final Duration BOUND = Duration.ofSeconds(60);

    private final Database database;
    private final CreatedSlot slot;

    RecordedChanges(Database database) throws SQLException {
        this.database = database;
        try (Connection connection = database.connect()) {
            slot = new ReplicationSlots(connection).create(SLOT, BOUND);
        }
    }

    static SourceConnection connection(Database database) {
        return new SourceConnection(database.jdbcUrl(), database.user(), database.password());
    }

    /** Hands over every transaction in commit order, up to now. */
    void forEach(Consumer<SourceTransaction> consumer) throws InterruptedException {
        database.execute("select pg_logical_emit_message(true, '%s', 'end')".formatted(LogicalMessage.MARKER));
        long deadline = System.nanoTime() + BOUND.toNanos();
        boolean ended = false;
        try (ChangeStream stream =
                ChangeStream.open(SlotSettings.of(connection(database), SLOT, "parity"), slot.consistentPoint())) {
            while (!ended && System.nanoTime() < deadline) {
                Batch batch = (Batch) stream.take(1_000, Duration.ofMillis(200));
                batch.transactions().forEach(consumer);
                ended = batch.transactions().stream()
                        .flatMap(transaction -> transaction.messages().stream())
                        .anyMatch(message -> message.prefix().equals(LogicalMessage.MARKER));
                stream.applied(batch.completeBelow());
            }
        }
        if (!ended) {
            throw new AssertionError("the end of the log did not arrive within " + BOUND);
        }
    }

    @Override
    public void close() throws SQLException {
        try (Connection connection = database.connect()) {
            ReplicationSlots slots = new ReplicationSlots(connection);
            Await.until(
                    "the slot is free",
                    BOUND,
                    () -> slots.find(SLOT).map(found -> !found.active()).orElse(true));
            slots.drop(SLOT);
        }
    }
}
