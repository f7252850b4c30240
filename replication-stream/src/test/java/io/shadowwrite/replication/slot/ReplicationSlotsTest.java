package io.shadowwrite.replication.slot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.StreamProblem.Code;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Source;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@PostgresTest
@Timeout(60)
class ReplicationSlotsTest {

    private static final Duration WAIT = Duration.ofSeconds(10);

    private final Database database;

    ReplicationSlotsTest(@Source Database database) {
        this.database = database;
    }

    @Test
    void createdSlotIsFoundAndListedAndDropped() throws SQLException {
        String name = "slots_" + database.name();
        try (Connection connection = database.connect()) {
            ReplicationSlots slots = new ReplicationSlots(connection);

            CreatedSlot created = slots.create(name, WAIT);

            SlotInfo info = slots.find(name).orElseThrow();
            assertThat(info.confirmedFlush()).isEqualTo(created.consistentPoint());
            assertThat(info.plugin()).isEqualTo("wal2json");
            assertThat(info.database()).isEqualTo(database.name());
            assertThat(info.active()).isFalse();
            assertThat(info.activePid()).isNull();
            assertThat(info.lost()).isFalse();
            assertThat(slots.list("slots_")).extracting(SlotInfo::name).contains(name);
            assertThat(catchThrowableOfType(StreamProblem.class, () -> slots.create(name, WAIT))
                            .code())
                    .isEqualTo(Code.SLOT_EXISTS);

            slots.drop(name);
            slots.drop(name);
            assertThat(slots.find(name)).isEmpty();
        }
    }

    @Test
    void creationThatWaitsTooLongLeavesNothingAndRestoresTheTimeout() throws SQLException {
        database.execute("CREATE TABLE item (id int)");
        try (Connection writing = database.connect();
                Connection connection = database.connect();
                Statement statement = writing.createStatement();
                Statement check = connection.createStatement()) {
            writing.setAutoCommit(false);
            statement.execute("INSERT INTO item VALUES (1)");
            ReplicationSlots slots = new ReplicationSlots(connection);
            check.execute("SET statement_timeout TO '77s'");

            StreamProblem problem = catchThrowableOfType(
                    StreamProblem.class, () -> slots.create("late_" + database.name(), Duration.ofMillis(300)));

            assertThat(problem.code()).isEqualTo(Code.SLOT_WAIT);
            assertThat(slots.find("late_" + database.name())).isEmpty();
            try (var rows = check.executeQuery("SHOW statement_timeout")) {
                rows.next();
                assertThat(rows.getString(1)).isEqualTo("77s");
            }
            writing.rollback();
        }
    }
}
