package io.shadowwrite.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.contract.SourceTable;
import io.shadowwrite.contract.TargetModel;
import io.shadowwrite.protocol.ExitCode;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Source;
import io.shadowwrite.testsupport.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@PostgresTest
@Timeout(60)
class MappedDraftTest {

    private static final String SOURCE = """
            CREATE SCHEMA shop;
            CREATE TYPE shop.state AS ENUM ('NEW', 'PAID');
            CREATE TABLE shop.country (code char(2) PRIMARY KEY, name varchar(40) NOT NULL);
            CREATE TABLE shop.customer (
              id bigint PRIMARY KEY, name text NOT NULL, country_code char(2) NOT NULL REFERENCES shop.country,
              advised_by bigint REFERENCES shop.customer
            );
            CREATE TABLE shop.label (id int PRIMARY KEY, text text NOT NULL);
            CREATE TABLE shop.customer_label (
              customer_id bigint REFERENCES shop.customer, label_id int REFERENCES shop.label, PRIMARY KEY (customer_id, label_id)
            );
            CREATE TABLE shop.purchase (
              no bigint PRIMARY KEY, customer_id bigint NOT NULL REFERENCES shop.customer, state shop.state NOT NULL, paid_at timestamptz
            );
            CREATE TABLE shop.purchase_line (
              purchase_no bigint REFERENCES shop.purchase, line smallint, article text NOT NULL, PRIMARY KEY (purchase_no, line)
            );
            """;

