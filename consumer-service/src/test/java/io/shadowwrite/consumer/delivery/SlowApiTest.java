package io.shadowwrite.consumer.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ReaderState;
import io.shadowwrite.protocol.TransactionWrites;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.Source;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The API refuses or thinks for much longer than the source waits for a sign of life. */
class SlowApiTest extends DeliveryScene {

    private static final int TRANSACTIONS = 70;
    private static final int CHANGES = 100;

    /** What a reader holds at most, and the transaction that fills it. */
    private static final int MOST_HELD = 5_000 + CHANGES;

    SlowApiTest(@Source Database database) {
        super(database);
    }

    @BeforeEach
    void theSourceIsImpatient() {
        source.database()
                .execute("ALTER DATABASE \"%s\" SET wal_sender_timeout = '1s'"
                        .formatted(source.database().name()));
    }

    @ParameterizedTest
    @EnumSource(names = {"TARGET_UNAVAILABLE", "INTERNAL"})
    void refusalsCostNeitherTheSlotNorAnEvent(ProblemType refusal) {
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            consumer.awaitState(ReaderState.STREAMING);
            peer.refuseWrites(refusal, 10_000);
            long reader = reader();
            insertMany();
            await("the window is full", () -> consumer.progress().inFlightChanges() >= MOST_HELD - 2 * CHANGES);

            awaitReportBeyondTheTimeout(reader);

            assertThat(consumer.progress().inFlightChanges()).isLessThanOrEqualTo(MOST_HELD);
            assertThat(peer.applied()).isEmpty();
            assertThat(source.confirmed()).isLessThanOrEqualTo(peer.position());
            peer.refuseNoWrites();
            awaitApplied(TRANSACTIONS);
        }
        assertThat(peer.applied()).extracting(TransactionWrites::commitLsn).isSorted();
        assertThat(source.confirmed()).isLessThanOrEqualTo(peer.position());
    }

    @Test
    void aRequestThatTakesLongerThanTheSourceWaitsIsSentOnceAndLosesNoSlot() {
        try (RunningConsumer consumer = RunningConsumer.start(source, peer)) {
            consumer.awaitState(ReaderState.STREAMING);
            peer.keepAnswers();
            long reader = reader();
            source.insert(1);
            awaitApplied(1);

            awaitReportBeyondTheTimeout(reader);

            assertThat(source.confirmed())
                    .isLessThanOrEqualTo(peer.applied().getFirst().commitLsn());
            peer.letAnswersGo();
            source.insert(2);
            awaitApplied(2);
            assertThat(reader()).isEqualTo(reader);
        }
        assertThat(peer.replays()).isZero();
    }

    private void insertMany() {
        for (int i = 0; i < TRANSACTIONS; i++) {
            source.database()
                    .execute("INSERT INTO app.partner (id, name) SELECT n, 'x' FROM generate_series(%d, %d) n"
                            .formatted(i * CHANGES, i * CHANGES + CHANGES - 1));
        }
    }

    /** The process of the source that serves the slot. */
    private long reader() {
        return source.database()
                .queryForLong("SELECT active_pid FROM pg_replication_slots WHERE slot_name = ?", source.slotName());
    }

    /** The same process hears of the reader when three time-outs are over. */
    private void awaitReportBeyondTheTimeout(long reader) {
        String now = Objects.requireNonNull(source.database().queryForString("SELECT clock_timestamp()::text"));
        await("a report behind three time-outs", () -> source.database().queryForLong("""
                        SELECT count(*) FROM pg_stat_replication
                         WHERE pid = ? AND reply_time > ?::timestamptz + interval '3 seconds'
                        """, reader, now) == 1);
    }
}
