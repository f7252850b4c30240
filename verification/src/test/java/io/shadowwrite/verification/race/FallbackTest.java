package io.shadowwrite.verification.race;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.replication.source.SourceConnection;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Source;
import io.shadowwrite.testsupport.Target;
import io.shadowwrite.verification.TickResult;
import io.shadowwrite.verification.pin.BarrierPin;
import io.shadowwrite.verification.pin.CheckedPin;
import io.shadowwrite.verification.pin.FallbackPin;
import io.shadowwrite.verification.pin.HoldControl;
import io.shadowwrite.verification.pin.Pin;
import io.shadowwrite.verification.pin.PinKind;
import io.shadowwrite.verification.pin.RaceWindowPin;
import io.shadowwrite.verification.progress.Progress;
import io.shadowwrite.verification.verdict.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.replication.LogSequenceNumber;

/** When the barrier is left for a race window, and when it is not. */
@PostgresTest
@Timeout(120)
class FallbackTest {

    private final FollowedItems items;
    private final Database source;
    private final Mirror mirror;

    FallbackTest(@Source Database source, @Target Database target, @TempDir Path folder) throws IOException {
        this.items = new FollowedItems(source, target, folder);
        this.source = source;
        this.mirror = items.mirror;
    }

    @AfterEach
    void noSlotStays() {
        mirror.drop();
    }

    @Test
    void isTheWayOutWhenATransactionIsOpenForLong() throws SQLException {
        try (Connection open = source.connect();
                Statement statement = open.createStatement()) {
            open.setAutoCommit(false);
            statement.execute("update app.item set name = 'late' where id = 1");

            TickResult tick = items.tick(
                    new FallbackPin(
                            items.checked(items.barrier(), List.of()), items.checked(items.raceWindow(), List.of())),
                    100);

            assertThat(tick.verdict()).as(tick.reason()).isEqualTo(Verdict.CLEAN);
            assertThat(tick.findings()).isEmpty();
            assertThat(tick.pinKind()).isEqualTo(PinKind.RACE_WINDOW);
            assertThat(tick.barrierRefused()).contains("older than");
            assertThat(tick.reason()).contains("no barrier: 1 source transaction(s) are older than");

            mirror.meanwhile(() -> commit(open));
            assertThat(items.tick().findings()).isEmpty();
        }
    }

    private static void commit(Connection connection) {
        try {
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void saysSoWhenNobodyWillEverLetTheBarrierIn() {
        String role = "no_slots";
        source.execute("create role " + role + " login", "grant pg_read_all_data to " + role);
        SourceConnection unprivileged = new SourceConnection(source.jdbcUrl(), role, "");
        Pin barrier = new BarrierPin(
                unprivileged,
                items.targetAddress(),
                mirror,
                FollowedItems.settings(Duration.ofSeconds(20), Duration.ofMinutes(1)),
                Progress.SILENT);

        TickResult tick = items.tick(new FallbackPin(barrier, items.raceWindow()), 100);

        assertThat(tick.verdict()).as(tick.reason()).isEqualTo(Verdict.CLEAN);
        assertThat(tick.reason()).contains("as there was no barrier: PRIVILEGE");
    }

    @Test
    void isNoWayOutForASourceThatIsNotFit() {
        AtomicBoolean other = new AtomicBoolean();
        Pin either = new FallbackPin(
                items.checked(items.barrier(), List.of("a table is gone")),
                new CheckedPin(items.address(), _ -> tried(other), items.raceWindow()));

        TickResult tick = items.tick(either, 100);

        assertThat(tick.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(tick.reason()).isEqualTo("a table is gone");
        assertThat(tick.pinKind()).isNull();
        assertThat(other).as("whether the other pin was tried").isFalse();
    }

    @Test
    void saysWhyNeitherPinWasPossible() {
        Pin either = new FallbackPin(
                new BarrierPin(
                        items.address(),
                        items.targetAddress(),
                        mirror,
                        FollowedItems.settings(Duration.ofSeconds(20), Duration.ofMinutes(1)),
                        Progress.SILENT),
                new RaceWindowPin(
                        items.address(),
                        items.targetAddress(),
                        new Behind(),
                        FollowedItems.settings(Duration.ofMillis(100)),
                        Progress.SILENT));

        TickResult tick = items.tick(either, 100);

        assertThat(tick.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(tick.reason())
                .contains("no barrier: nobody may hold here", "no race window: after 0s the consumer is at 0/1");
    }

    private static List<String> tried(AtomicBoolean other) {
        other.set(true);
        return List.of();
    }

    /** Readers that never move. */
    private static final class Behind implements HoldControl {
        @Override
        public void hold(@Nullable LogSequenceNumber haltAt, Duration lease) {}

        @Override
        public void release() {}

        @Override
        public Positions positions() {
            return new Positions(LogSequenceNumber.valueOf("0/1"), LogSequenceNumber.valueOf("0/1"));
        }
    }
}
