package io.shadowwrite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.contract.SourceTable;
import io.shadowwrite.contract.TargetModel;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Source;
import io.shadowwrite.testsupport.Target;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A hire shop whose old names are prefixed and in mixed case, and whose new keys are uuids. */
@PostgresTest
@Timeout(60)
class HireDraftTest {

    private static final String SOURCE = """
            CREATE TYPE public."ToolState" AS ENUM ('IN_STOCK', 'ON_HIRE', 'RETIRED');
            CREATE DOMAIN public.amount AS numeric(10,2) CHECK (VALUE >= 0);
            CREATE TABLE public."tblBranch" ("BranchID" int PRIMARY KEY, "BranchName" text NOT NULL, "ManagerID" int);
            CREATE TABLE public."tblStaff" (
              "StaffID" int PRIMARY KEY, "FullName" varchar(80) NOT NULL, "BossID" int REFERENCES public."tblStaff",
              "BranchID" int NOT NULL REFERENCES public."tblBranch"
            );
            ALTER TABLE public."tblBranch" ADD FOREIGN KEY ("ManagerID") REFERENCES public."tblStaff";
            CREATE TABLE public."tblCategory" ("CategoryID" smallint PRIMARY KEY, "Label" varchar(50) NOT NULL);
            CREATE TABLE public."tblTool" (
              "ToolID" bigint PRIMARY KEY, "SerialNo" char(12) NOT NULL, "State" public."ToolState" NOT NULL,
              "DayRate" public.amount NOT NULL, "BranchID" int NOT NULL REFERENCES public."tblBranch",
              "BoughtAt" timestamp NOT NULL, "Notes" text
            );
            CREATE TABLE public."tblToolCategory" (
              "ToolID" bigint REFERENCES public."tblTool", "CategoryID" smallint REFERENCES public."tblCategory",
              PRIMARY KEY ("ToolID", "CategoryID")
            );
            CREATE TABLE public."tblCustomer" (
              "CustomerID" bigint PRIMARY KEY, "Name" text NOT NULL, "Email" text, "Blocked" smallint NOT NULL
            );
            CREATE TABLE public."tblHire" (
              "HireID" bigint PRIMARY KEY, "ToolID" bigint NOT NULL REFERENCES public."tblTool",
              "CustomerID" bigint NOT NULL REFERENCES public."tblCustomer",
              "FromBranchID" int NOT NULL REFERENCES public."tblBranch", "ToBranchID" int REFERENCES public."tblBranch",
              "Day" date NOT NULL, "Price" bigint NOT NULL
            );
            CREATE TABLE public."tblCustomerTool" (
              "CustomerID" bigint REFERENCES public."tblCustomer", "ToolID" bigint REFERENCES public."tblTool",
              "Since" timestamptz NOT NULL, PRIMARY KEY ("CustomerID", "ToolID")
            );
            CREATE TABLE public."tblParking" ("Lot" text);
            CREATE TABLE public.flyway_schema_history (installed_rank int PRIMARY KEY);
            """;

