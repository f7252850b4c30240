package io.shadowwrite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.protocol.ExitCode;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Source;
import io.shadowwrite.testsupport.Target;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;

@PostgresTest
@Timeout(60)
class ValidateCommandTest {

    private static final String SOURCE = """
            CREATE SCHEMA shop;
            CREATE TABLE shop.client (id bigint PRIMARY KEY, kind text NOT NULL, name text);
            CREATE TABLE shop.visit (id bigint, day date, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
            CREATE TABLE shop.log (id bigint);
            CREATE TABLE shop.visit_2026 PARTITION OF shop.visit FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
            """;

    private static final String TARGET = """
            CREATE SCHEMA crm;
            CREATE TABLE crm.client (id bigint PRIMARY KEY, name text, label text NOT NULL);
            CREATE TABLE crm.visit (id bigint, day date, PRIMARY KEY (id, day));
            """;

    private static final String CONTRACT = """
            {"version": 1, "name": "shop-to-crm",
             "models": {
               "Client": {"kind": "crud", "table": "crm.client", "key": ["id"], "columns": {"id": "bigint", "name": "text", "label": "text"}},
               "Visit": {"kind": "crud", "table": "crm.visit", "key": ["id", "day"], "columns": {"id": "bigint", "day": "date"}}},
             "sources": {
               "shop.client": {"columns": {"id": "bigint", "kind": "text", "name": "text"}, "key": ["id"], "identity": "default",
                 "filter": {"column": "kind", "op": "=", "value": "A"},
                 "writes": [{"model": "Client", "key": {"id": {"column": "id"}},
                   "set": {"name": {"column": "name"}, "label": {"coalesce": [{"column": "name"}, {"constant": "-"}]}}}]},
               "shop.visit": {"columns": {"id": "bigint", "day": "date"}, "key": ["id", "day"], "identity": "default",
                 "writes": [{"model": "Visit", "key": {"id": {"column": "id"}, "day": {"column": "day"}}, "set": {}}]},
               "shop.log": {"unmapped": "not migrated"}}}
            """;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @BeforeEach
    void createTables(@Source Database source, @Target Database target) {
        source.runScript(SOURCE);
        target.runScript(TARGET);
    }

    @Test
    void saysThatAContractFitsBothDatabases(@Source Database source, @Target Database target) throws IOException {
        assertThat(validate(CONTRACT, source, "postgres", target, "postgres"))
                .as(all())
                .isEqualTo(ExitCode.DONE.code());

        assertThat(err.toString()).isEmpty();
        assertThat(out.toString())
                .contains(
                        "contract shop-to-crm is valid and fits the source and the target: 3 source table(s), 1 of them unmapped");
    }

    @Test
    void pointsToEveryDifferenceOnBothSides(@Source Database source, @Target Database target) throws IOException {
        source.execute(
                "ALTER TABLE shop.client ALTER id TYPE integer",
                "ALTER TABLE shop.client DROP COLUMN kind",
                "ALTER TABLE shop.client REPLICA IDENTITY NOTHING",
                "ALTER TABLE shop.visit_2026 REPLICA IDENTITY FULL",
                "CREATE TABLE shop.fresh (id int PRIMARY KEY)");
        target.execute(
                "ALTER TABLE crm.client DROP COLUMN label, ADD COLUMN label text GENERATED ALWAYS AS ('x') STORED",
                "ALTER TABLE crm.client ALTER name TYPE varchar(9), ADD COLUMN must int NOT NULL",
                "ALTER TABLE crm.visit DROP CONSTRAINT visit_pkey, ALTER day DROP NOT NULL");

        assertThat(validate(CONTRACT, source, "postgres", target, "postgres", "--json"))
                .as(all())
                .isEqualTo(ExitCode.INVALID.code());

        assertThat(findings())
                .containsExactlyInAnyOrder(
                        "SOURCE BLOCKS /sources/shop.client/identity: table shop.client has REPLICA IDENTITY NOTHING: its updates and deletes would vanish",
                        "SOURCE BLOCKS /sources/shop.client/columns/id: shop.client.id is of type integer, the contract says bigint",
                        "SOURCE BLOCKS /sources/shop.client/columns/kind: shop.client has no column kind",
                        "SOURCE WARNS /sources/shop.visit/identity: shop.visit_2026 has replica identity FULL, the contract says DEFAULT",
                        "SOURCE BLOCKS /sources: shop.fresh is in the source and not in the contract",
                        "TARGET BLOCKS /models/Client/columns/name: model Client: column name of crm.client has type character varying(9), the contract needs text",
                        "TARGET BLOCKS /models/Client/columns/label: model Client: column label of crm.client is generated",
                        "TARGET BLOCKS /models/Client/columns: model Client: column must of crm.client is NOT NULL without a default, and the contract does not write it",
                        "TARGET BLOCKS /models/Visit/key: model Visit: key column day of crm.visit may be NULL",
                        "TARGET BLOCKS /models/Visit/key: model Visit: table crm.visit has no unique index on its key");
    }

