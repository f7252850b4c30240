package io.shadowwrite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.protocol.ExitCode;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(180)
class PreflightCommandTest {

    private static final String READER = """
            CREATE ROLE "the reader" LOGIN REPLICATION;
            GRANT pg_read_all_stats TO "the reader";
            """;

    private static final String SOURCE = """
            CREATE SCHEMA shop;
            CREATE TABLE shop.client (id bigint PRIMARY KEY, name text NOT NULL, nick text, score numeric, weight real, photo bytea);
            CREATE TABLE shop.visit (id bigint, day date, note text, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
            CREATE TABLE shop.visit_2026 PARTITION OF shop.visit FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
            CREATE TABLE shop.visit_2027 PARTITION OF shop.visit FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');
            CREATE TABLE shop.whole (id bigint PRIMARY KEY, note text);
            ALTER TABLE shop.whole REPLICA IDENTITY FULL;
            CREATE TABLE shop.coded (id bigint PRIMARY KEY, code text NOT NULL);
            CREATE UNIQUE INDEX coded_code ON shop.coded (code);
            ALTER TABLE shop.coded REPLICA IDENTITY USING INDEX coded_code;
            GRANT USAGE ON SCHEMA shop TO "the reader";
            GRANT SELECT ON ALL TABLES IN SCHEMA shop TO "the reader";
            """;

    private static final String TARGET = """
            CREATE SCHEMA crm;
            CREATE TABLE crm.client (id bigint PRIMARY KEY, name text NOT NULL, nick text, score numeric, weight real, photo bytea);
            CREATE TABLE crm.visit (id bigint, day date, note text, valid_from timestamptz NOT NULL, valid_to timestamptz,
                                    PRIMARY KEY (id, day, valid_from));
            CREATE UNIQUE INDEX visit_current ON crm.visit (id, day) WHERE valid_to IS NULL;
            CREATE TABLE crm.whole (id bigint PRIMARY KEY, note text);
            CREATE TABLE crm.coded (code text PRIMARY KEY, id bigint);
            GRANT USAGE ON SCHEMA crm TO "the writer";
            GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA crm TO "the writer";
            """;

    private static final String CONTRACT = """
            {"version": 1, "name": "shop-to-crm",
             "models": {
               "Client": {"kind": "crud", "table": "crm.client", "key": ["id"],
                 "columns": {"id": "bigint", "name": "text", "nick": "text", "score": "numeric", "weight": "real", "photo": "bytea"}},
               "Visit": {"kind": "scd2", "table": "crm.visit", "key": ["id", "day"],
                 "columns": {"id": "bigint", "day": "date", "note": "text"}, "valid_from": "valid_from", "valid_to": "valid_to"},
               "Whole": {"kind": "crud", "table": "crm.whole", "key": ["id"], "columns": {"id": "bigint", "note": "text"}},
               "Coded": {"kind": "crud", "table": "crm.coded", "key": ["code"], "columns": {"code": "text", "id": "bigint"}}},
             "sources": {
               "shop.client": {"columns": {"id": "bigint", "name": "text", "nick": "text", "score": "numeric", "weight": "real", "photo": "bytea"},
                 "key": ["id"], "identity": "default",
                 "writes": [{"model": "Client", "key": {"id": {"column": "id"}},
                   "set": {"name": {"column": "name"}, "nick": {"column": "nick"}, "score": {"column": "score"},
                           "weight": {"column": "weight"}, "photo": {"column": "photo"}}}]},
               "shop.visit": {"columns": {"id": "bigint", "day": "date", "note": "text"}, "key": ["id", "day"], "identity": "default",
                 "writes": [{"model": "Visit", "key": {"id": {"column": "id"}, "day": {"column": "day"}}, "set": {"note": {"column": "note"}}}]},
               "shop.whole": {"columns": {"id": "bigint", "note": "text"}, "key": ["id"], "identity": "full",
                 "writes": [{"model": "Whole", "key": {"id": {"column": "id"}}, "set": {"note": {"column": "note"}}}]},
               "shop.coded": {"columns": {"id": "bigint", "code": "text"}, "key": ["code"], "identity": "index",
                 "writes": [{"model": "Coded", "key": {"code": {"column": "code"}}, "set": {"id": {"column": "id"}}}]}}}
            """;

