package io.shadowwrite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.ContractReader;
import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.contract.SourceTable;
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
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@PostgresTest
@Timeout(60)
class ContractCommandTest {

    private static final String SCHEMA = """
            CREATE SCHEMA shop;
            CREATE SCHEMA "Odd schema";
            CREATE TYPE shop.mood AS ENUM ('good', 'it''s bad');
            CREATE DOMAIN shop.percent AS numeric(5,2) NOT NULL CHECK (VALUE BETWEEN 0 AND 100);
            CREATE TYPE shop.address AS (street text, share shop.percent, moods shop.mood[]);
            CREATE TYPE shop.span AS RANGE (SUBTYPE = timetz);
            CREATE TABLE shop.everything (
              id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
              mood shop.mood, moods shop.mood[], share shop.percent, home shop.address, homes shop.address[], open shop.span,
              i2 smallint, i4 integer, i8 bigint, n numeric, n2 numeric(38,9), f4 real, f8 double precision, b boolean,
              t text, v varchar(20), c char(7), u uuid, y bytea, d date, tm time(3), ts timestamp(3), tz timestamptz,
              iv interval, j json, jb jsonb, ar integer[][], ip inet, net cidr, mac macaddr, bits bit(3), vbits varbit(9),
              r int4range, mr tstzmultirange, x xml, p point, search tsvector, lsn pg_lsn,
              doubled bigint GENERATED ALWAYS AS (i4 * 2) STORED
            );
            CREATE TABLE shop.parts (day date, no int, note text, PRIMARY KEY (day, no)) PARTITION BY RANGE (day);
            CREATE TABLE shop.parts_2026 PARTITION OF shop.parts FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
            CREATE TABLE shop.whole (code text NOT NULL UNIQUE, note text);
            ALTER TABLE shop.whole REPLICA IDENTITY FULL;
            CREATE TABLE shop.by_index (a int, b uuid NOT NULL, c text);
            CREATE UNIQUE INDEX by_index_b ON shop.by_index (b);
            ALTER TABLE shop.by_index REPLICA IDENTITY USING INDEX by_index_b;
            CREATE TABLE shop.only_key (a int, b int, PRIMARY KEY (b, a));
            CREATE TABLE "Odd schema".only_key (a int PRIMARY KEY);
            CREATE TYPE shop.late AS (a int);
            CREATE TYPE shop.later AS (b int);
            ALTER TYPE shop.late ADD ATTRIBUTE more shop.later;
            CREATE TABLE shop.a_name_that_is_nearly_as_long_as_any_name_of_a_table_may_be_x (id int PRIMARY KEY, late shop.late);
            CREATE TABLE "Odd schema"."Odd ""table" ("the key" int PRIMARY KEY, "Größe" text);
            """;

    private static final String NOT_COPIED = """
            CREATE TABLE shop.no_key (id int);
            CREATE TABLE shop.nothing (id int PRIMARY KEY);
            ALTER TABLE shop.nothing REPLICA IDENTITY NOTHING;
            CREATE TABLE shop.dear (id int PRIMARY KEY, price money);
            CREATE TABLE shop.floating (id double precision PRIMARY KEY);
            CREATE TABLE shop.rows (id int PRIMARY KEY, one shop.whole);
            CREATE TYPE shop.holder AS (n int, many shop.whole[]);
            CREATE TABLE shop.held (id int PRIMARY KEY, one shop.holder);
            CREATE DOMAIN shop.eur AS money;
            CREATE TABLE shop.dearer (id int PRIMARY KEY, price shop.eur);
            CREATE TABLE shop.parent (id int PRIMARY KEY);
            CREATE TABLE shop.child (PRIMARY KEY (id)) INHERITS (shop.parent);
            CREATE MATERIALIZED VIEW shop.seen AS SELECT id FROM shop.parent;
            CREATE TABLE shop.split (id int PRIMARY KEY) PARTITION BY HASH (id);
            CREATE TABLE shop.split_0 PARTITION OF shop.split FOR VALUES WITH (MODULUS 1, REMAINDER 0);
            ALTER TABLE shop.split REPLICA IDENTITY FULL;
            CREATE TABLE shop."it's" (id int PRIMARY KEY);
            """;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @Test
    void draftsAContractThatFitsItsSourceAndATargetThatCanBeMade(@Source Database source, @Target Database target)
            throws IOException {
        source.runScript(SCHEMA);

        assertThat(init(source)).as(err.toString()).isEqualTo(ExitCode.DONE.code());

        assertThat(err.toString()).isEmpty();
        assertThat(validate(source)).as(err.toString()).isEqualTo(ExitCode.DONE.code());
        assertThat(out.toString()).contains("valid and fits the source: 8 source table(s), 0 of them unmapped");
        assertThat(read().models()).containsKeys("only_key", "shop.only_key");
        target.runScript(Files.readString(ddl()));
        String columns = """
                SELECT string_agg(attname || ' ' || format_type(atttypid, atttypmod) || attnotnull, ',' ORDER BY attnum)
                  FROM pg_attribute WHERE attrelid = 'shop.everything'::regclass AND attnum > 0
                """;
        assertThat(target.queryForString(columns)).isEqualTo(source.queryForString(columns));
        SourceTable whole = read().source(new QualifiedName("shop", "whole"));
        assertThat(whole).isInstanceOfSatisfying(SourceTable.Mapped.class, table -> {
            assertThat(table.identity()).isEqualTo(SourceTable.Identity.FULL);
            assertThat(table.key()).containsExactly("code");
        });
    }

