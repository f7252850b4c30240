package io.shadowwrite.replication.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.shadowwrite.replication.ColumnValue;
import io.shadowwrite.replication.Row;
import io.shadowwrite.replication.RowChange;
import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.StreamProblem.Code;
import io.shadowwrite.replication.slot.ReplicationSlots;
import io.shadowwrite.replication.source.SourceConnection;
import io.shadowwrite.replication.source.SourceIdentity;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Source;
import io.shadowwrite.testsupport.TcpProxy;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.replication.LogSequenceNumber;

@PostgresTest
@Timeout(60)
class ChangeStreamOpeningTest {

    private final Database source;
    private final OwnSlot slot;

    ChangeStreamOpeningTest(@Source Database source) {
        this.source = source;
        this.slot = new OwnSlot(source);
    }

    @AfterEach
    void close() {
        slot.close();
    }

    private static StreamProblem problem(ThrowingCallable call) {
        return catchThrowableOfType(StreamProblem.class, call);
    }

    private SlotSettings settings(Database database, String slotName) {
        return SlotSettings.of(OwnSlot.source(database), slotName, "replication-test");
    }

    @Test
    void slotThatIsReadIsInUse() {
        slot.open();

        StreamProblem problem = problem(() -> ChangeStream.open(slot.settings(), slot.consistentPoint()));

        assertThat(problem.code()).isEqualTo(Code.SLOT_IN_USE);
        assertThat(problem.retryable()).isTrue();
    }

    @Test
    void missingSlotIsNamed() {
        StreamProblem problem = problem(() -> ChangeStream.open(settings(source, "not_there"), slot.consistentPoint()));

        assertThat(problem.code()).isEqualTo(Code.SLOT_MISSING);
        assertThat(problem).hasMessageContaining("not_there");
    }

    @Test
    void slotOfAnotherPluginIsNamed() {
        String other = slot.name() + "_o";
        source.queryForList("SELECT pg_create_logical_replication_slot(?, 'pgoutput')", other);
        try {
            assertThat(problem(() -> ChangeStream.open(settings(source, other), slot.consistentPoint()))
                            .code())
                    .isEqualTo(Code.SLOT_OTHER_PLUGIN);
        } finally {
            OwnSlot.onSource(source, connection -> {
                new ReplicationSlots(connection).drop(other);
                return true;
            });
        }
    }

    @Test
    void slotOfAnotherDatabaseIsNamed() {
        assertThat(problem(() -> ChangeStream.open(
                                settings(source.named("postgres"), slot.name()), slot.consistentPoint()))
                        .code())
                .isEqualTo(Code.SLOT_OTHER_DATABASE);
    }

    @Test
    void slotThatConfirmedMoreThanWeStoredIsAhead() {
        source.execute("CREATE TABLE item (id int)", "INSERT INTO item VALUES (1)");
        source.queryForList("SELECT pg_replication_slot_advance(?, pg_current_wal_lsn())", slot.name());

        StreamProblem problem = problem(() -> slot.open());

        assertThat(problem.code()).isEqualTo(Code.SLOT_AHEAD);
        assertThat(problem.retryable()).isFalse();
    }

    @Test
    void anotherSystemIsRefused() {
        SlotSettings base = slot.settings();
        SourceIdentity actual = SourceIdentity.read(base.connection(), "replication-test");
        SourceIdentity other =
                new SourceIdentity(actual.systemIdentifier(), actual.timeline() + 1, actual.serverVersion());

        assertThat(problem(() -> slot.open(base.expecting(other), slot.consistentPoint()))
                        .code())
                .isEqualTo(Code.SYSTEM_CHANGED);
        assertThat(slot.open(base.expecting(actual), slot.consistentPoint()).identity())
                .isEqualTo(actual);
    }

    @Test
    void sessionSettingsOfTheRoleDoNotReachTheStream() throws InterruptedException {
        source.runScript("""
                CREATE TABLE item (id int PRIMARY KEY, b bytea, at timestamptz, f float8);
                ALTER DATABASE "%1$s" SET bytea_output = 'escape';
                ALTER DATABASE "%1$s" SET TimeZone = 'Asia/Tokyo';
                ALTER DATABASE "%1$s" SET DateStyle = 'German';
                ALTER DATABASE "%1$s" SET extra_float_digits = -10;
                """.formatted(source.name()));
        ChangeStream stream = slot.open();
        source.execute("INSERT INTO item VALUES (1, '\\x0041', '2026-01-01 00:00:00+00', 0.1::float8 + 0.2::float8)");

        Row after = ((RowChange.Insert) OwnSlot.change(stream)).after();

        assertThat(after.get("b")).isEqualTo(new ColumnValue.Text("0041"));
        assertThat(after.get("at")).isEqualTo(new ColumnValue.Text("2026-01-01 00:00:00+00"));
        assertThat(after.get("f")).isEqualTo(new ColumnValue.Text("0.30000000000000004"));
    }

    @Test
    void socketTimeoutInTheUrlIsRefused() {
        SourceConnection timed =
                new SourceConnection(source.jdbcUrl() + "?socketTimeout=30", source.user(), source.password());

        StreamProblem problem = problem(() ->
                ChangeStream.open(SlotSettings.of(timed, slot.name(), "replication-test"), slot.consistentPoint()));

        assertThat(problem.code()).isEqualTo(Code.SESSION_SETTING);
    }

    @Test
    void roleWithoutPrivilegeIsNamedWithTheStatementThatHelps() {
        source.execute("DROP ROLE IF EXISTS plain_reader", "CREATE ROLE plain_reader LOGIN");
        try {
            SourceConnection plain = new SourceConnection(source.jdbcUrl(), "plain_reader", "");

            StreamProblem problem = problem(() ->
                    ChangeStream.open(SlotSettings.of(plain, slot.name(), "replication-test"), slot.consistentPoint()));

            assertThat(problem.code()).isEqualTo(Code.PRIVILEGE);
            assertThat(problem.fix()).contains("REPLICATION");
        } finally {
            source.execute("DROP ROLE plain_reader");
        }
    }

    @Test
    void sourceThatAcceptsButNeverAnswersIsWorthARetry() {
        try (TcpProxy proxy = TcpProxy.to(source.port())) {
            proxy.blackHole();
            SourceConnection silent = new SourceConnection(
                    "jdbc:postgresql://127.0.0.1:" + proxy.port() + "/" + source.name(),
                    source.user(),
                    source.password());

            StreamProblem problem = problem(() -> ChangeStream.open(
                    SlotSettings.of(silent, slot.name(), "replication-test"), slot.consistentPoint()));

            assertThat(problem.retryable()).isTrue();
        }
    }

    @Test
    void unreachableSourceIsWorthARetry() {
        SourceConnection nowhere = new SourceConnection("jdbc:postgresql://127.0.0.1:1/x", "a", "geheim");

        StreamProblem problem = problem(
                () -> ChangeStream.open(SlotSettings.of(nowhere, slot.name(), "t"), LogSequenceNumber.valueOf(1)));

        assertThat(problem.code()).isEqualTo(Code.CONNECTION_REFUSED);
        assertThat(problem.retryable()).isTrue();
        assertThat(nowhere.toString()).doesNotContain("geheim");
    }
}
