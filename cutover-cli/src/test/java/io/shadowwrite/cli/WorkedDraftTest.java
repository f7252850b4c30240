package io.shadowwrite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.ContractReader;
import io.shadowwrite.contract.TargetModel;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Source;
import io.shadowwrite.testsupport.Target;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a draft from the two schemas of the worked contract has in common with the contract that people wrote. */
@PostgresTest
@Timeout(60)
class WorkedDraftTest {

    private static final String FOLDER = "/contracts/partners-to-unified/";

    /** What a person says who knows both databases, in one line each. */
    private static final String[] TOLD = {
        "--name",
        "partners-to-unified",
        "--zone",
        "Europe/Berlin",
        "--match",
        "partners.partner=unified.party",
        "--match",
        "partners.partner=unified.credit_line",
        "--match",
        "partners.partner=unified.tax_registration",
        "--match",
        "partners.agreement=unified.agreement",
        "--match",
        "partners.agreement=unified.agreement_term",
        "--match",
        "partners.partner_tag=unified.party_tag",
        "--match",
        "partners.partner_price_list=unified.party_price_list"
    };

    private final String written = Drafted.resource(FOLDER + "contract.json");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @BeforeEach
    void makeBothDatabases(@Source Database source, @Target Database target) {
        source.runScript(Drafted.resource(FOLDER + "source.sql"));
        target.runScript(Drafted.resource(FOLDER + "target.sql"));
    }

    @Test
    void findsWhatIsCalledAlikeAndListsTheRest(@Source Database source, @Target Database target) {
        Drafted draft = Drafted.of(directory, source, target);

        draft.assertThatEveryTodoHasItsPlace();
        assertThat(draft.contract().models())
                .containsOnlyKeys(
                        "Currency",
                        "Country",
                        "Tag",
                        "PriceList",
                        "Contact",
                        "Address",
                        "Document",
                        "Note",
                        "BankAccount",
                        "CreditRating",
                        "Agreement",
                        "AgreementLine",
                        "Price");
        assertThat(draft.todos()).isEqualTo(lines("/drafts/worked.todo.txt"));
    }

    @Test
    void findsEveryModelAsPeopleWroteItOnceItIsToldWhatBelongsTogether(
            @Source Database source, @Target Database target) {
        Contract drafted = Drafted.of(directory, source, target, TOLD).contract();

        Contract worked = new ContractReader().read("worked", written.getBytes(StandardCharsets.UTF_8));
        assertThat(drafted.models().keySet())
                .containsExactlyInAnyOrderElementsOf(worked.models().keySet());
        worked.models().forEach((name, model) -> {
            TargetModel same = drafted.model(name);
            assertThat(same.table()).isEqualTo(model.table());
            assertThat(same.key()).as(name).isEqualTo(model.key());
            assertThat(model.columns()).as(name).containsAllEntriesOf(same.columns());
            // Its second key is a uuid on both sides, which the draft copies and people derived.
            assertThat(same.getClass())
                    .as(name)
                    .isEqualTo(name.equals("PartyPriceList") ? TargetModel.Crud.class : model.getClass());
            if (model instanceof TargetModel.Scd2 history && same instanceof TargetModel.Scd2 own) {
                assertThat(List.of(own.validFrom(), own.validTo(), String.valueOf(own.archived()), own.onDelete()))
                        .as(name)
                        .isEqualTo(List.of(
                                history.validFrom(),
                                history.validTo(),
                                String.valueOf(history.archived()),
                                history.onDelete()));
            }
        });
    }

    @Test
    void leavesToPeopleWhatOnlyTheyKnow(@Source Database source, @Target Database target) {
        Drafted draft = Drafted.of(directory, source, target, TOLD);

        draft.assertThatEveryTodoHasItsPlace();
        assertThat(draft.todos()).isEqualTo(lines("/drafts/worked-told.todo.txt"));
        Compared compared = compare(new JsonMapper().readTree(written), draft.json());
        assertThat(compared.same()).isEqualTo(107);
        assertThat(compared.leftOut())
                .containsExactly(
                        "Party.legacy_number",
                        "Party.type",
                        "Party.display_name",
                        "Party.segment",
                        "Party.source_system",
                        "Party.merged_into",
                        "CreditLine.credit_limit",
                        "CreditLine.risk",
                        "Contact.full_name",
                        "Address.position",
                        "Document.type",
                        "Document.language",
                        "Note.is_public",
                        "Agreement.status",
                        "Agreement.format_version",
                        "Agreement.is_migrated",
                        "PriceList.audience",
                        "Price.amount");
        assertThat(compared.other())
                .containsExactly(
                        "Tag.color",
                        "Party.status",
                        "Party.email",
                        "TaxRegistration.vat_number",
                        "Contact.contact_id",
                        "Contact.last_name",
                        "Contact.email",
                        "Contact.is_primary",
                        "Address.usage",
                        "Address.street",
                        "Note.author",
                        "BankAccount.iban",
                        "Agreement.signed_at",
                        "PriceList.price_list_id",
                        "PriceList.code",
                        "PartyPriceList.price_list_id",
                        "Price.price_list_id",
                        "Price.changed_at");
    }

    private record Compared(int same, List<String> leftOut, List<String> other) {}

    /** Expressions, column by column; filters and conditions are nowhere in a catalog. */
    private static Compared compare(JsonNode worked, JsonNode drafted) {
        int same = 0;
        List<String> leftOut = new ArrayList<>();
        List<String> other = new ArrayList<>();
        for (Map.Entry<String, JsonNode> table : worked.path("sources").properties()) {
            for (JsonNode write : table.getValue().path("writes")) {
                JsonNode found =
                        write(drafted, table.getKey(), write.path("model").asString());
                for (String part : List.of("key", "set")) {
                    for (Map.Entry<String, JsonNode> column : write.path(part).properties()) {
                        String name = write.path("model").asString() + "." + column.getKey();
                        JsonNode own = found.path(part).path(column.getKey());
                        if (own.isMissingNode()) {
                            leftOut.add(name);
                        } else if (own.equals(column.getValue())) {
                            same++;
                        } else {
                            other.add(name);
                        }
                    }
                }
            }
        }
        return new Compared(same, leftOut, other);
    }

    private static JsonNode write(JsonNode contract, String table, String model) {
        return contract.path("sources")
                .path(table)
                .path("writes")
                .valueStream()
                .filter(write -> write.path("model").asString().equals(model))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> lines(String resource) {
        return Drafted.resource(resource).lines().toList();
    }
}
