package io.shadowwrite.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shadowwrite.protocol.ExitCode;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Source;
import io.shadowwrite.testsupport.Target;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;

/** What preflight tells although something fails, and how its script treats databases that are in use. */
@PostgresTest
@Timeout(120)
class PreflightCareTest {

    private static final String SOURCE = """
            CREATE SCHEMA shop;
            CREATE TABLE shop.client (id bigint PRIMARY KEY, code text, score numeric);
            ALTER TABLE shop.client REPLICA IDENTITY FULL;
            CREATE TABLE shop.visit (id bigint, day date NOT NULL, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
            CREATE TABLE shop.visit_2026 PARTITION OF shop.visit FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
            """;

    private static final String TARGET = """
            CREATE SCHEMA crm;
            CREATE TABLE crm.client (id bigint PRIMARY KEY, code text, score numeric);
            CREATE TABLE crm.visit (id bigint, day date, PRIMARY KEY (id, day));
            """;

    private static final String CONTRACT = """
            {"version": 1, "name": "shop-to-crm",
             "models": {
               "Client": {"kind": "crud", "table": "crm.client", "key": ["id"], "columns": {"id": "bigint", "code": "text", "score": "numeric"}},
               "Visit": {"kind": "crud", "table": "crm.visit", "key": ["id", "day"], "columns": {"id": "bigint", "day": "date"}}},
             "sources": {
               "shop.client": {"columns": {"id": "bigint", "code": "text", "score": "numeric"}, "key": ["id"], "identity": "full",
                 "writes": [{"model": "Client", "key": {"id": {"column": "id"}},
                   "set": {"code": {"column": "code"}, "score": {"column": "score"}}}]},
               "shop.visit": {"columns": {"id": "bigint", "day": "date"}, "key": ["id", "day"], "identity": "default",
                 "writes": [{"model": "Visit", "key": {"id": {"column": "id"}, "day": {"column": "day"}}, "set": {}}]}}}
            """;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    private String contract = CONTRACT;

    @BeforeEach
    void createTables(@Source Database source, @Target Database target) {
        source.runScript(SOURCE);
        target.runScript(TARGET);
    }

    @Test
    void tellsBothSidesWhenARowStandsInAColumnOfAnotherType(@Source Database source, @Target Database target)
            throws IOException {
        source.execute(
                "ALTER TABLE shop.client ALTER score TYPE integer USING score::integer",
                "INSERT INTO shop.client VALUES (1, 'a', 7)");
        target.execute("DROP TABLE crm.visit");

        assertThat(preflight(source, target, "--json")).as(all()).isEqualTo(ExitCode.GATE_BLOCKED.code());

        assertThat(found())
                .contains(
                        "SOURCE BLOCKS shop.client.score is of type integer, the contract says numeric",
                        "TARGET BLOCKS model Visit: table crm.visit does not exist")
                .noneMatch(line -> line.contains("NaN"));
    }

    @Test
    void tellsEverythingElseWhenAQuestionIsNotAnswered(@Source Database source, @Target Database target)
            throws Exception {
        source.execute("ALTER TABLE shop.client REPLICA IDENTITY NOTHING");
        target.execute("ALTER TABLE crm.client DROP COLUMN code");
        impatient(source);
        impatient(target);
        // Views are opened through it, tables are not.
        try (Locked _ = new Locked(source, "pg_catalog.pg_rewrite");
                Locked _ = new Locked(target, "pg_catalog.pg_rewrite")) {
            assertThat(preflightAs("impatient", source, target, "--json"))
                    .as(all())
                    .isEqualTo(ExitCode.GATE_BLOCKED.code());
        } finally {
            source.execute("DROP ROLE impatient");
            target.execute("DROP ROLE impatient");
        }

        assertThat(found())
                .contains(
                        "SOURCE BLOCKS table shop.client has REPLICA IDENTITY NOTHING: its updates and deletes would vanish")
                .contains("TARGET BLOCKS model Client: table crm.client has no column code")
                .anyMatch(line -> line.startsWith("SOURCE BLOCKS ") && line.contains("SQLSTATE 55P03"))
                .anyMatch(line -> line.startsWith("TARGET BLOCKS ") && line.contains("SQLSTATE 55P03"));
    }

