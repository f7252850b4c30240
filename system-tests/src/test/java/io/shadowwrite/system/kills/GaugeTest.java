package io.shadowwrite.system.kills;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Source;
import io.shadowwrite.testsupport.Target;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a slot was told too early, what went back and who halted is seen while it happens. */
@PostgresTest
class GaugeTest {

    private static final String CONSUMER = "gauge_consumer";
    private static final String VERIFIER = "gauge_verifier";

    private final Database source;
    private final Database target;
    private final Gauge gauge;

    GaugeTest(@Source Database source, @Target Database target) {
        this.source = source;
        this.target = target;
        this.gauge = new Gauge(source, target, CONSUMER, VERIFIER);
    }

    @BeforeEach
    void bothReadersStandWhereTheirSlotsDo() {
        target.execute(
                "CREATE SCHEMA shadow",
                "CREATE TABLE shadow.reader_position (side int, position pg_lsn, state text, reason text)");
        for (String slot : List.of(CONSUMER, VERIFIER)) {
            source.execute("SELECT pg_create_logical_replication_slot('%s', 'wal2json')".formatted(slot));
            target.execute("INSERT INTO shadow.reader_position VALUES (%d, '%s', 'STREAMING', NULL)"
                    .formatted(slot.equals(CONSUMER) ? 1 : 2, now()));
        }
    }

    @AfterEach
    void dropSlots() {
        source.execute(
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name IN ('%s', '%s')"
                        .formatted(CONSUMER, VERIFIER));
    }

    @Test
    void hasNothingToSayWhileEverybodyIsWhereHeShouldBe() {
        gauge.look();

        assertThat(gauge.broken()).isEmpty();
        assertThat(gauge.comparisons()).isEqualTo(1);
    }

    @Test
    void seesASlotThatWasToldMoreThanIsStored() {
        source.execute(
                "SELECT pg_logical_emit_message(true, 'x', 'y')",
                "SELECT pg_replication_slot_advance('%s', pg_current_wal_lsn())".formatted(CONSUMER));
        gauge.look();

        assertThat(gauge.broken()).singleElement().asString().startsWith("the slot of CONSUMER was told");
    }

    @Test
    void seesAStoredPositionGoBack() {
        target.execute("UPDATE shadow.reader_position SET position = position + 100");
        gauge.look();
        target.execute("UPDATE shadow.reader_position SET position = position - 1 WHERE side = 2");
        gauge.look();

        assertThat(gauge.broken()).singleElement().asString().startsWith("the stored position of VERIFIER went back");
    }

    @Test
    void seesAReaderThatHalted() {
        target.execute(
                "UPDATE shadow.reader_position SET state = 'HALTED', reason = 'SLOT_AHEAD: too far' WHERE side = 1");
        gauge.look();

        assertThat(gauge.broken()).containsExactly("CONSUMER halted: SLOT_AHEAD: too far");
    }

    @Test
    void endsARecoveryWhenBothReadersHaveStoredWhatTheSourceHad() {
        source.execute("SELECT pg_logical_emit_message(true, 'x', 'y')");
        gauge.started(List.of(Victim.API));
        gauge.look();
        assertThat(gauge.recovered()).isFalse();

        target.execute("UPDATE shadow.reader_position SET position = '%s' WHERE side = 1".formatted(now()));
        gauge.look();
        assertThat(gauge.recovered()).isFalse();

        target.execute("UPDATE shadow.reader_position SET position = '%s'".formatted(now()));
        gauge.look();
        assertThat(gauge.recovered()).isTrue();
        assertThat(gauge.recoveries()).singleElement().matches(recovery -> !recovery.wasDisturbed());
    }

    private String now() {
        return String.valueOf(source.queryForString("SELECT pg_current_wal_lsn()::text"));
    }
}
