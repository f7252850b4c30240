package io.shadowwrite.cli.cutover;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.replication.source.SourceConnection;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Source;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** As an ordinary role that owns the database, against sessions of other roles. */
@PostgresTest
class ReadOnlyFenceTest {

    private static final int ANSWERS_WITHIN_SECONDS = 30;
    private static final String SETTING = "SHOW default_transaction_read_only";

    private final Database source;
    private final ReadOnlyFence fence;

    ReadOnlyFenceTest(@Source Database source) {
        this.source = source;
        this.fence = new ReadOnlyFence(new SourceConnection(source.jdbcUrl(), "fence_owner", "any"));
    }

    @BeforeEach
    void createRoles() {
        source.execute(
                "CREATE ROLE fence_owner LOGIN",
                "CREATE ROLE fence_writer LOGIN",
                "ALTER DATABASE %s OWNER TO fence_owner".formatted(source.name()),
                "GRANT pg_signal_backend, pg_read_all_stats TO fence_owner");
    }

    @AfterEach
    void dropRoles() {
        source.execute(
                "ALTER DATABASE %s OWNER TO postgres".formatted(source.name()),
                "DROP OWNED BY fence_owner, fence_writer",
                "DROP ROLE fence_owner, fence_writer");
    }

    private Connection writer(String application) throws SQLException {
        return DriverManager.getConnection(source.jdbcUrl() + "?ApplicationName=" + application, "fence_writer", "any");
    }

    private static boolean isOpen(Connection connection) throws SQLException {
        return connection.isValid(ANSWERS_WITHIN_SECONDS);
    }

    @Test
    void endsSessionsOfOtherRolesWhateverTheyAreCalledButNotOurs() throws Exception {
        assertThat(fence.objection()).isNull();
        try (Connection service = writer("orders");
                Connection nameless = writer("");
                Connection ours = writer("shadow-consumer")) {

            String did = fence.engage();

            assertThat(did).isEqualTo("2 session(s) ended");
            assertThat(isOpen(service)).isFalse();
            assertThat(isOpen(nameless)).isFalse();
            assertThat(isOpen(ours)).isTrue();
        }
        assertThat(source.queryForString(SETTING)).isEqualTo("on");
        assertThat(fence.engage()).as("it may be repeated").isEqualTo("0 session(s) ended");
        fence.release();
        assertThat(source.queryForString(SETTING)).isEqualTo("off");
    }

    @Test
    void saysBeforehandWhatTheRoleMayNot() throws Exception {
        source.execute("REVOKE pg_read_all_stats FROM fence_owner");
        assertThat(fence.objection()).contains("pg_read_all_stats");
        source.execute("REVOKE pg_signal_backend FROM fence_owner");
        assertThat(fence.objection()).contains("pg_signal_backend");
        source.execute("ALTER DATABASE %s OWNER TO postgres".formatted(source.name()));
        assertThat(fence.objection()).contains("has to own it");
    }

    @Test
    void saysBeforehandThatTheDatabaseHasTheSettingOfSomebodyElse() throws Exception {
        assertThat(fence.strange()).isNull();
        source.execute("ALTER DATABASE %s SET default_transaction_read_only = off".formatted(source.name()));
        assertThat(fence.strange()).contains("RESET it first");

        source.execute("ALTER DATABASE %s RESET default_transaction_read_only".formatted(source.name()));
        assertThat(fence.strange()).isNull();
    }

    @Test
    void saysBeforehandThatASuperuserIsConnected() throws Exception {
        try (Connection _ = source.connect()) {
            assertThat(fence.objection()).contains("superuser");
        }
    }
}