    @Test
    void leavesTheRowsOfALockedTableUnchecked(@Source Database source, @Target Database target) throws Exception {
        impatient(source);
        try (Locked _ = new Locked(source, "shop.client")) {
            assertThat(preflightAs("impatient", source, target, "--json"))
                    .as(all())
                    .isEqualTo(ExitCode.DONE.code());
        } finally {
            source.execute("DROP ROLE impatient");
        }

        assertThat(found())
                .contains(
                        "SOURCE WARNS the rows of shop.client were not checked in time: NaN, infinities and the largest row are unknown");
    }

    @ParameterizedTest
    @CsvSource({"full, FULL", "index, DEFAULT"})
    void buildsAnIndexOfALiveTableBesideItsWriters(
            String wanted, String now, @Source Database source, @Target Database target) throws Exception {
        contract = CONTRACT.replace("\"crm.client\", \"key\": [\"id\"]", "\"crm.client\", \"key\": [\"code\"]")
                .replace(
                        "\"key\": [\"id\"], \"identity\": \"full\"",
                        "\"key\": [\"code\"], \"identity\": \"%s\"".formatted(wanted))
                .replace("\"key\": {\"id\": {\"column\": \"id\"}},", "\"key\": {\"code\": {\"column\": \"code\"}},")
                .replace("\"set\": {\"code\": {\"column\": \"code\"},", "\"set\": {\"id\": {\"column\": \"id\"},");
        target.execute("ALTER TABLE crm.client DROP CONSTRAINT client_pkey, ADD PRIMARY KEY (code)");
        source.execute("ALTER TABLE shop.client REPLICA IDENTITY " + now);

        preflight(source, target, "--fix-sql");
        List<String> building = out.toString()
                .lines()
                .filter(line -> line.contains("CREATE UNIQUE INDEX"))
                .toList();
        assertThat(building).as(all()).hasSize(1).allMatch(line -> line.contains("CREATE UNIQUE INDEX CONCURRENTLY"));
        leaveAnInvalidIndex(source, building.getFirst().replaceAll(".*INDEX CONCURRENTLY (\"\\w+\") ON .*", "$1"));

        psql(source);
        assertThat(preflight(source, target, "--json")).as(all()).isEqualTo(ExitCode.DONE.code());
    }

    /** As an interrupted build does. */
    private static void leaveAnInvalidIndex(Database source, String name) {
        source.execute("INSERT INTO shop.client VALUES (1, 'a', NULL), (2, 'a', NULL)");
        assertThatThrownBy(() ->
                        source.execute("CREATE UNIQUE INDEX CONCURRENTLY %s ON shop.client (code)".formatted(name)))
                .hasStackTraceContaining("could not create unique index");
        source.execute("DELETE FROM shop.client");
    }

    @Test
    void leavesToAPersonAKeyThatAPartitionedTableCannotHave(@Source Database source, @Target Database target)
            throws Exception {
        contract = CONTRACT.replace("\"key\": [\"id\", \"day\"]", "\"key\": [\"id\"]")
                .replace(
                        ", \"day\": {\"column\": \"day\"}}, \"set\": {}",
                        "}, \"set\": {\"day\": {\"column\": \"day\"}}");
        source.execute("ALTER TABLE shop.visit DROP CONSTRAINT visit_pkey", "DROP TABLE shop.client");

        assertThat(preflight(source, target, "--fix-sql")).isEqualTo(ExitCode.GATE_BLOCKED.code());

        assertThat(out.toString())
                .contains("shop.visit has no unique index on exactly the contract's key [id]")
                .doesNotContain("ADD PRIMARY KEY (\"id\")")
                .doesNotContain("ON \"shop\".\"visit\" (");
        psql(source);
    }