    private static int number;
    private static PostgresServer sources;
    private static PostgresServer targets;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    private String sourceName = "";
    private String targetName = "";

    @BeforeAll
    static void startServers() {
        sources = PostgresServer.start(
                PostgresServer.Role.SOURCE,
                PostgresServer.Settings.defaults()
                        .with("max_slot_wal_keep_size", "64GB")
                        .with("max_prepared_transactions", "5"));
        targets = PostgresServer.start(PostgresServer.Role.TARGET);
        sources.admin().runScript(READER);
        targets.admin().execute("CREATE ROLE \"the writer\" LOGIN");
    }

    @AfterAll
    static void stopServers() {
        sources.close();
        targets.close();
    }

    @BeforeEach
    void createDatabases() throws IOException {
        number++;
        sourceName = "source's " + number;
        targetName = "target " + number;
        sources.createDatabase(sourceName).runScript(SOURCE);
        targets.createDatabase(targetName).runScript(TARGET);
        targets.admin().execute("GRANT CREATE ON DATABASE \"%s\" TO \"the writer\"".formatted(targetName));
        Files.writeString(contract(), CONTRACT);
    }

    @AfterEach
    void dropDatabases() {
        sources.dropDatabase(sourceName);
        targets.dropDatabase(targetName);
    }

    @Test
    void findsNothingInAPairThatIsFit() {
        assertThat(preflight()).as(all()).isEqualTo(ExitCode.DONE.code());

        assertThat(out.toString()).isEqualToIgnoringNewLines("nothing found; a window can be opened");
    }

    @Test
    void mendsWithTheSqlItPrintsWhatTablesOfBothSidesLack() throws Exception {
        source().runScript("""
                ALTER TABLE shop.client REPLICA IDENTITY NOTHING;
                ALTER TABLE shop.visit DROP CONSTRAINT visit_pkey;
                ALTER TABLE shop.whole REPLICA IDENTITY DEFAULT;
                ALTER TABLE shop.whole SET UNLOGGED;
                DROP INDEX shop.coded_code;
                REVOKE SELECT ON shop.client FROM "the reader";
                ALTER TABLE shop.visit ENABLE ROW LEVEL SECURITY;
                """);
        target().runScript("""
                ALTER TABLE crm.client DROP CONSTRAINT client_pkey;
                ALTER TABLE crm.client ALTER id DROP NOT NULL;
                ALTER TABLE crm.client DROP COLUMN nick;
                ALTER TABLE crm.whole ALTER id ADD GENERATED ALWAYS AS IDENTITY;
                DROP INDEX crm.visit_current;
                REVOKE INSERT, DELETE ON crm.coded FROM "the writer";
                REVOKE USAGE ON SCHEMA crm FROM "the writer";
                REVOKE TEMPORARY ON DATABASE "%1$s" FROM PUBLIC;
                REVOKE CREATE ON DATABASE "%1$s" FROM "the writer";
                ALTER TABLE crm.visit ENABLE ROW LEVEL SECURITY;
                """.formatted(targetName));

        assertThat(preflight("--json")).as(all()).isEqualTo(ExitCode.GATE_BLOCKED.code());

        assertThat(found())
                .contains(
                        "SOURCE BLOCKS table shop.client has REPLICA IDENTITY NOTHING: its updates and deletes would vanish",
                        "SOURCE BLOCKS shop.client: may not be read",
                        "SOURCE BLOCKS table shop.visit_2026 has no primary key: its updates and deletes would vanish",
                        "SOURCE BLOCKS table shop.visit_2027 has no primary key: its updates and deletes would vanish",
                        "SOURCE BLOCKS table shop.whole is unlogged or temporary, which writes no WAL: its updates and deletes would vanish",
                        "SOURCE BLOCKS table shop.coded has REPLICA IDENTITY USING an index that was dropped: its updates and deletes would vanish",
                        "SOURCE BLOCKS row security may hide rows of shop.visit from role \"the reader\"",
                        "TARGET BLOCKS model Client: key column id of crm.client may be NULL",
                        "TARGET BLOCKS model Client: table crm.client has no column nick",
                        "TARGET BLOCKS model Client: table crm.client has no unique index on its key",
                        "TARGET BLOCKS model Whole: column id of crm.whole is GENERATED ALWAYS, so no row can bring a value for it",
                        "TARGET BLOCKS model Visit: table crm.visit has no unique index that allows one current version",
                        "TARGET BLOCKS role \"the writer\" may not use schema crm",
                        "TARGET BLOCKS model Coded: role \"the writer\" may not INSERT, DELETE on crm.coded",
                        "TARGET BLOCKS role \"the writer\" may not create the schemas shadow and provenance",
                        "TARGET BLOCKS role \"the writer\" may not create temporary tables, which long source transactions need",
                        "TARGET BLOCKS row security may hide rows of crm.visit from role \"the writer\"");

        runFixSql();
        assertThat(preflight()).as(all()).isEqualTo(ExitCode.DONE.code());
        assertThat(out.toString()).isEqualToIgnoringNewLines("nothing found; a window can be opened");
    }

