package io.shadowwrite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.protocol.ExitCode;
import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Source;
import io.shadowwrite.testsupport.Target;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.replication.PGReplicationStream;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A window that is over, and one that is not, taken out of two real databases. */
@PostgresTest
@Timeout(120)
class DecommissionCommandTest {

    private static final String OWN_TABLES = """
            CREATE SCHEMA crm;
            CREATE TABLE crm.client (id bigint PRIMARY KEY, code text, seen timestamptz);
            INSERT INTO crm.client VALUES (1, 'a', now());
            """;

    private static final String DECISION = """
            INSERT INTO shadow.cutover_audit OVERRIDING SYSTEM VALUE
            SELECT r.*
              FROM jsonb_populate_record(NULL::shadow.cutover_audit,
                '{"decision": "%1$s", "fence_lsn": "0/F00", "final_lsn": "0/1000", "digests": [], "blocking_findings": [],
                  "approvals": [], "clock_lost_micros": 0, "tick_clock": "SOURCE", "operator": "o", "reason": "r"}'
                  || jsonb_build_object('audit_id', gen_random_uuid(), 'recorded_at', clock_timestamp(),
                       'ordinal', (SELECT count(*) + 1 FROM shadow.cutover_audit))
                  || CASE '%1$s' WHEN 'PERMIT' THEN
                       jsonb_build_object('permit_seconds', 1800, 'permit_expires_at', clock_timestamp() + interval '30 min')
                     ELSE '{}' END) AS r
            """;

    /** A statement, the name it is found by, and what that is. */
    private static final String LEAKS = """
            CREATE TABLE crm.link (s smallint, k text, m smallint, CONSTRAINT back FOREIGN KEY (s, k, m) REFERENCES shadow.pk_map (source_table, source_key, target_model)) | crm.link.back | foreign key
            CREATE VIEW crm.who AS SELECT model FROM provenance.readable_transaction | crm.who | view
            CREATE MATERIALIZED VIEW crm.many AS SELECT count(*) AS n FROM provenance.transaction | crm.many | view
            ALTER TABLE crm.client ADD noted text DEFAULT 'as_of_lsn' | crm.client.noted | default of column
            ALTER TABLE crm.client ADD kept shadow.pk_map | crm.client.kept | type of column
            ALTER TABLE crm.client ADD CONSTRAINT not_ours CHECK (code <> 'cdc_shadow') | crm.client.not_ours | constraint
            CREATE TRIGGER frozen BEFORE TRUNCATE ON crm.client FOR EACH STATEMENT EXECUTE FUNCTION shadow.refuse_change() | crm.client.frozen | trigger
            CREATE RULE told AS ON DELETE TO crm.client DO ALSO SELECT count(*) FROM shadow.pk_map | crm.client.told | rule
            CREATE POLICY sieve ON crm.client USING (code <> 'shadow_metadata') | crm.client.sieve | policy
            CREATE INDEX marked ON crm.client (id) WHERE code = 'io.shadowwrite' | crm.marked | index
            CREATE FUNCTION crm.peek() RETURNS bigint LANGUAGE sql AS 'select count(*) from shadow.pk_map' | crm.peek | function
            CREATE FUNCTION crm.counted() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM shadow.pk_map; END | crm.counted | function
            COMMENT ON TABLE crm.client IS 'written through /shadow/write' | crm.client | comment on table
            COMMENT ON COLUMN crm.client.code IS 'see shadow.pk_map' | crm.client.code | comment on column
            COMMENT ON SCHEMA crm IS 'filled by shadow-write' | crm | comment on schema
            ALTER TABLE crm.client ADD idempotency_key text | crm.client.idempotency_key | column
            ALTER TABLE crm.client ADD shadow_metadata jsonb | crm.client.shadow_metadata | column
            CREATE TABLE crm.pk_map (id int) | crm.pk_map | table
            """;

    private static final String BOTH_SLOTS =
            "SELECT slot_name FROM pg_replication_slots WHERE slot_name LIKE 'cdc_%' ORDER BY 1";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void createTheTargetsOwnTables(@Target Database target) {
        target.runScript(OWN_TABLES);
    }

    @AfterEach
    void dropWhatATestLeaves(@Source Database source) {
        source.queryForList("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE NOT active");
    }