    @Test
    void namesTheRootOfAPartition(@Source Database source, @Target Database target) throws IOException {
        assertThat(validate(
                        CONTRACT.replace("shop.visit\"", "shop.visit_2026\""), source, "postgres", target, "postgres"))
                .isEqualTo(ExitCode.INVALID.code());

        assertThat(err.toString())
                .contains("2 problem(s)")
                .contains("/sources/shop.visit_2026: shop.visit_2026 is a partition of shop.visit, under whose name")
                .contains("/sources: shop.visit is in the source and not in the contract");
    }

    @Test
    void warnsWhereTheSourceAllowsNullAndTheTargetDoesNot(@Source Database source, @Target Database target)
            throws IOException {
        String plain = CONTRACT.replace(
                "{\"coalesce\": [{\"column\": \"name\"}, {\"constant\": \"-\"}]}", "{\"column\": \"name\"}");

        assertThat(validate(plain, source, "postgres", target, "postgres"))
                .as(all())
                .isEqualTo(ExitCode.DONE.code());
        assertThat(err.toString())
                .contains("warning: /sources/shop.client/writes/0/set/label: label of crm.client is NOT NULL");

        String filtered = plain.replace(
                "\"column\": \"kind\", \"op\": \"=\", \"value\": \"A\"",
                "\"column\": \"name\", \"op\": \"is not null\"");
        err.getBuffer().setLength(0);
        assertThat(validate(filtered, source, "postgres", target, "postgres"))
                .as(all())
                .isEqualTo(ExitCode.DONE.code());
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void warnsWhereAKeyMayBeNull(@Source Database source, @Target Database target) throws IOException {
        source.execute(
                "CREATE TABLE shop.link (id bigint PRIMARY KEY, a bigint, b bigint NOT NULL)",
                "ALTER TABLE shop.link REPLICA IDENTITY FULL");
        target.execute("CREATE TABLE crm.link (a bigint, b bigint, PRIMARY KEY (a, b))");
        String linked = CONTRACT.replace(
                        "\"sources\": {",
                        "\"sources\": {\"shop.link\": {\"columns\": {\"id\": \"bigint\", \"a\": \"bigint\", \"b\": \"bigint\"},"
                                + " \"key\": [\"id\"], \"identity\": \"full\", \"writes\": [{\"model\": \"Link\","
                                + " \"key\": {\"a\": {\"column\": \"a\"}, \"b\": {\"column\": \"b\"}}, \"set\": {}}]},")
                .replace(
                        "\"models\": {",
                        "\"models\": {\"Link\": {\"kind\": \"crud\", \"table\": \"crm.link\", \"key\": [\"a\", \"b\"],"
                                + " \"columns\": {\"a\": \"bigint\", \"b\": \"bigint\"}},");

        assertThat(validate(linked, source, "postgres", target, "postgres"))
                .as(all())
                .isEqualTo(ExitCode.DONE.code());

        assertThat(err.toString().lines())
                .singleElement(InstanceOfAssertFactories.STRING)
                .startsWith(
                        "warning: /sources/shop.link/writes/0/key/a: a of crm.link is part of a key, and what shop.link writes into it may be NULL");
    }

    @Test
    void saysThatADatabaseDoesNotAnswer(@Source Database source, @Target Database target) throws Exception {
        target.execute("CREATE ROLE impatient LOGIN SUPERUSER", "ALTER ROLE impatient SET lock_timeout = '300ms'");
        try (Connection connection = target.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("LOCK TABLE pg_catalog.pg_collation");

            assertThat(validate(CONTRACT, source, "postgres", target, "impatient"))
                    .as(all())
                    .isEqualTo(ExitCode.UNREACHABLE.code());
            connection.rollback();
        } finally {
            target.execute("DROP ROLE impatient");
        }

        assertThat(err.toString()).contains("looking at the target failed (SQLSTATE 55P03)");
    }

    @Test
    void namesTheGrantsThatRolesLack(@Source Database source, @Target Database target) throws IOException {
        source.execute("CREATE ROLE reads_nothing LOGIN");
        target.execute("CREATE ROLE writes_nothing LOGIN");
        try {
            assertThat(validate(CONTRACT, source, "reads_nothing", target, "writes_nothing"))
                    .isEqualTo(ExitCode.INVALID.code());
        } finally {
            source.execute("DROP ROLE reads_nothing");
            target.execute("DROP ROLE writes_nothing");
        }

        assertThat(err.toString())
                .contains(
                        "/sources/shop.client: shop.client: may not be read; GRANT USAGE ON SCHEMA shop TO reads_nothing;")
                .contains(
                        "/models/Client/table: role writes_nothing may not use schema crm; run: GRANT USAGE ON SCHEMA")
                .contains("GRANT SELECT, INSERT, UPDATE, DELETE ON \"crm\".\"visit\" TO writes_nothing;");
    }

    @Test
    void checksOneSideWhenOneIsNamed(@Target Database target) throws IOException {
        assertThat(run(CONTRACT, "--target-url=" + target.jdbcUrl(), "--target-user=postgres"))
                .as(all())
                .isEqualTo(ExitCode.DONE.code());

        assertThat(out.toString()).contains("is valid and fits the target:");
    }

    @Test
    void demandsBothAddressesWhenBothShallBeAsked(@Source Database source) throws IOException {
        assertThat(run(CONTRACT, "--against-db", "--source-url=" + source.jdbcUrl(), "--source-user=postgres"))
                .isEqualTo(ExitCode.USAGE.code());

        assertThat(err.toString()).contains("--target-url");
    }

    private int validate(
            String contract, Database source, String reader, Database target, String writer, String... more)
            throws IOException {
        List<String> options = new ArrayList<>(List.of(
                "--against-db",
                "--source-url=" + source.jdbcUrl(),
                "--source-user=" + reader,
                "--target-url=" + target.jdbcUrl(),
                "--target-user=" + writer));
        options.addAll(List.of(more));
        return run(contract, options.toArray(String[]::new));
    }

    private int run(String contract, String... options) throws IOException {
        List<String> words = new ArrayList<>(List.of("contract", "validate"));
        words.add(
                Files.writeString(directory.resolve("contract.json"), contract).toString());
        words.addAll(List.of(options));
        CommandLine command = ShadowCommand.commandLine();
        command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return command.execute(words.toArray(String[]::new));
    }

    private List<String> findings() {
        return StreamSupport.stream(
                        JsonMapper.shared().readTree(out.toString()).get("data").spliterator(), false)
                .map(finding -> "%s %s %s: %s"
                        .formatted(
                                finding.get("side").asString(),
                                finding.get("severity").asString(),
                                finding.get("pointer").asString(),
                                finding.get("what").asString()))
                .toList();
    }

    private String all() {
        return out + "\n" + err;
    }
}