    @Test
    void givesEveryPartitionTheIdentityThatTheContractCountsOn() throws Exception {
        source().runScript("""
                CREATE UNIQUE INDEX visit_other ON shop.visit_2026 (note, day);
                ALTER TABLE shop.visit_2026 ALTER note SET NOT NULL;
                ALTER TABLE shop.visit_2026 REPLICA IDENTITY USING INDEX visit_other;
                ALTER TABLE shop.visit_2027 REPLICA IDENTITY FULL;
                ALTER TABLE shop.whole REPLICA IDENTITY DEFAULT;
                ALTER TABLE shop.whole DROP CONSTRAINT whole_pkey, ADD PRIMARY KEY (id) DEFERRABLE;
                """);

        assertThat(preflight("--json")).as(all()).isEqualTo(ExitCode.GATE_BLOCKED.code());

        assertThat(found())
                .contains(
                        "SOURCE BLOCKS table shop.visit_2026 has replica identity INDEX, which carries [note, day] of an old row, the contract says DEFAULT and its key is [id, day]",
                        "SOURCE WARNS shop.visit_2027 has replica identity FULL, the contract says DEFAULT",
                        "SOURCE BLOCKS table shop.whole has a deferrable or invalid primary key: its updates and deletes would vanish",
                        // A deferrable key tells no rows apart within a transaction.
                        "SOURCE BLOCKS shop.whole has no unique index on exactly the contract's key [id], over columns that are NOT NULL; its own key is []");
        runFixSql();
        assertThat(preflight("--json")).as(all()).isEqualTo(ExitCode.DONE.code());
        assertThat(found())
                .containsExactly("SOURCE WARNS shop.visit_2027 has replica identity FULL, the contract says DEFAULT");
    }