    private static void openWindow(Database source, Database target) {
        target.runScript(Path.of("../db/migration/V1__shadow_schema.sql"));
        slot(source, "cdc_shadow_primary");
        slot(source, "cdc_shadow_verifier");
        // Columns by name, so that one more in the table, or one less, is nobody's business here.
        target.execute("""
                INSERT INTO shadow.backfill_state OVERRIDING SYSTEM VALUE
                SELECT r.*
                  FROM jsonb_populate_record(NULL::shadow.backfill_state,
                    '{"id": 1, "phase": "STREAMING", "verifier_done": true, "migration_id": "shop-to-crm",
                      "consumer_slot": "cdc_shadow_primary", "consumer_baseline": "0/100", "verifier_slot": "cdc_shadow_verifier",
                      "verifier_baseline": "0/100", "system_identifier": "%s", "timeline": 1, "options_hash": "o", "contract_hash": "c",
                      "snapshot": "s", "snapshot_at": "2026-11-01T00:00:00Z", "source_schema": "d",
                      "required_ticks": 168, "gap_policy": "RESET", "tick_clock": "SOURCE", "ledger_partition_bytes": 1000,
                      "opened_at": "2026-11-01T00:00:00Z", "consumer_epoch": 1, "writes_beside": 0}') AS r
                """.formatted(source.queryForString("SELECT system_identifier::text FROM pg_control_system()")));
    }

    private static void slot(Database source, String name) {
        source.queryForString(
                "SELECT slot_name::text FROM pg_create_logical_replication_slot('%s', 'wal2json')".formatted(name));
    }

    private static void cutOver(Database source, Database target) {
        openWindow(source, target);
        target.execute(DECISION.formatted("PERMIT"));
        target.execute(DECISION.formatted("FINISH"));
    }

    @Test
    void plansTheEndOfAWindowThatWasCutOver(@Source Database source, @Target Database target) {
        cutOver(source, target);

        assertThat(run("plan", source, target)).as(all()).isEqualTo(ExitCode.DONE.code());

        assertThat(out.toString())
                .contains(
                        "window  shop-to-crm, STREAMING; the cutover is finished, and nobody has written to the source since")
                .containsPattern(
                        "SOURCE  goes +cdc_shadow_primary +nobody reads it, database \\S+, keeps [\\d,.]+ MB of WAL")
                .containsPattern("SOURCE  goes +cdc_shadow_verifier ")
                .containsPattern("TARGET  goes +shadow +\\d+ table\\(s\\), owned by postgres, [\\d,.]+ MB")
                .containsPattern("TARGET  stays +provenance .*--with-provenance drops it too")
                .contains("nothing is in the way");
        assertThat(source.queryForList(BOTH_SLOTS)).hasSize(2);
    }

    @Test
    void namesAFenceThatStaysInTheSource(@Source Database source, @Target Database target) {
        cutOver(source, target);
        target.execute(
                "UPDATE shadow.backfill_state SET fence_kind = 'read-only', fence_holder = 'cutover x', fence_at = now()");

        assertThat(run("plan", source, target)).as(all()).isEqualTo(ExitCode.DONE.code());

        assertThat(out.toString()).contains("fence   the source database stays read-only", "RESET");
    }

    @Test
    void removesAWindowThatWasCutOverAndProvesIt(@Source Database source, @Target Database target) {
        cutOver(source, target);

        assertThat(execute(source, target, "--json")).as(all()).isEqualTo(ExitCode.DONE.code());

        JsonNode told = JsonMapper.shared().readTree(out.toString());
        assertThat(told.get("state").asString()).isEqualTo("DONE");
        assertThat(told.get("data").get("reason").asString()).isEqualTo("it is over");
        assertThat(StreamSupport.stream(told.get("data").get("steps").spliterator(), false)
                        .map(step -> step.get("what").asString()))
                .containsExactly(
                        "slot cdc_shadow_primary dropped", "slot cdc_shadow_verifier dropped", "schema shadow dropped");
        assertThat(err.toString()).as("the plan comes first").contains("window  shop-to-crm");
        assertThat(source.queryForList(BOTH_SLOTS)).isEmpty();
        assertThat(schemas(target)).containsExactly("crm", "provenance");
        assertThat(target.queryForLong("SELECT count(*) FROM crm.client")).isOne();
        assertThat(run("check", source, target)).as(all()).isEqualTo(ExitCode.DONE.code());
        assertThat(out.toString()).contains("nothing is left");
    }