    private static final String TARGET = """
            CREATE SCHEMA store;
            CREATE TYPE store.state AS ENUM ('new', 'paid', 'gone');
            CREATE TABLE store.countries (code text PRIMARY KEY, name text NOT NULL);
            CREATE TABLE store.customers (
              customer_id uuid, name text NOT NULL, country_code text NOT NULL, advised_by uuid, archived boolean NOT NULL DEFAULT false,
              valid_from timestamptz, valid_to timestamptz, PRIMARY KEY (customer_id, valid_from)
            );
            CREATE UNIQUE INDEX ON store.customers (customer_id) WHERE valid_to IS NULL;
            CREATE TABLE store.labels (label_id uuid PRIMARY KEY, text text NOT NULL);
            CREATE TABLE store.customer_labels (
              customer_id uuid, label_id uuid REFERENCES store.labels DEFERRABLE INITIALLY DEFERRED, PRIMARY KEY (customer_id, label_id)
            );
            CREATE TABLE store.purchases (
              purchase_id uuid PRIMARY KEY, no bigint NOT NULL, customer_id uuid NOT NULL, state store.state NOT NULL, paid_at timestamptz
            );
            CREATE TABLE store.purchase_lines (
              purchase_id uuid REFERENCES store.purchases DEFERRABLE INITIALLY DEFERRED, line integer, article text NOT NULL,
              PRIMARY KEY (purchase_id, line)
            );
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @Test
    void draftsAContractThatNobodyHasToEdit(@Source Database source, @Target Database target) {
        source.runScript(SOURCE);
        target.runScript(TARGET);

        Drafted draft = Drafted.of(directory, source, target, "--name", "shop-to-store");

        assertThat(draft.todos()).isEmpty();
        assertThat(draft.todoFile()).doesNotExist();
        assertThat(draft.out()).contains("nothing is left to decide");
        Drafted.Ran validated = Drafted.run(List.of(
                "contract",
                "validate",
                draft.file().toString(),
                "--against-db",
                "--source-url",
                source.jdbcUrl(),
                "--source-user",
                source.user(),
                "--target-url",
                target.jdbcUrl(),
                "--target-user",
                target.user()));
        assertThat(validated.code()).as(validated.err()).isEqualTo(ExitCode.DONE.code());
        assertThat(validated.out())
                .contains(
                        "contract shop-to-store is valid and fits the source and the target: 6 source table(s), 0 of them unmapped");
        assertThat(draft.contract().models().values())
                .extracting(TargetModel::name, model -> model.getClass().getSimpleName())
                .containsExactlyInAnyOrder(
                        tuple("Countries", "Crud"),
                        tuple("Customers", "Scd2"),
                        tuple("Labels", "Crud"),
                        tuple("CustomerLabels", "Junction"),
                        tuple("Purchases", "Crud"),
                        tuple("PurchaseLines", "Crud"));
    }

    @Test
    void leavesOutWhatNoContractCanHold(@Source Database source, @Target Database target) {
        source.runScript("""
                CREATE TABLE public.exact (id numeric(20,0) PRIMARY KEY);
                CREATE TABLE public.odd (id int PRIMARY KEY, its text, kept text);
                """);
        target.runScript("""
                CREATE TABLE public.exact (id numeric PRIMARY KEY);
                CREATE TABLE public.odd (id int PRIMARY KEY, "it's" text, kept text);
                """);

        Drafted draft = Drafted.of(directory, source, target);

        assertThat(draft.contract().models()).containsOnlyKeys("Odd");
        assertThat(draft.contract().model("Odd").columns()).containsOnlyKeys("id", "kept");
        assertThat(draft.contract().source(new QualifiedName("public", "exact")))
                .isInstanceOf(SourceTable.Unmapped.class);
        draft.assertThatEveryTodoHasItsPlace();
        assertThat(draft.todos())
                .containsExactly(
                        "/sources/public.exact: /models/Exact/key/0 was left out, because a column of type numeric cannot be a key, because 1 and 1.0 are equal; declare its scale, for example numeric(20,0)",
                        "/models/Odd/columns: /models/Odd/columns/it's was left out, because column name 'it's' has a quote ('), a bar (|) or a control character; rename it");
    }

    @Test
    void takesTheSchemasThatWereAskedFor(@Source Database source, @Target Database target) {
        source.runScript("CREATE SCHEMA a; CREATE SCHEMA b; CREATE TABLE a.thing (id int PRIMARY KEY);"
                + " CREATE TABLE b.thing (id int PRIMARY KEY);");
        target.runScript("CREATE SCHEMA x; CREATE SCHEMA y; CREATE TABLE x.thing (id int PRIMARY KEY);"
                + " CREATE TABLE y.thing (id int PRIMARY KEY);");

        Drafted draft = Drafted.of(directory, source, target, "--schema", "b", "--target-schema", "y");

        assertThat(draft.err()).contains("b.thing -> y.thing: the same name; crud, key id copied");
        assertThat(draft.todos())
                .containsExactly(
                        "/sources/a.thing: a.thing is not mapped: is outside of the schemas that were asked for");
    }

    @Test
    void decidesNothingWhereNamesLeaveAChoice(@Source Database source, @Target Database target) {
        source.runScript("CREATE SCHEMA a; CREATE TABLE a.thing (id int PRIMARY KEY);");
        target.runScript("CREATE SCHEMA x; CREATE SCHEMA y; CREATE TABLE x.thing (id int PRIMARY KEY);"
                + " CREATE TABLE y.thing (id int PRIMARY KEY);");

        Drafted.Ran ran = Drafted.run(Drafted.arguments(file(), source, target));

        assertThat(ran.code()).isEqualTo(ExitCode.INVALID.code());
        assertThat(ran.err())
                .contains("no file was written")
                .contains("the names do not decide whether a.thing goes to [x.thing, y.thing]; say --match");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void doubtsWhatIsRightForSomeValuesOnly(@Source Database source, @Target Database target) {
        source.runScript("""
                CREATE TYPE public.old AS ENUM ('a');
                CREATE TABLE public.thing (
                  id bigint PRIMARY KEY, short varchar(20), money numeric(12,4), words text[], olds public.old[], at timestamp,
                  since date, flag text, score numeric, moment timestamptz, kept int
                );
                """);
        target.runScript("""
                CREATE TYPE public.new AS ENUM ('a');
                CREATE TABLE public.thing (
                  id int PRIMARY KEY, short varchar(10), money numeric(12,2), words varchar(5)[], olds public.new[], at date,
                  since timestamp, flag boolean, score int, moment timestamp, kept bigint
                );
                """);

        Drafted draft = Drafted.of(directory, source, target);

        assertThat(draft.todos())
                .containsExactly(
                        "/sources/public.thing/writes/0/key/id: public.thing.id: the source has bigint, the target only integer; a value without room is refused or rounded",
                        "/sources/public.thing/writes/0/set/short: public.thing.short: the source has character varying(20), the target only character varying(10); a value without room is refused or rounded",
                        "/sources/public.thing/writes/0/set/money: public.thing.money: the source has numeric(12,4), the target only numeric(12,2); a value without room is refused or rounded",
                        "/sources/public.thing/writes/0/set/words: public.thing.words: the source has text, the target only character varying(5); a value without room is refused or rounded",
                        "/sources/public.thing/writes/0/set/olds: public.thing.olds: the source has public.old[], the target public.new[]; make sure that every value reads the same",
                        "/sources/public.thing/writes/0/set/at: public.thing.at: the time of day is lost",
                        "/sources/public.thing/writes/0/set/flag: public.thing.flag: the source has text, the target boolean; use a map where not every value spells one",
                        "/sources/public.thing/writes/0/set: public.thing.score has no expression from score: no expression makes integer of numeric by itself; change the type in the target, or write one; it is left out, so it stays NULL and is not compared",
                        "/sources/public.thing/writes/0/set: public.thing.moment has no expression from moment: no expression makes timestamp without time zone of timestamp with time zone by itself; change the type in the target, or write one; it is left out, so it stays NULL and is not compared");
    }

    @Test
    void doubtsWhatDoesNotFitIntoFewerCharactersOrDigits(@Source Database source, @Target Database target) {
        source.runScript("""
                CREATE TYPE public.mood AS ENUM ('good', 'excellent');
                CREATE TABLE public.thing (
                  id bigint PRIMARY KEY, long_no bigint, tag uuid, happened timestamptz, made timestamp(3), facts jsonb, mood public.mood,
                  price numeric(5,0), few int, many bigint, fine_no int, fine_tag uuid, fine_mood public.mood, fine_few int, fine_flag boolean,
                  fine_price numeric(5,2)
                );
                """);
        target.runScript("""
                CREATE TABLE public.thing (
                  id bigint PRIMARY KEY, long_no varchar(5), tag varchar(35), happened varchar(40), made varchar(20), facts varchar(100),
                  mood varchar(8), price varchar(5), few numeric(9,0), many numeric(18,0), fine_no varchar(11), fine_tag varchar(36),
                  fine_mood varchar(9), fine_few numeric(10,0), fine_flag varchar(5), fine_price varchar(8)
                );
                """);

        Drafted draft = Drafted.of(directory, source, target);

        assertThat(draft.todos())
                .extracting(todo -> todo.replaceFirst(".*public.thing\\.(\\w+): the source has .*", "$1"))
                .containsExactly("long_no", "tag", "happened", "made", "facts", "mood", "price", "few", "many");
    }

    @Test
    void leavesToPeopleWhatTheTargetLacks(@Source Database source, @Target Database target) {
        source.runScript("CREATE TABLE public.client (client_id bigint PRIMARY KEY, name text)");
        target.runScript("""
                CREATE TABLE public.client (
                  id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, client_id bigint, name text,
                  valid_from timestamptz NOT NULL, valid_to timestamptz
                );
                CREATE UNIQUE INDEX ON public.client (client_id) WHERE valid_to IS NULL;
                """);

        Drafted draft = Drafted.of(directory, source, target);

        assertThat(draft.todos())
                .contains(
                        "/models/Client/key: model Client: key column client_id of public.client may be NULL; run: ALTER TABLE \"public\".\"client\" ALTER COLUMN \"client_id\" SET NOT NULL;",
                        "/models/Client/key: model Client: table public.client has no index on its history, every write would scan it; run: CREATE INDEX ON \"public\".\"client\" (\"client_id\", \"valid_from\");");
        draft.assertThatEveryTodoHasItsPlace();
    }

    @Test
    void overwritesNothing(@Source Database source, @Target Database target) throws IOException {
        Path todos = directory.resolve("contract.todo.md");
        Files.writeString(todos, "mine");

        Drafted.Ran ran = Drafted.run(Drafted.arguments(file(), source, target));

        assertThat(ran.code()).isEqualTo(ExitCode.USAGE.code());
        assertThat(ran.err()).contains("contract.todo.md is there already");
        assertThat(todos).hasContent("mine");
    }

    @Test
    void tellsATargetThatCannotBeAsked(@Source Database source, @Target Database target) {
        Drafted.Ran missing = Drafted.run(Drafted.arguments(file(), source, target.named("nowhere")));
        Drafted.Ran away = Drafted.run(Drafted.arguments(file(), source, target, "--name", "x").stream()
                .map(argument -> argument.equals(target.jdbcUrl()) ? "jdbc:postgresql://127.0.0.1:1/x" : argument)
                .toList());
        Drafted.Ran other = Drafted.run(Drafted.arguments(file(), source, target, "--name", "x").stream()
                .map(argument -> argument.equals(target.jdbcUrl()) ? "postgres://somewhere" : argument)
                .toList());

        assertThat(missing.code()).isEqualTo(ExitCode.UNREACHABLE.code());
        assertThat(missing.err()).contains("database's name at the end of --target-url");
        assertThat(away.code()).isEqualTo(ExitCode.UNREACHABLE.code());
        assertThat(away.err()).contains("the target is up").doesNotContain("source");
        assertThat(other.code()).isEqualTo(ExitCode.USAGE.code());
        assertThat(other.err()).contains("--target-url is jdbc:postgresql://");
    }

    @Test
    void refusesOptionsThatHaveNoMeaningTogether(@Source Database source, @Target Database target) {
        List<String> both = Drafted.arguments(file(), source, target, "--identity");
        List<String> ddl = Drafted.arguments(file(), source, target, "--ddl", "x.sql");
        List<String> neither = List.of("contract", "init", "--source-url", source.jdbcUrl(), "--source-user", "x");
        List<String> zone = List.of(
                "contract",
                "init",
                "--identity",
                "--source-url",
                source.jdbcUrl(),
                "--source-user",
                "x",
                "--zone",
                "UTC");

        List<String> nowhere = Drafted.arguments(file(), source, target, "--zone", "Europe/Berln");

        for (List<String> arguments : List.of(both, ddl, neither, zone, nowhere)) {
            assertThat(Drafted.run(arguments).code()).as("%s", arguments).isEqualTo(ExitCode.USAGE.code());
        }
        assertThat(Drafted.run(zone).err()).contains("--zone has no meaning with --identity");
    }

    private Path file() {
        return directory.resolve("contract.json");
    }
}