    @Test
    void mendsAServerThatCannotDecodeForARoleThatMayNot() throws Exception {
        try (PostgresServer bare = PostgresServer.start(
                PostgresServer.Role.SOURCE,
                PostgresServer.Settings.defaults()
                        .with("wal_level", "replica")
                        .with("max_replication_slots", "2")
                        .with("max_wal_senders", "1")
                        .with("wal_sender_timeout", "0"))) {
            Database source = bare.createDatabase("source");
            bare.admin().execute("CREATE ROLE \"the reader\" LOGIN");
            source.runScript(SOURCE);

            assertThat(preflightOf(source, target(), "--json")).as(all()).isEqualTo(ExitCode.GATE_BLOCKED.code());

            assertThat(found())
                    .containsExactlyInAnyOrder(
                            "SOURCE BLOCKS wal_level is replica",
                            "SOURCE BLOCKS role \"the reader\" may not replicate",
                            "SOURCE BLOCKS 2 replication slot(s) are free, two readers and the verifier need 3",
                            "SOURCE BLOCKS 1 wal sender(s) are free, two readers and the verifier need 3",
                            "SOURCE WARNS max_slot_wal_keep_size is unlimited: a reader that is away can fill the source's disk and stop production",
                            "SOURCE WARNS wal_sender_timeout is 0: a reader that vanished keeps its slot from the next one",
                            "SOURCE WARNS role \"the reader\" does not see the transactions of other roles, for which slots and verifications wait");
            run("preflight", options(source, target(), "--fix-sql"));
            assertThat(out.toString())
                    .containsOnlyOnce("on every standby first, or it stops to replay")
                    .contains("ALTER SYSTEM SET max_wal_senders = 3; -- holds after a restart of the server; on every");
            psql(bare.admin(), out.toString());
            bare.restart();
            assertThat(preflightOf(source, target(), "--json")).as(all()).isEqualTo(ExitCode.DONE.code());
            assertThat(found()).hasSize(3).allMatch(finding -> finding.startsWith("SOURCE WARNS "));

            run("preflight", options(source, target(), "--fix-sql"));
            psql(bare.admin(), out.toString().replace("--   if you decide so: ", ""));
            bare.restart();
            assertThat(preflightOf(source, target())).as(all()).isEqualTo(ExitCode.DONE.code());
            assertThat(out.toString()).isEqualToIgnoringNewLines("nothing found; a window can be opened");
        }
    }

    @Test
    void namesWhatIsInTheWayAndNoSqlCanDecide() throws Exception {
        source().execute(
                        "INSERT INTO shop.client VALUES (1, 'a', NULL, 'NaN', 'Infinity', NULL), (2, 'b', NULL, '-Infinity', 1, NULL)",
                        "INSERT INTO shop.whole VALUES (1, repeat('x', 20000000))",
                        "INSERT INTO shop.coded SELECT 1, 'c'",
                        "UPDATE shop.client SET photo = decode(repeat('ab', 34000000), 'hex') WHERE id = 2",
                        "SELECT pg_create_logical_replication_slot('cdc_shadow_verifier', 'wal2json')");
        try (Connection open = source().connect();
                Connection locking = source().connect();
                Statement writing = open.createStatement();
                Statement lock = locking.createStatement()) {
            open.setAutoCommit(false);
            locking.setAutoCommit(false);
            writing.execute("INSERT INTO shop.visit VALUES (1, '2026-05-05', 'now')");
            lock.execute("LOCK TABLE shop.coded");
            source().execute("BEGIN; DELETE FROM shop.visit; PREPARE TRANSACTION 'two-phase'");

            assertThat(preflight("--json", "--open-since=0", "--scan-seconds=2"))
                    .as(all())
                    .isEqualTo(ExitCode.GATE_BLOCKED.code());
            source().execute("ROLLBACK PREPARED 'two-phase'");
            open.rollback();
            locking.rollback();
        } finally {
            source().execute("SELECT pg_drop_replication_slot('cdc_shadow_verifier')");
        }

        assertThat(found())
                .anyMatch(line -> line.matches("SOURCE BLOCKS prepared transaction two-phase waits since \\d+ s; .*"))
                .anyMatch(line ->
                        line.matches("SOURCE WARNS process \\d+ \\(test\\) has a transaction open since \\d+ s; .*"))
                .contains(
                        "SOURCE BLOCKS slot cdc_shadow_verifier exists",
                        "SOURCE BLOCKS shop.client.score is NaN or infinite in 2 row(s), which wal2json sends as NULL",
                        "SOURCE BLOCKS shop.client.weight is NaN or infinite in 1 row(s), which wal2json sends as NULL",
                        "SOURCE BLOCKS the largest row of shop.client makes a message of at least 64 MB, readers take 64 MB",
                        "SOURCE WARNS the largest row of shop.whole makes a message of at least 38 MB, readers take 64 MB",
                        "SOURCE WARNS the rows of shop.coded were not checked in time: NaN, infinities and the largest row are unknown");
    }