    @Test
    void doesNothingTheSecondTime(@Source Database source, @Target Database target) {
        cutOver(source, target);
        execute(source, target);

        assertThat(execute(source, target)).as(all()).isEqualTo(ExitCode.DONE.code());

        assertThat(out.toString()).contains("window  none is known to the target", "there was nothing to remove");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cdc_shadow_primary", "cdc_shadow_%"})
    void goesOnWhereAKilledOneEnded(String dropped, @Source Database source, @Target Database target) {
        cutOver(source, target);
        source.queryForList(
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name LIKE ?", dropped);

        assertThat(execute(source, target)).as(all()).isEqualTo(ExitCode.DONE.code());

        assertThat(source.queryForList(BOTH_SLOTS)).isEmpty();
        assertThat(schemas(target)).containsExactly("crm", "provenance");
    }

    @Test
    void dropsProvenanceOnlyWhenToldTo(@Source Database source, @Target Database target) {
        cutOver(source, target);

        assertThat(execute(source, target, "--with-provenance")).as(all()).isEqualTo(ExitCode.DONE.code());

        assertThat(schemas(target)).containsExactly("crm");
    }

    @Test
    void dropsProvenanceThatAnEarlierEndLeft(@Source Database source, @Target Database target) {
        cutOver(source, target);
        execute(source, target);
        assertThat(run("check", source, target, "--with-provenance")).isEqualTo(ExitCode.DIRTY.code());

        assertThat(execute(source, target, "--with-provenance")).as(all()).isEqualTo(ExitCode.DONE.code());

        assertThat(run("check", source, target, "--with-provenance")).isEqualTo(ExitCode.DONE.code());
    }

    @Test
    void refusesAWindowThatIsNotOver(@Source Database source, @Target Database target) {
        openWindow(source, target);

        assertThat(run("plan", source, target)).isEqualTo(ExitCode.GATE_BLOCKED.code());
        assertThat(execute(source, target)).as(all()).isEqualTo(ExitCode.GATE_BLOCKED.code());

        assertThat(err.toString()).contains("no cutover was tried; pass --abandon to give it up");
        assertThat(source.queryForList(BOTH_SLOTS)).hasSize(2);
        assertThat(schemas(target)).contains("shadow");
    }

    @Test
    void refusesAWindowOfWhichNobodyHasSaidThatWritersMoved(@Source Database source, @Target Database target) {
        openWindow(source, target);
        target.execute(DECISION.formatted("PERMIT"));

        assertThat(execute(source, target)).as(all()).isEqualTo(ExitCode.GATE_BLOCKED.code());

        assertThat(err.toString()).contains("nobody has said that it is finished (./shadow cutover finish)");
        assertThat(source.queryForList(BOTH_SLOTS)).hasSize(2);
    }

    @Test
    void refusesAWindowWhoseLatestCutoverWasBlocked(@Source Database source, @Target Database target) {
        cutOver(source, target);
        target.execute(DECISION.formatted("BLOCK"));

        assertThat(execute(source, target)).as(all()).isEqualTo(ExitCode.GATE_BLOCKED.code());

        assertThat(err.toString()).contains("the gate blocked the latest cutover");
    }

    @Test
    void refusesAWindowWhoseSourceWasWrittenAfterTheFinish(@Source Database source, @Target Database target) {
        cutOver(source, target);
        target.execute(
                "CREATE TABLE shadow.event_ledger_all PARTITION OF shadow.event_ledger FOR VALUES FROM ('0/0') TO ('1/0')");
        receipt(target, "0/FFF");
        assertThat(run("plan", source, target)).as(all()).isEqualTo(ExitCode.DONE.code());

        receipt(target, "0/1000");

        assertThat(execute(source, target)).as(all()).isEqualTo(ExitCode.GATE_BLOCKED.code());
        assertThat(err.toString()).contains("the cutover is finished, but the source was written since");
    }

    private static void receipt(Database target, String commitLsn) {
        target.execute("""
                INSERT INTO shadow.event_ledger (side, commit_lsn, xid, digest0, digest1, change_index, source_table, operation,
                                                 source_key)
                VALUES (2, '%s', 1, 0, 0, 0, 1, 1, '{}')
                """.formatted(commitLsn));
    }

    @Test
    void saysHowToTakeAwayALoadThatIsGivenUp(@Source Database source, @Target Database target) {
        openWindow(source, target);
        target.execute("UPDATE shadow.backfill_state SET phase = 'DISCARDING'");

        assertThat(execute(source, target)).as(all()).isEqualTo(ExitCode.GATE_BLOCKED.code());

        assertThat(err.toString()).contains("'./shadow backfill cleanup'");
    }

    @Test
    void givesUpAWindowWhenToldTo(@Source Database source, @Target Database target) {
        openWindow(source, target);

        assertThat(execute(source, target, "--abandon")).as(all()).isEqualTo(ExitCode.DONE.code());

        assertThat(source.queryForList(BOTH_SLOTS)).isEmpty();
        assertThat(schemas(target)).doesNotContain("shadow");
    }

    @ParameterizedTest
    @CsvSource({"true, shadow-consumer, source", "false, shadow-api, target"})
    void refusesWhileAProgramOfOursIsConnected(
            boolean toSource, String program, String side, @Source Database source, @Target Database target)
            throws SQLException {
        cutOver(source, target);

        try (Connection _ = connectAs(toSource ? source : target, program)) {
            assertThat(execute(source, target, "--abandon")).as(all()).isEqualTo(ExitCode.REFUSED.code());
            assertThat(run("check", source, target)).isEqualTo(ExitCode.DIRTY.code());
        }

        assertThat(err.toString())
                .contains("%s is connected to the %s (1 connection(s)); stop it first".formatted(program, side));
        assertThat(source.queryForList(BOTH_SLOTS)).hasSize(2);
        assertThat(schemas(target)).contains("shadow");
    }

    private static Connection connectAs(Database database, String program) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", database.user());
        properties.setProperty("ApplicationName", program);
        return DriverManager.getConnection(database.jdbcUrl(), properties);
    }

    @Test
    void refusesWithoutTheTypedNameOfTheSource(@Source Database source, @Target Database target) {
        cutOver(source, target);

        assertThat(run("execute", source, target, "--reason=r")).isEqualTo(ExitCode.REFUSED.code());
        assertThat(run("execute", source, target, "--reason=r", "--source-database=" + target.name() + "x"))
                .isEqualTo(ExitCode.REFUSED.code());

        assertThat(err.toString())
                .contains("nothing was done: confirm with --source-database and the name of the source's database")
                .contains("is not the name of the source's database");
        assertThat(out.toString()).as("the plan was shown").contains("window  shop-to-crm");
        assertThat(source.queryForList(BOTH_SLOTS)).hasSize(2);
    }

    @Test
    void needsAReason(@Source Database source, @Target Database target) {
        assertThat(run("execute", source, target, "--source-database=" + source.name()))
                .isEqualTo(ExitCode.USAGE.code());
    }

    @Test
    void leavesASlotThatSomebodyElseReads(@Source Database source, @Target Database target) throws SQLException {
        cutOver(source, target);

        try (Connection reader = replication(source);
                PGReplicationStream _ = stream(reader, "cdc_shadow_verifier")) {
            assertThat(execute(source, target)).as(all()).isEqualTo(ExitCode.REFUSED.code());
        }

        assertThat(err.toString()).contains("slot cdc_shadow_verifier is being read; stop its reader");
        assertThat(schemas(target)).as("nothing follows what failed").contains("shadow");
        Await.until(
                "the reader has gone",
                Duration.ofSeconds(20),
                () -> source.queryForLong("SELECT count(*) FROM pg_replication_slots WHERE active") == 0);
        assertThat(execute(source, target)).as(all()).isEqualTo(ExitCode.DONE.code());
    }

    private static Connection replication(Database source) throws SQLException {
        Properties properties = new Properties();
        PGProperty.USER.set(properties, source.user());
        PGProperty.APPLICATION_NAME.set(properties, "somebody");
        PGProperty.REPLICATION.set(properties, "database");
        PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "15");
        return DriverManager.getConnection(source.jdbcUrl(), properties);
    }