    @Test
    void listsWhatItCannotCopy(@Source Database source) {
        source.runScript(SCHEMA);
        source.runScript(NOT_COPIED);

        assertThat(init(source)).as(err.toString()).isEqualTo(ExitCode.DONE.code());

        assertThat(err.toString().lines())
                .hasSize(11)
                .anyMatch(line -> line.startsWith("TODO shop.dearer is not copied: column price"))
                .anyMatch(line -> line.startsWith("TODO shop.parent is not copied: has tables that inherit"))
                .anyMatch(line -> line.startsWith("TODO shop.seen is not copied: is a materialized view"))
                .anyMatch(line -> line.startsWith("TODO shop.split is not copied: partition shop.split_0 has another"))
                .anyMatch(line -> line.startsWith("TODO shop.it's cannot be written"))
                .anyMatch(line ->
                        line.startsWith("TODO shop.no_key is not copied: shop.no_key has no primary key; ALTER"))
                .anyMatch(line -> line.startsWith("TODO shop.nothing is not copied: ") && line.contains("NOTHING"))
                .anyMatch(line -> line.startsWith("TODO shop.dear is not copied: column price is of type money"))
                .anyMatch(line -> line.startsWith("TODO shop.floating is not copied: key column id"))
                .anyMatch(line -> line.startsWith("TODO shop.rows is not copied: column one is of type shop.whole"))
                .anyMatch(line -> line.startsWith("TODO shop.held is not copied: column one is of type shop.holder"));
        assertThat(read().sources().values().stream().filter(SourceTable.Unmapped.class::isInstance))
                .hasSize(10);
    }

    @Test
    void namesWhatIsOutsideOfTheSchemasThatWereAskedFor(@Source Database source) {
        source.runScript(SCHEMA);

        assertThat(init(source, "--schema", "shop", "--schema", "shpo"))
                .as(err.toString())
                .isZero();

        assertThat(err.toString())
                .contains("TODO schema shpo has no table")
                .contains("TODO Odd schema.only_key is not copied: is outside");
        assertThat(validate(source)).as(err.toString()).isEqualTo(ExitCode.DONE.code());
    }

    @Test
    void saysWhyNothingCanBeCopied(@Source Database source) {
        source.execute("CREATE TABLE public.no_key (id int)");

        assertThat(init(source)).isEqualTo(ExitCode.INVALID.code());

        assertThat(err.toString())
                .contains("no table can be copied")
                .contains("public.no_key has no primary key; ALTER");
        assertThat(contract()).doesNotExist();
        assertThat(ddl()).doesNotExist();
    }

    @Test
    void overwritesNothing(@Source Database source) throws IOException {
        Files.writeString(ddl(), "mine");

        assertThat(init(source)).isEqualTo(ExitCode.USAGE.code());

        assertThat(err.toString()).contains("is there already");
        assertThat(ddl()).hasContent("mine");
    }

