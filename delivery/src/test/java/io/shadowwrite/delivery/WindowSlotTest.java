package io.shadowwrite.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shadowwrite.protocol.Side;
import io.shadowwrite.protocol.Window;
import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.slot.ReplicationSlots;
import io.shadowwrite.replication.source.SourceConnection;
import io.shadowwrite.replication.source.SourceIdentity;
import io.shadowwrite.replication.stream.SlotSettings;
import io.shadowwrite.replication.wal2json.Wal2JsonOptions;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Source;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.replication.LogSequenceNumber;

/** The slot of a window, opened where its side stands or not at all. */
@PostgresTest
@Timeout(60)
class WindowSlotTest {

    private final Database source;
    private final String slotName;
    private final SourceConnection connection;
    private final LogSequenceNumber baseline;

    WindowSlotTest(@Source Database database) throws SQLException {
        source = database;
        slotName = database.name() + "_two";
        connection = new SourceConnection(database.jdbcUrl(), Database.USER, Database.PASSWORD);
        try (Connection open = database.connect()) {
            baseline = new ReplicationSlots(open)
                    .create(slotName, Duration.ofSeconds(20))
                    .consistentPoint();
        }
    }

    @AfterEach
    void drop() {
        source.execute("SELECT pg_drop_replication_slot('" + slotName + "')");
    }

    @Test
    void anotherMigrationOrSlotThanTheWindowsHalts() {
        Window ours = window();

        assertHalt(window("another", ours.optionsHash(), ours.contractHash()), "WINDOW_MISMATCH", "another");
        assertThatThrownBy(() -> new WindowSlot(settings(), "test", TestContract.read(), Side.CONSUMER)
                        .open(ours, baseline, () -> baseline))
                .isInstanceOf(Halt.class)
                .hasMessageContainingAll("WINDOW_MISMATCH", "the_other_slot", slotName, "shadow.slot.name");
    }

    @Test
    void anotherContractOrOtherDecodingOptionsHalt() {
        Window ours = window();

        assertHalt(window("test", ours.optionsHash(), "0123abcd"), "CONTRACT_MISMATCH", "0123abcd");
        assertHalt(window("test", "0123abcd", ours.contractHash()), "OPTIONS_DRIFT", "0123abcd");
        assertThat(confirmed()).isEqualTo(baseline);
    }

    @Test
    void aSlotThatIsFurtherThanTheTargetIsRefused() {
        LogSequenceNumber ahead = moveSlot();

        assertProblem(StreamProblem.Code.SLOT_AHEAD, baseline);
        assertThat(confirmed()).isEqualTo(ahead);
    }

    @Test
    void aSlotThatAnotherInstanceMovedMeanwhileIsWaitedFor() {
        assertProblem(StreamProblem.Code.SLOT_IN_USE, moveSlot());
    }

    private void assertHalt(Window window, String... words) {
        assertThatThrownBy(() -> windowSlot().open(window, baseline, () -> baseline))
                .isInstanceOf(Halt.class)
                .hasMessageContainingAll(words);
    }

    /** What comes of opening at the baseline while the stored position is this one. */
    private void assertProblem(StreamProblem.Code code, LogSequenceNumber stored) {
        assertThatThrownBy(() -> windowSlot().open(window(), baseline, () -> stored))
                .isInstanceOfSatisfying(
                        StreamProblem.class,
                        problem -> assertThat(problem.code()).isEqualTo(code));
    }

    /** As if another reader had confirmed something. */
    private LogSequenceNumber moveSlot() {
        source.execute(
                "CREATE TABLE public.note (id int)",
                "INSERT INTO public.note VALUES (1)",
                "SELECT pg_replication_slot_advance('" + slotName + "', pg_current_wal_lsn())");
        LogSequenceNumber moved = confirmed();
        assertThat(moved).isGreaterThan(baseline);
        return moved;
    }

    private LogSequenceNumber confirmed() {
        return LogSequenceNumber.valueOf(String.valueOf(source.queryForString(
                "SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = ?", slotName)));
    }

    private WindowSlot windowSlot() {
        return new WindowSlot(settings(), "test", TestContract.read(), Side.VERIFIER);
    }

    private SlotSettings settings() {
        return SlotSettings.of(connection, slotName, "test");
    }

    private Window window() {
        return window(
                "test", Wal2JsonOptions.frozen().hash(), TestContract.read().sha256());
    }

    private Window window(String migrationId, String optionsHash, String contractHash) {
        SourceIdentity identity = SourceIdentity.read(connection, "test");
        return new Window(
                migrationId,
                "the_other_slot",
                baseline,
                slotName,
                baseline,
                identity.systemIdentifier(),
                identity.timeline(),
                optionsHash,
                contractHash,
                168);
    }
}