    private static PGReplicationStream stream(Connection connection, String slot) throws SQLException {
        return connection
                .unwrap(PGConnection.class)
                .getReplicationAPI()
                .replicationStream()
                .logical()
                .withSlotName(slot)
                .start();
    }

    @Test
    void touchesNoSlotOfAnotherSource(@Source Database source, @Target Database target) {
        cutOver(source, target);
        target.execute("UPDATE shadow.backfill_state SET system_identifier = '7'");

        assertThat(execute(source, target)).as(all()).isEqualTo(ExitCode.REFUSED.code());

        assertThat(err.toString()).contains("this is not the source of the window");
        assertThat(source.queryForList(BOTH_SLOTS)).hasSize(2);
    }

    @Test
    void removesWhatIsLeftWhenTheSourceExistsNoMore(@Source Database source, @Target Database target) {
        cutOver(source, target);
        String[] words = {"--source-gone", "--target-url=" + target.jdbcUrl(), "--target-user=" + target.user()};

        assertThat(run("execute", words, "--reason=r", "--source-database=" + source.name()))
                .as(all())
                .isEqualTo(ExitCode.REFUSED.code());
        assertThat(run("execute", words, "--reason=r", "--source-database=" + target.name()))
                .as(all())
                .isEqualTo(ExitCode.DONE.code());

        assertThat(source.queryForList(BOTH_SLOTS)).as("nobody looked").hasSize(2);
        assertThat(schemas(target)).doesNotContain("shadow");
        assertThat(run("check", words)).isEqualTo(ExitCode.DONE.code());
        assertThat(out.toString()).contains("nothing is left in the target; nobody looked at the source");
    }

