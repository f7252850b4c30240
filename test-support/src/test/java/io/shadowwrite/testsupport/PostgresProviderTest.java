package io.shadowwrite.testsupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.shadowwrite.testsupport.PostgresServer.Role;
import io.shadowwrite.testsupport.PostgresServer.Settings;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

class PostgresProviderTest {

    @Test
    void prefersLocalBinariesWithWal2json() {
        assumeTrue(Installation.find().isPresent(), "no PostgreSQL with wal2json on this machine");

        assertThat(PostgresProvider.find("")).containsInstanceOf(PostgresProvider.Local.class);
        assertThat(PostgresProvider.find("local")).containsInstanceOf(PostgresProvider.Local.class);
    }

    @Test
    void asksTheServerWhichSettingsItKnows() {
        assumeTrue(Installation.find().isPresent(), "no PostgreSQL with wal2json on this machine");
        Installation installation = Installation.find().orElseThrow();
        Path data = DataTemplate.of(installation).data();

        assertThat(installation.knows("wal_level", data)).isTrue();
        assertThat(installation.knows("no_such_setting", data)).isFalse();
    }

    @Test
    void rejectsAnUnknownChoiceByName() {
        assertThatThrownBy(() -> PostgresProvider.find("docker"))
                .hasMessage("SHADOW_TEST_POSTGRES is \"docker\"; set it to local or container, or leave it out");
    }

    @Test
    void letsTheCallersSettingWin() {
        Settings settings = Settings.defaults().with("max_wal_senders", "3").with("search_path", "it's");

        String configuration = PostgresProvider.asConfiguration(PostgresProvider.parameters(Role.SOURCE, settings));

        assertThat(configuration)
                .contains("max_wal_senders = '3'\n", "wal_level = 'logical'\n", "search_path = 'it''s'\n")
                .doesNotContain("max_wal_senders = '20'");
    }

    @Test
    @EnabledIfEnvironmentVariable(
            named = "SHADOW_TEST_POSTGRES",
            matches = "container",
            disabledReason = "builds an image, so only where containers are asked for")
    void keepsDataAcrossRestartAndCrashInAContainer() {
        ServerProcess process = new PostgresProvider.Container().prepare(Role.SOURCE, Settings.defaults());
        try {
            process.start();
            Database admin = new Database("127.0.0.1", process.port(), "postgres", Database.USER, Database.PASSWORD);
            admin.execute("SELECT pg_create_logical_replication_slot('s', 'wal2json')");
            process.crash();
            process.start();
            process.stopFast(PostgresServer.STOP_BOUND);
            process.start();

            assertThat(admin.queryForLong("SELECT count(*) FROM pg_replication_slots"))
                    .isEqualTo(1);
        } finally {
            process.close();
        }
    }
}