    private static final String TARGET = """
            CREATE SCHEMA hire;
            CREATE TYPE hire.tool_state AS ENUM ('in_stock', 'on_hire', 'lost');
            CREATE TABLE hire.branches (
              id uuid PRIMARY KEY, name varchar(60) NOT NULL, manager_id uuid
            );
            CREATE TABLE hire.staff (
              id uuid PRIMARY KEY, full_name text NOT NULL, boss_id uuid REFERENCES hire.staff, branch_id uuid NOT NULL REFERENCES hire.branches
            );
            ALTER TABLE hire.branches ADD FOREIGN KEY (manager_id) REFERENCES hire.staff DEFERRABLE INITIALLY DEFERRED;
            CREATE TABLE hire.categories (category_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, label text NOT NULL);
            CREATE TABLE hire.tools (
              tool_id uuid, serial_no text NOT NULL, state hire.tool_state NOT NULL, day_rate numeric(10,2) NOT NULL,
              branch_id uuid NOT NULL, bought_at timestamptz NOT NULL, label text GENERATED ALWAYS AS ('#' || serial_no) STORED,
              valid_from timestamptz, valid_to timestamptz, PRIMARY KEY (tool_id, valid_from)
            );
            CREATE TABLE hire.tool_categories (
              tool_id uuid, category_id integer REFERENCES hire.categories, PRIMARY KEY (tool_id, category_id)
            );
            CREATE TABLE hire.customers (
              customer_id uuid, name text NOT NULL, email text NOT NULL, blocked boolean NOT NULL, created_at timestamptz DEFAULT now(),
              is_deleted boolean NOT NULL DEFAULT false, recorded_from timestamptz, recorded_until timestamptz,
              PRIMARY KEY (customer_id, recorded_from)
            );
            CREATE UNIQUE INDEX ON hire.customers (customer_id) WHERE recorded_until IS NULL;
            CREATE TABLE hire.hires (
              id uuid PRIMARY KEY, tool_id uuid NOT NULL, customer_id uuid NOT NULL,
              from_branch_id uuid NOT NULL REFERENCES hire.branches, to_branch_id uuid REFERENCES hire.branches,
              day timestamptz NOT NULL, price numeric(12,2) NOT NULL
            );
            CREATE TABLE hire.customer_tools (
              customer_id uuid, tool_id uuid, since timestamptz NOT NULL, PRIMARY KEY (customer_id, tool_id)
            );
            CREATE TABLE hire.invoices (id uuid PRIMARY KEY);
            CREATE TABLE hire.flyway_schema_history (installed_rank int PRIMARY KEY);
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @Test
    void matchesNamesWhateverTheirCasePrefixAndNumber(@Source Database source, @Target Database target) {
        Drafted draft = draft(source, target, "--zone", "Europe/Vienna");

        assertThat(draft.err().lines().filter(line -> line.contains(" -> ")))
                .containsExactly(
                        "public.tblBranch -> hire.branches: the same name but for a prefix, singular and plural; crud, key id derived",
                        "public.tblCategory -> hire.categories: the same name but for a prefix, singular and plural; crud, key category_id copied",
                        "public.tblCustomer -> hire.customers: the same name but for a prefix, singular and plural; scd2, key customer_id derived",
                        "public.tblCustomerTool -> hire.customer_tools: the same name but for a prefix, singular and plural; junction, key customer_id, tool_id composed",
                        "public.tblHire -> hire.hires: the same name but for a prefix, singular and plural; crud, key id derived",
                        "public.tblStaff -> hire.staff: the same name but for a prefix; crud, key id derived",
                        "public.tblTool -> hire.tools: the same name but for a prefix, singular and plural; scd2, key tool_id derived",
                        "public.tblToolCategory -> hire.tool_categories: the same name but for a prefix, singular and plural; crud, key tool_id, category_id composed");
        assertThat(draft.contract().model("Customers")).isInstanceOfSatisfying(TargetModel.Scd2.class, history -> {
            assertThat(history.validFrom()).isEqualTo("recorded_from");
            assertThat(history.validTo()).isEqualTo("recorded_until");
            assertThat(history.archived()).isEqualTo("is_deleted");
            assertThat(history.onDelete()).isEqualTo(TargetModel.OnDelete.ARCHIVE);
        });
        assertThat(draft.contract().sources().values().stream().filter(SourceTable.Unmapped.class::isInstance))
                .extracting(table -> table.name().name())
                .containsExactly("flyway_schema_history", "tblParking");
    }

    @Test
    void makesReferencesCastsAndMapsOfForeignKeysAndTypes(@Source Database source, @Target Database target) {
        Drafted draft = draft(source, target, "--zone", "Europe/Vienna");

        assertThat(draft.at("/sources/public.tblStaff/writes/0")).isEqualTo("""
                        {"model":"Staff","key":{"id":{"derived":true}},"set":{"full_name":{"column":"FullName"},\
                        "boss_id":{"reference":{"table":"public.tblStaff","model":"Staff","columns":{"StaffID":"BossID"}}},\
                        "branch_id":{"reference":{"table":"public.tblBranch","model":"Branches","columns":{"BranchID":"BranchID"}}}}}""");
        assertThat(draft.at("/sources/public.tblTool/writes/0/set")).isEqualTo("""
                        {"serial_no":{"column":"SerialNo","cast":"text"},\
                        "state":{"map":{"of":{"column":"State"},"entries":{"IN_STOCK":"in_stock","ON_HIRE":"on_hire"}}},\
                        "day_rate":{"column":"DayRate","cast":"numeric(10,2)"},\
                        "branch_id":{"reference":{"table":"public.tblBranch","model":"Branches","columns":{"BranchID":"BranchID"}}},\
                        "bought_at":{"zone":{"name":"Europe/Vienna","of":{"column":"BoughtAt"}}}}""");
        assertThat(draft.at("/sources/public.tblHire/writes/0/set/to_branch_id"))
                .contains("\"BranchID\":\"ToBranchID\"");
        assertThat(draft.at("/sources/public.tblHire/writes/0/set/tool_id")).contains("\"ToolID\":\"ToolID\"");
        assertThat(draft.at("/sources/public.tblToolCategory/writes/0/key")).isEqualTo("""
                        {"tool_id":{"reference":{"table":"public.tblTool","model":"Tools","columns":{"ToolID":"ToolID"}}},\
                        "category_id":{"column":"CategoryID"}}""");
    }

    @Test
    void listsWhatPeopleHaveToDecide(@Source Database source, @Target Database target) {
        Drafted draft = draft(source, target);

        assertThat(draft.todos())
                .containsExactly(
                        "/sources/public.flyway_schema_history: public.flyway_schema_history is not mapped: is where a tool keeps what it has done to this database",
                        "/sources/public.tblBranch/writes/0/set/name: hire.branches.name: the source has text, the target only character varying(60); a value without room is refused or rounded",
                        "/sources/public.tblCustomer/writes/0/set/email: hire.customers.email: the source allows NULL and the target does not; without a coalesce such rows are refused",
                        "/sources/public.tblCustomer/writes/0/set/blocked: hire.customers.blocked: 0 becomes false, 1 becomes true, and any other value is refused",
                        "/sources/public.tblCustomer/writes/0/set: hire.customers.created_at has no counterpart in the source; it is left out, so it stays at its default and is not compared",
                        "/sources/public.tblHire/writes/0/set/day: hire.hires.day: a day becomes its midnight in UTC",
                        "/sources/public.tblHire/writes/0/set/price: hire.hires.price: whole numbers become numeric(12,2); if they count cents, use {\"scale\": …}",
                        "/sources/public.tblParking: public.tblParking is not mapped: public.tblParking has no primary key; ALTER TABLE \"public\".\"tblParking\" ADD PRIMARY KEY (<columns>); or ALTER TABLE \"public\".\"tblParking\" REPLICA IDENTITY FULL;",
                        "/sources/public.tblTool/writes/0/set/state: hire.tools.state: hire.tool_state has no label for [RETIRED]; until the map has an entry, such rows are refused",
                        "/sources/public.tblTool/writes/0/set: hire.tools.bought_at has no expression from BoughtAt: the source has local times; say of which zone they are: {\"zone\": {\"of\": {\"column\":\"BoughtAt\"}, \"name\": …}}, or --zone; it is NOT NULL without a default, and shadow-api does not start until it has an expression",
                        "/sources/public.tblTool/columns/Notes: public.tblTool.Notes goes nowhere; use it in a write, or leave it behind on purpose",
                        "/models: no table of the source feeds hire.invoices; if one should, say --match SCHEMA.TABLE=hire.invoices",
                        "/models/Categories/columns/category_id: model Categories: column category_id of hire.categories is GENERATED ALWAYS, so no row can bring a value for it; run: ALTER TABLE \"hire\".\"categories\" ALTER COLUMN \"category_id\" SET GENERATED BY DEFAULT;",
                        "/models/Tools/key: model Tools: table hire.tools has no unique index that allows one current version; run: CREATE UNIQUE INDEX ON \"hire\".\"tools\" (\"tool_id\") WHERE \"valid_to\" IS NULL;");
        draft.assertThatEveryTodoHasItsPlace();
    }

    @Test
    void refusesMatchesThatAreNotPossible(@Source Database source, @Target Database target) {
        source.runScript(SOURCE);
        target.runScript(TARGET);
        Path file = directory.resolve("contract.json");
        List<String> arguments = Drafted.arguments(
                file,
                source,
                target,
                "--match",
                "public.tblTool",
                "--match",
                "public.tblTool=hire.none",
                "--match",
                "public.none=hire.tools",
                "--match",
                "public.tblParking=hire.tools",
                "--match",
                "public.tblTool=hire.tools",
                "--match",
                "public.tblHire=hire.tools");

        Drafted.Ran ran = Drafted.run(arguments);

        assertThat(ran.code()).isEqualTo(3);
        assertThat(ran.err())
                .contains("--match public.tblTool: write it as SCHEMA.TABLE=SCHEMA.TABLE")
                .contains("--match public.tblTool=hire.none: the target has no such table")
                .contains("--match public.none=hire.tools: the source has no such table")
                .contains("--match public.tblParking=hire.tools: public.tblParking")
                .contains("--match public.tblHire=hire.tools: the table is matched already");
        assertThat(directory).isEmptyDirectory();
    }

    private Drafted draft(Database source, Database target, String... more) {
        source.runScript(SOURCE);
        target.runScript(TARGET);
        return Drafted.of(directory, source, target, more);
    }
}
