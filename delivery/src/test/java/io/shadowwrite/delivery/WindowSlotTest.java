package io.shadowwrite.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shadowwrite.delivery.testing.SourceFixture;
import io.shadowwrite.protocol.Side;
import io.shadowwrite.protocol.Window;
import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.stream.SlotSettings;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Source;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.replication.LogSequenceNumber;

/** The slot of a window, opened where its side stands or not at all. */
@PostgresTest
@Timeout(60)
class WindowSlotTest {

    private final SourceFixture source;
    private final LogSequenceNumber baseline;

    WindowSlotTest(@Source Database database) {
        source = SourceFixture.in(database, Side.VERIFIER);
        baseline = source.baseline();
    }

    @AfterEach
    void drop() {
        source.close();
    }

    @Test
    void anotherMigrationOrSlotThanTheWindowsHalts() {
        Window ours = source.window();

        assertHalt(window("another", ours.optionsHash(), ours.contractHash()), "WINDOW_MISMATCH", "another");
        assertThatThrownBy(() -> new WindowSlot(settings(), "test", SourceFixture.contract(), Side.CONSUMER)
                        .open(ours, baseline, () -> baseline))
                .isInstanceOf(Halt.class)
                .hasMessageContainingAll(
                        "WINDOW_MISMATCH", ours.consumerSlot(), ours.verifierSlot(), "shadow.slot.name");
    }

    @Test
    void anotherContractOrOtherDecodingOptionsHalt() {
        Window ours = source.window();

        assertHalt(window("test", ours.optionsHash(), "0123abcd"), "CONTRACT_MISMATCH", "0123abcd");
        assertHalt(window("test", "0123abcd", ours.contractHash()), "OPTIONS_DRIFT", "0123abcd");
        assertThat(source.confirmed()).isEqualTo(baseline);
    }

    @Test
    void aSlotThatIsFurtherThanTheTargetIsRefused() {
        LogSequenceNumber ahead = moveSlot();

        assertProblem(StreamProblem.Code.SLOT_AHEAD, baseline);
        assertThat(source.confirmed()).isEqualTo(ahead);
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
        assertThatThrownBy(() -> windowSlot().open(source.window(), baseline, () -> stored))
                .isInstanceOfSatisfying(
                        StreamProblem.class,
                        problem -> assertThat(problem.code()).isEqualTo(code));
    }

    /** As if another reader had confirmed something. */
    private LogSequenceNumber moveSlot() {
        source.insert(1);
        source.database()
                .execute("SELECT pg_replication_slot_advance('" + source.slotName() + "', pg_current_wal_lsn())");
        LogSequenceNumber moved = source.confirmed();
        assertThat(moved).isGreaterThan(baseline);
        return moved;
    }

    private WindowSlot windowSlot() {
        return new WindowSlot(settings(), "test", SourceFixture.contract(), Side.VERIFIER);
    }

    private SlotSettings settings() {
        return SlotSettings.of(SourceFixture.connection(source.database()), source.slotName(), "test");
    }

    private Window window(String migrationId, String optionsHash, String contractHash) {
        Window ours = source.window();
        return new Window(
                migrationId,
                ours.consumerSlot(),
                ours.consumerBaseline(),
                ours.verifierSlot(),
                ours.verifierBaseline(),
                ours.systemIdentifier(),
                ours.timeline(),
                optionsHash,
                contractHash,
                ours.requiredTicks(),
                ours.gapPolicy(),
                ours.tickClock());
    }
}
