package io.shadowwrite.testsupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.shadowwrite.testsupport.PostgresServer.Role;
import io.shadowwrite.testsupport.PostgresServer.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

@PostgresTest
class PostgresServerTest {

    private static final String CREATE_SLOT = "SELECT pg_create_logical_replication_slot('s', 'wal2json')::text";

    private static void assumeLocal() {
        assumeTrue(PostgresProvider.choose() instanceof PostgresProvider.Local, "about servers on this machine");
    }

    @Test
    void keepsItsDataAndPortAcrossRestartAndCrash() {
        try (PostgresServer server = PostgresServer.start(Role.TARGET)) {
            Database database = server.createDatabase("kept");
            int port = server.port();
            database.execute("CREATE TABLE t (n int)", "INSERT INTO t VALUES (1)");

            server.restart();
            database.execute("INSERT INTO t VALUES (2)");
            server.crash();
            assertThat(server.isRunning()).isFalse();
            server.restart();

            assertThat(database.queryForList("SELECT n FROM t ORDER BY n")).isEqualTo(List.of("1", "2"));
            assertThat(server.port()).isEqualTo(port);
            assertThat(server.log()).content().contains("was not properly shut down");
        }
    }

    @Test
    void keepsWhatWasCommittedWhenAllItsProcessesAreKilledAlsoWhileItRecovers() throws Exception {
        try (PostgresServer server =
                PostgresServer.start(Role.TARGET, Settings.defaults().syncing())) {
            Database database = server.createDatabase("killed");
            database.execute("CREATE TABLE t (n int)", "INSERT INTO t VALUES (1)");
            try (Connection open = database.connect()) {
                open.setAutoCommit(false);
                try (Statement insert = open.createStatement()) {
                    insert.execute("INSERT INTO t VALUES (2)");
                }
                server.kill();
            }
            assertThat(server.isRunning()).isFalse();

            server.begin();
            server.kill();
            server.begin();

            Await.until("it answers", Duration.ofMinutes(2), () -> database.queryForLong("SELECT 1") == 1);
            assertThat(database.queryForList("SELECT n FROM t")).isEqualTo(List.of("1"));
            assertThat(server.log()).content().contains("was interrupted");
        }
    }

    @Test
    void decodesWithWal2jsonOnTheSource() {
        try (PostgresServer server = PostgresServer.start(Role.SOURCE)) {
            Database database = server.createDatabase("app");
            database.execute("CREATE TABLE t (n int PRIMARY KEY)", CREATE_SLOT, "INSERT INTO t VALUES (7)");

            String changes = database.queryForString("""
                    SELECT string_agg(data, '')
                      FROM pg_logical_slot_get_changes('s', NULL, NULL, 'format-version', '2')
                    """);

            assertThat(changes).contains("\"action\":\"I\"").contains("7");
        }
    }

    @Test
    void hasNoLogicalDecodingOnTheTarget() {
        try (PostgresServer server = PostgresServer.start(Role.TARGET)) {
            assertThatThrownBy(() -> server.admin().execute(CREATE_SLOT))
                    .isInstanceOfSatisfying(
                            DatabaseFailure.class, e -> assertThat(e.sqlState()).isEqualTo("55000"));
        }
    }

    @Test
    void runsInUtcWithUtf8AndTheSettingsAskedFor() {
        Settings settings = Settings.defaults().with("work_mem", "5MB").syncing();
        try (PostgresServer server = PostgresServer.start(Role.SOURCE, settings)) {
            String shown = server.admin().queryForString("""
                    SELECT concat_ws(' ', current_setting('TimeZone'), current_setting('server_encoding'),
                                     current_setting('lc_collate'), current_setting('work_mem'),
                                     current_setting('fsync'), current_setting('listen_addresses'))
                    """);

            assertThat(shown).isEqualTo("UTC UTF8 C.UTF-8 5MB on 127.0.0.1");
        }
    }

    @Test
    void leavesNothingBehindWhenClosed() {
        assumeLocal();
        PostgresServer server = PostgresServer.start(Role.TARGET);
        Path directory = server.log().getParent();
        assertThat(directory).exists();

        server.close();

        assertThat(directory).doesNotExist();
        assertThat(server.isRunning()).isFalse();
    }

    @Test
    void continuesInADirectoryThatStays() throws Exception {
        assumeLocal();
        Path parent = Files.createTempDirectory("shadow-kept-");
        Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxr-xr-x"));
        Settings settings = Settings.defaults().in(parent.resolve("server"));
        try {
            try (PostgresServer first = PostgresServer.start(Role.TARGET, settings)) {
                first.createDatabase("kept");
            }
            try (PostgresServer second = PostgresServer.start(Role.TARGET, settings)) {
                assertThat(second.database("kept").queryForLong("SELECT 1")).isEqualTo(1);
            }
        } finally {
            Scratch.delete(parent);
        }
    }

    @Test
    void saysWhyItDidNotStart() {
        assumeLocal();
        Settings settings = Settings.defaults().with("no_such_setting", "1");

        assertThatThrownBy(() -> PostgresServer.start(Role.TARGET, settings))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("did not start on port")
                .hasMessageContaining("no_such_setting");
    }

    @Test
    void dropsADatabaseSomebodyIsConnectedTo() throws Exception {
        try (PostgresServer server = PostgresServer.start(Role.TARGET)) {
            Database database = server.createDatabase("busy");
            try (Connection _ = database.connect()) {
                server.dropDatabase("busy");
            }

            assertThat(server.admin().queryForLong("SELECT count(*) FROM pg_database WHERE datname = 'busy'"))
                    .isZero();
        }
    }
}