    @Test
    void leavesAPreparedTransactionTheTimeThatIsGiven() {
        source().execute("BEGIN; INSERT INTO shop.whole VALUES (1, 'a'); PREPARE TRANSACTION 'young'");
        try {
            assertThat(preflight("--json", "--open-since=600")).as(all()).isEqualTo(ExitCode.DONE.code());
        } finally {
            source().execute("ROLLBACK PREPARED 'young'");
        }

        assertThat(found()).noneMatch(line -> line.contains(" waits since "));
    }

    @Test
    void warnsOfWhatElseWritesTheTarget() {
        source().execute("ALTER TABLE shop.client ALTER nick DROP NOT NULL");
        target().runScript("""
                CREATE TABLE crm.region (id bigint PRIMARY KEY);
                CREATE TABLE crm.audit (id bigint REFERENCES crm.client ON DELETE CASCADE);
                ALTER TABLE crm.client ADD FOREIGN KEY (id) REFERENCES crm.region;
                ALTER TABLE crm.client ALTER nick SET NOT NULL;
                CREATE FUNCTION crm.log() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
                CREATE TRIGGER log AFTER INSERT ON crm.visit FOR EACH ROW EXECUTE FUNCTION crm.log();
                CREATE RULE quiet AS ON DELETE TO crm.whole DO INSTEAD NOTHING;
                """);

        assertThat(preflight("--json")).as(all()).isEqualTo(ExitCode.DONE.code());

        assertThat(found())
                .containsExactlyInAnyOrder(
                        "TARGET WARNS crm.client refers to crm.region (constraint client_id_fkey), which no model of the contract fills: a row is refused until what it refers to is there",
                        "TARGET WARNS constraint audit_id_fkey changes rows of crm.audit when rows of crm.client go or change, which the source does by changes of its own",
                        "TARGET WARNS trigger log of crm.visit runs for mirrored rows too, and may change them or write other tables",
                        "TARGET WARNS rule quiet of crm.whole runs for mirrored rows too, and may change them or write other tables",
                        "TARGET WARNS nick of crm.client is NOT NULL, and what shop.client writes into it may be NULL");
    }

    @Test
    void refusesAnAddressThatSpoilsTheStream() {
        assertThat(run(
                        "preflight",
                        "--source-url=" + url(source()) + "?socketTimeout=30",
                        "--source-user=the reader",
                        "--target-url=" + url(target()),
                        "--target-user=the writer",
                        "--contract=" + contract()))
                .isEqualTo(ExitCode.GATE_BLOCKED.code());

        assertThat(out.toString()).contains("BLOCKS SOURCE SESSION_SETTING: socketTimeout is 30000 ms");
    }

    @Test
    void sparesASettingOfTheRoleThatTheReadersPin() {
        sources.admin().execute("ALTER ROLE \"the reader\" SET bytea_output = 'escape'");
        try {
            assertThat(preflight()).as(all()).isEqualTo(ExitCode.DONE.code());
        } finally {
            sources.admin().execute("ALTER ROLE \"the reader\" RESET bytea_output");
        }
    }

    @Test
    void refusesADatabaseInAnotherEncoding() {
        String latin = " ENCODING 'LATIN1' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'";
        sources.admin().execute("CREATE DATABASE latin" + latin);
        targets.admin().execute("CREATE DATABASE latin" + latin);
        try {
            sources.database("latin").runScript(SOURCE);
            targets.database("latin").runScript(TARGET);

            assertThat(preflightOf(sources.database("latin"), targets.database("latin"), "--json"))
                    .isEqualTo(ExitCode.GATE_BLOCKED.code());

            assertThat(found())
                    .contains(
                            "SOURCE BLOCKS the database is encoded in LATIN1",
                            "TARGET BLOCKS the database is encoded in LATIN1");
        } finally {
            sources.dropDatabase("latin");
            targets.dropDatabase("latin");
        }
    }