    @Test
    void writesBothFilesOrNone(@Source Database source) {
        source.execute("CREATE TABLE public.thing (id int PRIMARY KEY)");

        assertThat(run(
                        "contract",
                        "init",
                        "--identity",
                        "--source-url",
                        source.jdbcUrl(),
                        "--source-user",
                        source.user(),
                        "--contract",
                        directory.resolve("none/contract.json").toString(),
                        "--ddl",
                        ddl().toString()))
                .isEqualTo(ExitCode.INVALID.code());

        assertThat(err.toString()).contains("cannot be written");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void namesEveryDifferenceBetweenContractAndSource(@Source Database source) {
        source.runScript(SCHEMA);
        init(source);
        source.execute(
                "ALTER TABLE shop.whole ADD COLUMN more int",
                "ALTER TABLE shop.whole DROP COLUMN note",
                "ALTER TABLE shop.parts ALTER COLUMN note TYPE varchar(9)",
                "ALTER TABLE shop.only_key REPLICA IDENTITY FULL",
                "ALTER TABLE shop.whole ALTER code DROP NOT NULL",
                "ALTER TABLE shop.by_index REPLICA IDENTITY FULL",
                "ALTER TABLE shop.by_index ADD PRIMARY KEY (a)",
                "DROP INDEX shop.by_index_b",
                "CREATE TABLE shop.fresh (id int PRIMARY KEY)",
                "DROP TABLE \"Odd schema\".\"Odd \"\"table\"");

        assertThat(validate(source)).isEqualTo(ExitCode.INVALID.code());

        assertThat(err.toString())
                .contains("7 problem(s)")
                .contains("shop.whole has no unique index on exactly the contract's key [code]")
                .contains("shop.by_index has replica identity FULL, the contract says INDEX")
                .contains("shop.by_index has no unique index on exactly the contract's key [b]")
                .contains("shop.whole has a column more (integer)")
                .contains("shop.whole has no column note")
                .contains("shop.parts.note is of type character varying(9), the contract says text")
                .contains("shop.only_key has replica identity FULL, the contract says DEFAULT")
                .contains("shop.fresh is in the source and not in the contract")
                .contains("Odd schema.Odd \"table is in the contract and not in the source");
    }

    @Test
    void namesEveryProblemOfAFile() throws IOException {
        Files.writeString(contract(), "{\"version\": 2, \"name\": \"x\", \"models\": {}, \"surces\": {}}");

        assertThat(run("contract", "validate", contract().toString())).isEqualTo(ExitCode.INVALID.code());

        assertThat(err.toString()).contains("/version").contains("/models").contains("surces");
    }

    @Test
    void tellsASourceThatCannotBeReachedFromOneThatDoesNotFit() {
        assertThat(run(
                        "contract",
                        "init",
                        "--identity",
                        "--source-url",
                        "jdbc:postgresql://127.0.0.1:1/none",
                        "--source-user",
                        "nobody"))
                .isEqualTo(ExitCode.UNREACHABLE.code());
    }

    @Test
    void tellsADatabaseThatIsNotThere(@Source Database source) {
        assertThat(init(source.named("nowhere"))).isEqualTo(ExitCode.UNREACHABLE.code());

        assertThat(err.toString()).contains("DATABASE_MISSING").contains("URL");
    }

    private int init(Database source, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "contract",
                "init",
                "--identity",
                "--source-url",
                source.jdbcUrl(),
                "--source-user",
                source.user(),
                "--contract",
                contract().toString(),
                "--ddl",
                ddl().toString()));
        arguments.addAll(List.of(more));
        return run(arguments.toArray(String[]::new));
    }

    private int validate(Database source) {
        return run(
                "contract",
                "validate",
                contract().toString(),
                "--source-url",
                source.jdbcUrl(),
                "--source-user",
                source.user());
    }

    private Contract read() {
        return new ContractReader().read(contract());
    }

    private Path contract() {
        return directory.resolve("contract.json");
    }

    private Path ddl() {
        return directory.resolve("target.sql");
    }

    private int run(String... arguments) {
        CommandLine command = ShadowCommand.commandLine();
        command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return command.execute(arguments);
    }
}
