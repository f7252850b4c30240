package io.shadowwrite.cli.cutover;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.protocol.GapPolicy;
import io.shadowwrite.protocol.TickClock;
import io.shadowwrite.protocol.Window;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Source;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postgresql.replication.LogSequenceNumber;

/** A server has more than one database, and only one of them is that of the window. */
@PostgresTest
class WindowSlotsTest {

    private static final LogSequenceNumber BASELINE = LogSequenceNumber.valueOf(0x100);
    private static final Window WINDOW = new Window(
            "a-to-b",
            "window_one",
            BASELINE,
            "window_two",
            BASELINE,
            "1",
            1,
            "o",
            "c",
            168,
            GapPolicy.RESET,
            TickClock.SOURCE);

    private final Database source;

    WindowSlotsTest(@Source Database source) {
        this.source = source;
    }

    @AfterEach
    void dropSlots() {
        source.queryForList(
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name LIKE 'window_%'");
    }

    private void slot(String name) {
        source.queryForString(
                "SELECT slot_name::text FROM pg_create_logical_replication_slot('%s', 'wal2json')".formatted(name));
    }

    private static List<String> elsewhere(Database database) throws SQLException {
        try (Connection connection = database.connect()) {
            return new WindowSlots(connection).elsewhere(WINDOW);
        }
    }

    @Test
    void areInTheDatabaseThatTheyDecode() throws SQLException {
        slot("window_one");
        slot("window_two");

        assertThat(elsewhere(source)).isEmpty();
        assertThat(elsewhere(source.named("postgres")))
                .containsExactly(
                        "slot window_one of the window decodes database %s, and --source-url leads to postgres"
                                .formatted(source.name()),
                        "slot window_two of the window decodes database %s, and --source-url leads to postgres"
                                .formatted(source.name()));
    }

    @Test
    void areMissedWhenTheyAreGone() throws SQLException {
        slot("window_one");

        assertThat(elsewhere(source)).containsExactly("slot window_two of the window is not there");
    }
}
