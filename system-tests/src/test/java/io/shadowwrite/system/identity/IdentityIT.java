package io.shadowwrite.system.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.system.Checkout;
import io.shadowwrite.system.House;
import io.shadowwrite.system.suite.Launch;
import io.shadowwrite.system.suite.Program;
import io.shadowwrite.system.suite.ProgramProcess;
import io.shadowwrite.system.suite.Suite;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresServer;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A schema of forty random tables is drafted, shadowed and proven equal, with nothing written by hand. With
 * {@code -Didentity.changes=200000 -Didentity.seed=N} it is the long form of the same.
 */
@Timeout(1_800)
class IdentityIT {

    private static final int TABLES = 40;
    private static final long CHANGES = Long.getLong("identity.changes", 6_000);
    private static final long SEED = Long.getLong("identity.seed", 20_261_121);
    private static final Duration DRAINED_WITHIN = Duration.ofMinutes(15);
    private static final Duration DRAFTED_WITHIN = Duration.ofSeconds(60);

    private final Path logs = Checkout.freshDirectory("system-logs/identity");

    @Test
    void anySchemaIsShadowedFromADraft() throws SQLException {
        try (PostgresServer sourceServer = PostgresServer.start(PostgresServer.Role.SOURCE);
                PostgresServer targetServer = PostgresServer.start(PostgresServer.Role.TARGET)) {
            Database source = sourceServer.createDatabase("any");
            Database target = targetServer.createDatabase("any");
            source.runScript(RandomSchema.ddl(SEED, TABLES));
            Path contract = logs.resolve("contract.json");
            try (Suite suite =
                    new Suite(new Suite.Settings(Checkout.HOME, logs, contract, "identity", source, target))) {
                draft(suite, source, contract);
                target.runScript(logs.resolve("target.sql"));
                shadow(suite, source, target);
            }
        }
    }

    private void draft(Suite suite, Database source, Path contract) {
        ProgramProcess init = suite.launch(new Launch(
                Program.CLI,
                List.of("contract", "init", "--identity"),
                "contract-init",
                Map.of(
                        "source-url", source.jdbcUrl(),
                        "source-user", source.user(),
                        "contract", contract.toString(),
                        "ddl", logs.resolve("target.sql").toString()),
                Map.of("SHADOW_SOURCE_PASSWORD", source.password())));
        assertThat(init.exitWithin(DRAFTED_WITHIN)).as("see " + init.log()).isZero();
    }

    private static void shadow(Suite suite, Database source, Database target) throws SQLException {
        suite.start(Program.API);
        suite.awaitApi();
        suite.openWindow();
        suite.start(Program.CONSUMER);
        suite.start(Program.SLOT_READER);
        suite.awaitStreaming();
        long started = System.nanoTime();
        long changes = new CatalogTraffic(source, RandomSchema.NAME, SEED).run(CHANGES);
        suite.awaitDrained(DRAINED_WITHIN);
        House.measured("%,d random changes of %d random tables in %.1f s, seed %d"
                .formatted(changes, TABLES, (System.nanoTime() - started) / 1e9, SEED));

        assertThat(suite.verify()).as("verdict; the seed is " + SEED).isZero();
        assertThat(digests(target)).isEqualTo(digests(source));
        assertThat(target.queryForLong("SELECT count(*) FROM shadow.event_ledger WHERE side = 1"))
                .isGreaterThanOrEqualTo(changes);
    }

    /** Of the text of every row of every table, by nothing of ours. */
    private static List<String> digests(Database database) {
        List<String> tables = database.queryForList("""
                SELECT format('%I.%I', n.nspname, c.relname)
                  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                 WHERE n.nspname = 'plan' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
                 ORDER BY 1
                """);
        assertThat(tables).hasSize(TABLES);
        return tables.stream()
                .map(table -> table + " "
                        + database.queryForString(
                                "SELECT count(*) || ' ' || coalesce(md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))), '') FROM %s t"
                                        .formatted(table)))
                .toList();
    }
}