    @Test
    void wantsTheSourceNamedOrCalledGone(@Target Database target) {
        String[] words = {"--target-url=" + target.jdbcUrl(), "--target-user=" + target.user()};

        assertThat(run("plan", words)).isEqualTo(ExitCode.USAGE.code());

        assertThat(err.toString()).contains("--source-gone");
    }

    @Test
    void dropsASlotThatNoWindowKnowsOnlyWhenItIsNamed(@Source Database source, @Target Database target) {
        slot(source, "cdc_shadow_primary");

        assertThat(run("check", source, target)).isEqualTo(ExitCode.DIRTY.code());
        assertThat(out.toString()).containsPattern("SOURCE  stays +cdc_shadow_primary .*--slot drops it too");
        assertThat(execute(source, target)).isEqualTo(ExitCode.DONE.code());
        assertThat(source.queryForList(BOTH_SLOTS)).hasSize(1);

        assertThat(execute(source, target, "--slot=cdc_shadow_primary"))
                .as(all())
                .isEqualTo(ExitCode.DONE.code());
        assertThat(source.queryForList(BOTH_SLOTS)).isEmpty();
    }

    @Test
    void leavesSchemasOfOthersAlone(@Source Database source, @Target Database target) {
        target.execute("CREATE SCHEMA shadow", "CREATE TABLE shadow.puppet (id int)", "CREATE SCHEMA provenance");

        assertThat(execute(source, target)).as(all()).isEqualTo(ExitCode.DONE.code());

        assertThat(schemas(target)).containsExactly("crm", "provenance", "shadow");
        assertThat(run("check", source, target)).as(all()).isEqualTo(ExitCode.DONE.code());
        assertThat(out.toString()).containsPattern("TARGET  not ours +shadow ");
    }

    @Test
    void keepsTheSchemaWhileSomethingOutsideDependsOnIt(@Source Database source, @Target Database target) {
        cutOver(source, target);
        target.execute("CREATE VIEW crm.seen AS SELECT source_key FROM shadow.pk_map");

        assertThat(execute(source, target)).as(all()).isEqualTo(ExitCode.REFUSED.code());

        assertThat(err.toString())
                .contains("schema shadow stays: something outside depends on it")
                .contains("view crm.seen");
        assertThat(target.queryForLong("SELECT count(*) FROM crm.seen")).isZero();
        assertThat(target.queryForLong("SELECT count(*) FROM shadow.settled_run"))
                .as("all of it stays")
                .isZero();
        target.execute("DROP VIEW crm.seen");
        assertThat(execute(source, target)).as(all()).isEqualTo(ExitCode.DONE.code());
        assertThat(schemas(target)).doesNotContain("shadow");
    }

    @Test
    void waitsOnlyBrieflyForSomebodyWhoReadsATable(@Source Database source, @Target Database target)
            throws SQLException {
        cutOver(source, target);

        try (Connection report = target.connect();
                Statement reading = report.createStatement()) {
            report.setAutoCommit(false);
            reading.execute("SELECT FROM shadow.finding");

            assertThat(execute(source, target)).as(all()).isEqualTo(ExitCode.REFUSED.code());
            report.rollback();
        }

        assertThat(err.toString()).contains("schema shadow stays: somebody uses a table of it");
        assertThat(execute(source, target)).as(all()).isEqualTo(ExitCode.DONE.code());
    }

