package io.shadowwrite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.protocol.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DiffCommandTest {

    private static final String OLD = """
            {"version": 1, "name": "shop-to-crm",
             "models": {
               "Region": {"kind": "crud", "table": "crm.region", "key": ["region_id"], "columns": {"region_id": "uuid", "name": "text"}},
               "Client": {"kind": "scd2", "table": "crm.client", "key": ["client_id"], "valid_from": "valid_from", "valid_to": "valid_to",
                 "columns": {"client_id": "uuid", "name": "text", "region_id": "uuid", "status": "text"}},
               "Note": {"kind": "crud", "table": "crm.note", "key": ["note_id"], "columns": {"note_id": "uuid", "body": "text"}}},
             "sources": {
               "shop.region": {"columns": {"id": "bigint", "name": "text"}, "key": ["id"], "identity": "default",
                 "writes": [{"model": "Region", "key": {"region_id": {"derived": true}}, "set": {"name": {"column": "name"}}}]},
               "shop.client": {"columns": {"id": "bigint", "name": "text", "region": "bigint", "kind": "text", "note": "text"},
                 "key": ["id"], "identity": "full",
                 "filter": {"all": [{"column": "kind", "op": "in", "values": ["A", "B"]}, {"column": "name", "op": "is not null"}]},
                 "writes": [
                   {"model": "Client", "key": {"client_id": {"derived": true}},
                    "set": {"name": {"trim": {"column": "name"}},
                            "region_id": {"reference": {"table": "shop.region", "model": "Region", "columns": {"id": "region"}}},
                            "status": {"map": {"of": {"column": "kind"}, "entries": {"A": "active", "B": "blocked"}}}}},
                   {"model": "Note", "when": {"column": "note", "op": "is not null"},
                    "key": {"note_id": {"derived": true}}, "set": {"body": {"column": "note"}}}]},
               "shop.log": {"unmapped": "not migrated"}}}
            """;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @Test
    void saysThatTheSameFileIsTheSame() throws IOException {
        assertThat(diff(OLD)).isEqualTo(ExitCode.DONE.code());

        assertThat(out.toString()).isEqualToIgnoringNewLines("the files are the same");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "version": 1, "name": "shop-to-crm"      | "name": "shop-to-crm",    "version": 1
            ["A", "B"]                               | ["B", "A", "B"]
            {"A": "active", "B": "blocked"}          | {"B": "blocked", "A": "active"}
            {"region_id": "uuid", "name": "text"}    | {"name": "text", "region_id": "uuid"}
            "not migrated"                           | "nobody reads it"
            {"column": "name", "op": "is not null"}  | {"all": [{"column": "name", "op": "is not null"}]}
            """)
    void tellsOtherBytesFromAnotherMeaning(String old, String young) throws IOException {
        assertThat(diff(OLD.replace(old, young))).as(all()).isEqualTo(ExitCode.DONE.code());

        assertThat(out.toString())
                .contains("both mean the same, but their bytes differ")
                .contains("CONTRACT_MISMATCH")
                .doesNotContain("empty source");
    }

    @Test
    void namesEveryChangeWithWhatHasToFollow() throws IOException {
        String young = OLD.replace("{\"trim\": {\"column\": \"name\"}}", "{\"column\": \"name\"}")
                .replace("[\"A\", \"B\"]", "[\"A\", \"B\", \"C\"]")
                .replace("\"B\": \"blocked\"}", "\"B\": \"blocked\"}, \"default\": null")
                .replace("\"note\", \"op\": \"is not null\"", "\"note\", \"op\": \"<>\", \"value\": \"\"")
                .replace("\"valid_to\",\n     \"columns\"", "\"valid_to\",\n     \"columns\"")
                .replace("\"body\": \"text\"", "\"body\": \"character varying(40)\"")
                .replace(
                        "\"body\": {\"column\": \"note\"}",
                        "\"body\": {\"column\": \"note\", \"cast\": \"character varying(40)\"}")
                .replace("\"identity\": \"default\"", "\"identity\": \"full\"")
                .replace("shop-to-crm", "renamed")
                .replace("\"shop.log\": {\"unmapped\": \"not migrated\"}", "\"shop.queue\": {\"unmapped\": \"new\"}");

        assertThat(diff(young, "--json")).as(all()).isEqualTo(ExitCode.DIRTY.code());

        assertThat(changes())
                .containsExactlyInAnyOrder(
                        "NAME /name [] []",
                        "COLUMN /models/Note/columns/body [\"Note\"] [\"BACKFILL\"]",
                        "IDENTITY /sources/shop.region/identity [] []",
                        "FILTER /sources/shop.client/filter [\"Client\",\"Note\"] [\"BACKFILL\",\"LEFTOVERS\"]",
                        "EXPRESSION /sources/shop.client/writes/0/set/name [\"Client\"] [\"BACKFILL\"]",
                        "EXPRESSION /sources/shop.client/writes/0/set/status [\"Client\"] [\"BACKFILL\"]",
                        "FILTER /sources/shop.client/writes/1/when [\"Note\"] [\"BACKFILL\",\"LEFTOVERS\"]",
                        "EXPRESSION /sources/shop.client/writes/1/set/body [\"Note\"] [\"BACKFILL\"]",
                        "SOURCE /sources/shop.log [] []",
                        "SOURCE /sources/shop.queue [] []");
        assertThat(envelope().get("data").get("models").toString())
                .isEqualTo("{\"BACKFILL\":[\"Client\",\"Note\"],\"LEFTOVERS\":[\"Client\",\"Note\"]}");
    }

    @Test
    void followsMovedIdentitiesToWhoeverRefersToThem() throws IOException {
        String young = OLD.replace("{\"id\": \"bigint\", \"name\": \"text\"}", "{\"id\": \"text\", \"name\": \"text\"}")
                .replace("\"region\": \"bigint\"", "\"region\": \"text\"");

        assertThat(diff(young, "--json")).as(all()).isEqualTo(ExitCode.DIRTY.code());

        assertThat(changes())
                .containsExactlyInAnyOrder(
                        "COLUMN /sources/shop.region/columns/id [\"Region\"] [\"BACKFILL\"]",
                        "COLUMN /sources/shop.client/columns/region [\"Client\",\"Note\"] [\"VERIFY\"]",
                        "EXPRESSION /sources/shop.client/writes/0/set/region_id [\"Client\"] [\"BACKFILL\"]");
        assertThat(envelope().get("data").get("models").toString())
                .isEqualTo("{\"VERIFY\":[\"Note\"],\"BACKFILL\":[\"Client\",\"Region\"]}");
    }

    @Test
    void knowsThatAnotherWidthOfAKeyMovesNoIdentity() throws IOException {
        String young =
                OLD.replace("{\"id\": \"bigint\", \"name\": \"text\"}", "{\"id\": \"integer\", \"name\": \"text\"}");

        assertThat(diff(young, "--json")).as(all()).isEqualTo(ExitCode.DIRTY.code());

        assertThat(changes()).containsExactly("COLUMN /sources/shop.region/columns/id [\"Region\"] [\"VERIFY\"]");
    }

    @Test
    void followsAMovedIdentityIntoColumnsThatSayTheSameAsBefore() throws IOException {
        String old = OLD.replace("{\"id\": \"bigint\", \"name\": \"text\"}", "{\"id\": \"inet\", \"name\": \"text\"}")
                .replace("\"region\": \"bigint\"", "\"region\": \"inet\"");

        assertThat(diffOf(old, old.replace("{\"id\": \"inet\"", "{\"id\": \"cidr\""), "--json"))
                .as(all())
                .isEqualTo(ExitCode.DIRTY.code());

        assertThat(changes())
                .containsExactlyInAnyOrder(
                        "COLUMN /sources/shop.region/columns/id [\"Region\"] [\"BACKFILL\"]",
                        "EXPRESSION /sources/shop.client/writes/0/set/region_id [\"Client\"] [\"BACKFILL\"]");
    }

    @Test
    void saysThatRowsKeptOtherwiseHaveToGoFirst() throws IOException {
        String archiving =
                OLD.replace("\"valid_to\": \"valid_to\",", "\"valid_to\": \"ended\", \"archived\": \"gone\",");
        assertThat(diff(archiving, "--json")).as(all()).isEqualTo(ExitCode.DIRTY.code());
        assertThat(changes())
                .contains(
                        "MODEL /models/Client/valid_to [\"Client\"] [\"BACKFILL\",\"LEFTOVERS\"]",
                        "MODEL /models/Client/archived [\"Client\"] [\"BACKFILL\",\"LEFTOVERS\"]");

        out.getBuffer().setLength(0);
        String plain = OLD.replace("\"kind\": \"scd2\"", "\"kind\": \"crud\"")
                .replace("\"valid_from\": \"valid_from\", \"valid_to\": \"valid_to\",", "");
        assertThat(diff(plain, "--json")).as(all()).isEqualTo(ExitCode.DIRTY.code());
        assertThat(changes()).contains("MODEL /models/Client/kind [\"Client\"] [\"BACKFILL\",\"LEFTOVERS\"]");
        assertThat(out.toString())
                .contains("open the window on an empty source")
                .doesNotContain("Load again");
    }

    @Test
    void tellsWhatIsLeftBehindByWhatIsGone() throws IOException {
        String young = OLD.replace(OLD.substring(OLD.indexOf(",\n   \"Note\""), OLD.indexOf("},\n \"sources\"")), "")
                .replace(
                        OLD.substring(
                                OLD.indexOf(",\n       {\"model\": \"Note\""), OLD.indexOf("]},\n   \"shop.log\"")),
                        "");

        assertThat(diff(young)).as(all()).isEqualTo(ExitCode.DIRTY.code());

        assertThat(out.toString())
                .contains("MODEL      model Note is gone [/models/Note] -> remove leftovers Note")
                .contains("WRITE      shop.client no longer feeds model Note [/sources/shop.client/writes/1]")
                .contains(
                        "next       Nothing changes or removes old rows that belong to nothing now; empty these: Note");
    }

    @Test
    void namesTheFileThatIsInvalid() throws IOException {
        assertThat(diff("{}")).isEqualTo(ExitCode.INVALID.code());

        assertThat(err.toString()).contains("new.json has 4 problem(s)");
    }

    private int diff(String young, String... more) throws IOException {
        return diffOf(OLD, young, more);
    }

    private int diffOf(String old, String young, String... more) throws IOException {
        Path before = Files.writeString(directory.resolve("old.json"), old);
        Path after = Files.writeString(directory.resolve("new.json"), young);
        CommandLine command = ShadowCommand.commandLine();
        command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        String[] arguments = new String[4 + more.length];
        List<String> first = List.of("contract", "diff", before.toString(), after.toString());
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = i < first.size() ? first.get(i) : more[i - first.size()];
        }
        return command.execute(arguments);
    }

    private JsonNode envelope() {
        return JsonMapper.shared().readTree(out.toString());
    }

    /** Part, place, models and effects of every change. */
    private List<String> changes() {
        return StreamSupport.stream(envelope().get("data").get("changes").spliterator(), false)
                .map(change -> "%s %s %s %s"
                        .formatted(
                                change.get("part").asString(),
                                change.get("pointer").asString(),
                                change.get("models"),
                                change.get("effects")))
                .toList();
    }

    private String all() {
        return out + "\n" + err;
    }
}