    @Test
    void waitsForNoLockThatOthersThenWaitFor(@Source Database source, @Target Database target) throws Exception {
        source.execute("ALTER TABLE shop.client SET UNLOGGED");
        preflight(source, target, "--fix-sql");
        assertThat(out.toString()).contains("SET LOGGED; /* rewrites the table under an exclusive lock */");

        try (Connection report = source.connect();
                Statement reading = report.createStatement()) {
            report.setAutoCommit(false);
            reading.execute("SELECT FROM shop.client");

            assertThat(said(source)).contains("canceling statement due to lock timeout");
            report.rollback();
        }
    }

    @Test
    void runsNothingThatOnlyWarns(@Source Database source, @Target Database target) throws Exception {
        source.execute("CREATE ROLE hurried LOGIN SUPERUSER", "ALTER ROLE hurried SET wal_sender_timeout = 0");
        try {
            preflightAs("hurried", source, target, "--fix-sql");

            assertThat(out.toString()).contains("ALTER ROLE hurried SET wal_sender_timeout = '60s';");
            psql(source);
            assertThat(source.queryForString("SELECT rolconfig::text FROM pg_roles WHERE rolname = 'hurried'"))
                    .isEqualTo("{wal_sender_timeout=0}");
        } finally {
            source.execute("DROP ROLE hurried");
        }
    }

    @Test
    void takesNobodysSchema(@Source Database source, @Target Database target) throws Exception {
        target.execute(
                "CREATE ROLE writes LOGIN",
                "GRANT CREATE ON DATABASE \"%s\" TO writes".formatted(target.name()),
                "GRANT USAGE ON SCHEMA crm TO writes",
                "GRANT ALL ON ALL TABLES IN SCHEMA crm TO writes",
                "CREATE SCHEMA shadow",
                "CREATE SCHEMA provenance AUTHORIZATION writes",
                "CREATE TABLE provenance.batch (id int)");
        try {
            assertThat(run(source, "postgres", target, "writes", "--json"))
                    .as(all())
                    .isEqualTo(ExitCode.GATE_BLOCKED.code());
            assertThat(found())
                    .contains(
                            "TARGET BLOCKS schema shadow, or something in it, belongs to another role than writes",
                            "TARGET BLOCKS schema provenance, or something in it, belongs to another role than writes");

            run(source, "postgres", target, "writes", "--fix-sql");
            assertThat(out.toString()).doesNotContain("OWNER TO");
        } finally {
            target.execute("DROP OWNED BY writes CASCADE", "DROP ROLE writes");
        }
    }

    @Test
    void findsRowsThatNoWindowWouldHaveWritten(@Source Database source, @Target Database target) throws Exception {
        target.execute("INSERT INTO crm.client VALUES (1, 'seed', 1)");

        assertThat(preflight(source, target, "--json")).as(all()).isEqualTo(ExitCode.GATE_BLOCKED.code());
        assertThat(found())
                .containsOnlyOnce("TARGET BLOCKS crm.client holds rows, which nothing of this migration has written");

        try (Locked _ = new Locked(target, "crm.visit")) {
            preflight(source, target, "--json", "--scan-seconds=1");
            assertThat(found())
                    .contains(
                            "TARGET BLOCKS crm.client holds rows, which nothing of this migration has written",
                            "TARGET WARNS nobody knows whether crm.visit is empty: it did not answer in time");
        }
    }

    @Test
    void saysWhatAYoungTransactionKeptItFromTrying(@Source Database source, @Target Database target) throws Exception {
        try (Connection open = source.connect();
                Statement writing = open.createStatement()) {
            open.setAutoCommit(false);
            writing.execute("INSERT INTO shop.visit VALUES (1, '2026-05-05')");

            assertThat(preflight(source, target, "--json", "--open-since=600"))
                    .as(all())
                    .isEqualTo(ExitCode.DONE.code());
            open.rollback();
        }

        assertThat(found())
                .anyMatch(
                        line -> line.matches(
                                "SOURCE WARNS nobody knows whether the plug-in takes the options of the readers: no slot could be created for older transactions, the oldest is process \\d+ \\(test\\), \\d+ s old"))
                .noneMatch(line -> line.contains("has a transaction open"));
    }