    @Test
    void looksAtOneSideWhenTheOtherCannotBeReached() {
        target().execute("DROP TABLE crm.whole");

        assertThat(preflightOf(new Database("127.0.0.1", 1, "nowhere", "nobody", ""), target(), "--json"))
                .isEqualTo(ExitCode.UNREACHABLE.code());

        assertThat(found())
                .anyMatch(line -> line.startsWith("SOURCE BLOCKS CONNECTION_LOST")
                        || line.startsWith("SOURCE BLOCKS CONNECTION_REFUSED"))
                .contains("TARGET BLOCKS model Whole: table crm.whole does not exist");
    }

    @Test
    void saysInJsonWhatIsWrongWithTheFile() throws IOException {
        Files.writeString(contract(), "{\"version\": 2}");

        assertThat(preflight("--json")).isEqualTo(ExitCode.INVALID.code());

        assertThat(JsonMapper.shared().readTree(out.toString()).get("problems").toString())
                .contains("/version: this program reads version 1 only", "'models' is missing");
    }

    private int preflight(String... more) {
        return preflightOf(source(), target(), more);
    }

    private int preflightOf(Database source, Database target, String... more) {
        return run("preflight", options(source, target, more));
    }

    private String[] options(Database source, Database target, String... more) {
        List<String> options = new ArrayList<>(List.of(
                "--source-url=" + url(source),
                "--source-user=the reader",
                "--target-url=" + url(target),
                "--target-user=the writer",
                "--contract=" + contract()));
        options.addAll(List.of(more));
        return options.toArray(String[]::new);
    }

    private static String url(Database database) {
        return database.named("").jdbcUrl()
                + database.name().replace("'", "%27").replace(" ", "%20");
    }

    /** As the command line of psql would, by the script and nothing else. */
    private void runFixSql() throws Exception {
        assertThat(preflight("--fix-sql")).as(all()).isEqualTo(ExitCode.GATE_BLOCKED.code());
        psql(sources.admin(), out.toString());
    }

    private void psql(Database first, String fixes) throws Exception {
        Path script = Files.writeString(directory.resolve("fix.sql"), fixes);
        ProcessBuilder psql = new ProcessBuilder(
                "psql",
                "--no-psqlrc",
                "--host=" + first.host(),
                "--port=" + first.port(),
                "--username=" + first.user(),
                "--dbname=" + first.name(),
                "--file=" + script);
        psql.environment().put("PGPASSWORD", first.password());
        psql.redirectErrorStream(true);
        Process process = psql.start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s%n%s", said, out).isZero();
    }

    /** Side, severity and what is wrong of every finding. */
    private List<String> found() {
        JsonNode envelope = JsonMapper.shared().readTree(out.toString());
        List<String> found = StreamSupport.stream(envelope.get("data").spliterator(), false)
                .map(finding -> "%s %s %s"
                        .formatted(
                                finding.get("side").asString(),
                                finding.get("severity").asString(),
                                finding.get("what").asString()))
                .toList();
        assertThat(new TreeSet<>(found)).as("no finding comes twice").hasSameSizeAs(found);
        return found;
    }

    private Database source() {
        return sources.database(sourceName);
    }

    private Database target() {
        return targets.database(targetName);
    }

    private Path contract() {
        return directory.resolve("contract.json");
    }

    private String all() {
        return out + "\n" + err;
    }

    private int run(String command, String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine line = ShadowCommand.commandLine();
        line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        List<String> words = new ArrayList<>(List.of(command));
        words.addAll(List.of(arguments));
        return line.execute(words.toArray(String[]::new));
    }
}