    @Test
    void saysThatTheRoleDoesNotOwnTheSchema(@Source Database source, @Target Database target) {
        cutOver(source, target);
        target.execute(
                "CREATE ROLE looks_on LOGIN",
                "GRANT USAGE ON SCHEMA shadow, provenance TO looks_on",
                "GRANT SELECT ON ALL TABLES IN SCHEMA shadow TO looks_on");
        try {
            assertThat(run("execute", new String[] {
                        "--source-url=" + source.jdbcUrl(),
                        "--source-user=" + source.user(),
                        "--target-url=" + target.jdbcUrl(),
                        "--target-user=looks_on",
                        "--reason=r",
                        "--source-database=" + source.name()
                    }))
                    .as(all())
                    .isEqualTo(ExitCode.UNREACHABLE.code());
            assertThat(err.toString()).contains("dropping schema shadow failed (SQLSTATE 42501)");
        } finally {
            target.execute("DROP OWNED BY looks_on", "DROP ROLE looks_on");
        }
    }

    @Test
    void findsEverythingOfTheTargetsOwnThatRefersToUs(@Source Database source, @Target Database target) {
        cutOver(source, target);
        assertThat(references(source, target)).as("without a leak").isEmpty();
        List<List<String>> leaks =
                LEAKS.lines().map(line -> List.of(line.split(" \\| ", 3))).toList();

        leaks.forEach(leak -> target.execute(leak.getFirst()));

        assertThat(references(source, target))
                .containsExactlyInAnyOrderElementsOf(leaks.stream()
                        .map(leak -> leak.get(1) + " " + leak.get(2))
                        .toList());
    }

    @Test
    void findsSettingsAndGrantsThatNameUs(@Source Database source, @Target Database target) {
        target.execute(
                "CREATE ROLE shadow_writer LOGIN",
                "GRANT USAGE ON SCHEMA crm TO shadow_writer",
                "GRANT INSERT ON crm.client TO shadow_writer",
                "ALTER DATABASE \"%s\" SET search_path = crm, shadow".formatted(target.name()));
        try {
            assertThat(references(source, target))
                    .containsExactly(
                            "1 table(s) of schema crm grants to role shadow_writer",
                            "search_path setting of the database");
        } finally {
            target.execute("DROP OWNED BY shadow_writer", "DROP ROLE shadow_writer");
        }
    }

    @Test
    void acceptsANameThatTheTeamSaysIsItsOwn(@Source Database source, @Target Database target) {
        target.execute("ALTER TABLE crm.client ADD idempotency_key text");
        assertThat(run("check", source, target)).isEqualTo(ExitCode.DIRTY.code());

        assertThat(run("check", source, target, "--allow=crm.client.idempotency_key"))
                .as(all())
                .isEqualTo(ExitCode.DONE.code());
    }

    private List<String> references(Database source, Database target) {
        out.getBuffer().setLength(0);
        run("check", source, target, "--json");
        return StreamSupport.stream(
                        JsonMapper.shared()
                                .readTree(out.toString())
                                .get("data")
                                .get("remnants")
                                .spliterator(),
                        false)
                .filter(remnant -> remnant.get("kind").asString().equals("REFERENCE"))
                .map(remnant -> "%s %s"
                        .formatted(
                                remnant.get("name").asString(),
                                remnant.get("detail").asString()))
                .toList();
    }

    private static List<String> schemas(Database target) {
        return target
                .queryForList(
                        "SELECT nspname FROM pg_namespace WHERE nspname IN ('crm', 'shadow', 'provenance') ORDER BY 1")
                .stream()
                .map(String::valueOf)
                .toList();
    }

    private int execute(Database source, Database target, String... more) {
        List<String> options = new ArrayList<>(List.of(more));
        options.add("--reason=it is over");
        options.add("--source-database=" + source.name());
        return run("execute", source, target, options.toArray(String[]::new));
    }

    private int run(String command, Database source, Database target, String... more) {
        return run(
                command,
                new String[] {
                    "--source-url=" + source.jdbcUrl(),
                    "--source-user=" + source.user(),
                    "--target-url=" + target.jdbcUrl(),
                    "--target-user=" + target.user()
                },
                more);
    }

    private int run(String command, String[] addresses, String... more) {
        List<String> words = new ArrayList<>(List.of("decommission", command));
        words.addAll(List.of(addresses));
        words.addAll(List.of(more));
        CommandLine line = ShadowCommand.commandLine();
        line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return line.execute(words.toArray(String[]::new));
    }

    private String all() {
        return out + "\n" + err;
    }
}