    @ParameterizedTest
    @CsvSource({
        "postgresql://user:secret@127.0.0.1/shop, jdbc:postgresql://127.0.0.1/crm",
        "jdbc:postgresql://user:secret@127.0.0.1/shop, jdbc:postgresql://127.0.0.1/crm",
        "jdbc:postgresql://127.0.0.1:1/shop, postgresql://user:secret@127.0.0.1/crm",
        "jdbc:postgresql://127.0.0.1:1/shop, jdbc:postgresql://user:secret@127.0.0.1/crm"
    })
    void printsNoAddress(String source, String target) throws IOException {
        assertThat(runAt(source, "reader", target, "writer", "--json")).isEqualTo(ExitCode.USAGE.code());

        assertThat(all()).contains("is jdbc:postgresql://host:port/database").doesNotContain("secret");
    }

    /** A superuser who waits for no lock. */
    private static void impatient(Database database) {
        database.execute("CREATE ROLE impatient LOGIN SUPERUSER", "ALTER ROLE impatient SET lock_timeout = '300ms'");
    }

    /** Somebody who has locked a table of a database. */
    private static final class Locked implements AutoCloseable {

        private final Connection connection;

        Locked(Database database, String table) throws SQLException {
            connection = database.connect();
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("LOCK TABLE " + table);
            }
        }

        @Override
        public void close() throws SQLException {
            connection.rollback();
            connection.close();
        }
    }

    private int preflight(Database source, Database target, String... more) throws IOException {
        return preflightAs("postgres", source, target, more);
    }

    private int preflightAs(String reader, Database source, Database target, String... more) throws IOException {
        boolean both = target.queryForLong("SELECT count(*) FROM pg_authid WHERE rolname = ?", reader) > 0;
        return run(source, reader, target, both ? reader : "postgres", more);
    }

    private int run(Database source, String reader, Database target, String writer, String... more) throws IOException {
        return runAt(source.jdbcUrl(), reader, target.jdbcUrl(), writer, more);
    }

    private int runAt(String source, String reader, String target, String writer, String... more) throws IOException {
        List<String> words = new ArrayList<>(List.of(
                "preflight",
                "--source-url=" + source,
                "--source-user=" + reader,
                "--target-url=" + target,
                "--target-user=" + writer,
                "--contract=" + Files.writeString(directory.resolve("contract.json"), contract)));
        words.addAll(List.of(more));
        out.getBuffer().setLength(0);
        CommandLine command = ShadowCommand.commandLine();
        command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return command.execute(words.toArray(String[]::new));
    }

    /** Side, severity and what is wrong of every finding. */
    private List<String> found() {
        return StreamSupport.stream(
                        JsonMapper.shared().readTree(out.toString()).get("data").spliterator(), false)
                .map(finding -> "%s %s %s"
                        .formatted(
                                finding.get("side").asString(),
                                finding.get("severity").asString(),
                                finding.get("what").asString()))
                .toList();
    }

    private void psql(Database first) throws Exception {
        Process psql = start(first);
        String said = new String(psql.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(psql.waitFor()).as("%s%n%s", said, out).isZero();
    }

    private String said(Database first) throws Exception {
        Process psql = start(first);
        String said = new String(psql.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(psql.waitFor()).isNotZero();
        return said;
    }

    private Process start(Database first) throws IOException {
        Path script = Files.writeString(directory.resolve("fix.sql"), out.toString());
        ProcessBuilder psql = new ProcessBuilder(
                "psql",
                "--no-psqlrc",
                "--host=" + first.host(),
                "--port=" + first.port(),
                "--username=" + first.user(),
                "--dbname=" + first.name(),
                "--file=" + script);
        psql.environment().put("PGPASSWORD", first.password());
        // A script that waits for a lock must not wait for ever.
        psql.environment().put("PGOPTIONS", "-c statement_timeout=30s");
        return psql.redirectErrorStream(true).start();
    }

    private String all() {
        return out + "\n" + err;
    }
}
