package io.shadowwrite.transform;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.ContractReader;
import io.shadowwrite.testsupport.parity.ParityCase;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ParityCoverageTest {

    private static final Contract CONTRACT = ParityReplay.contract();
    private static final List<ParityCase> CASES = ParityCase.all(ParityReplay.CASES);
    private static final Map<String, String> EXEMPT =
            ParityExemptions.read(ParityReplay.CASES.resolve("exemptions.json"));

    @Test
    void everyCellHasACaseOrAWrittenExemption() {
        assertThat(ParityCoverage.of(CONTRACT, CASES, EXEMPT).uncovered())
                .as("uncovered cells of the worked contract")
                .isEmpty();
    }

    @Test
    void noExemptionIsNeedless() {
        assertThat(ParityCoverage.of(CONTRACT, CASES, EXEMPT).needlessExemptions())
                .isEmpty();
    }

    @Test
    void aColumnMoreIsReported() {
        Contract wider = changed(
                "\"minor_units\": \"smallint\"", "\"minor_units\": \"smallint\", \"symbol\": \"text\"",
                "\"minor_units\": \"integer\"", "\"minor_units\": \"integer\", \"symbol\": \"text\"",
                "\"minor_units\": {\"column\": \"minor_units\"}",
                        "\"minor_units\": {\"column\": \"minor_units\"}, \"symbol\": {\"column\": \"symbol\"}");

        assertThat(ParityCoverage.of(wider, CASES, EXEMPT).uncovered())
                .containsExactly(
                        "partners.currency: Currency takes symbol: NULL"
                                + " (add currency/currency-takes-symbol-null.json, or an exemption)",
                        "partners.currency: Currency takes symbol: a value"
                                + " (add currency/currency-takes-symbol-a-value.json, or an exemption)",
                        "partners.currency: Currency takes symbol: unchanged out of line"
                                + " (add currency/currency-takes-symbol-unchanged-out-of-line.json, or an exemption)");
    }

    @Test
    void aBranchMoreIsReportedAndNothingElse() {
        Contract wider = changed(
                "\"values\": [\"AT\", \"DE\", \"FR\", \"NL\"]",
                "\"values\": [\"AT\", \"DE\", \"FR\", \"NL\", \"IT\"]",
                "\"HQ\": \"headquarters\"}",
                "\"HQ\": \"headquarters\", \"HOME\": \"home\"}");

        assertThat(uncovered(wider, CASES))
                .containsExactly(
                        "partners.partner: TaxRegistration: country_code in [AT, DE, FR, NL, IT] is true by IT",
                        "partners.partner_address: Address.usage maps HOME");
    }

    @Test
    void anUnmappedTableMoreIsReported() {
        Contract wider = changed(
                "\"partners.audit_log\": {",
                "\"partners.outbox\": {\"unmapped\": \"a queue\"}, \"partners.audit_log\": {");

        assertThat(uncovered(wider, CASES))
                .containsExactly(
                        "partners.outbox: delete",
                        "partners.outbox: insert",
                        "partners.outbox: truncate",
                        "partners.outbox: update");
    }

    @Test
    void aCaseLessIsReported() {
        List<ParityCase> fewer = CASES.stream()
                .filter(one -> !one.sentence().equals("currency: a new code is a removal and a creation"))
                .toList();
        List<ParityCase> fewest = fewer.stream()
                .filter(one -> !one.sentence().equals("currency: a name out of line keeps what the target has"))
                .toList();

        assertThat(fewest).hasSize(CASES.size() - 2);
        assertThat(uncovered(CONTRACT, fewer)).isEmpty();
        assertThat(uncovered(CONTRACT, fewest))
                .containsExactly(
                        "partners.currency: Currency takes name: unchanged out of line",
                        "partners.currency: Currency: update of the key with a value unchanged out of line",
                        "partners.currency: update of the key by code");
    }

    @Test
    void whatTheMessagesDoNotShowCoversNothing() {
        ParityCase whole = CASES.stream()
                .filter(one -> one.sentence().equals("partner: a prospect that turns company enters with all it feeds"))
                .findFirst()
                .orElseThrow();
        ParityCase half = whole.with(whole.partitions(), whole.transactions().subList(1, 2));
        Cell cell = new Cell("partners.partner", "Party: update into the condition");

        assertThat(coveredBy(whole)).contains(cell);
        assertThat(coveredBy(half)).isNotEmpty().doesNotContain(cell);
    }

    @Test
    void aNeedlessExemptionIsReported() {
        Map<String, String> more = new HashMap<>(EXEMPT);
        more.put("partners.currency: insert", "no time");
        more.put("partners.curency: insert", "misspelt");

        assertThat(ParityCoverage.of(CONTRACT, CASES, more).needlessExemptions())
                .hasSize(2)
                .contains("partners.curency: insert (the contract has no such cell)")
                .anyMatch(line -> line.startsWith("partners.currency: insert (a case exercises it: "));
    }

    private static Set<Cell> coveredBy(ParityCase one) {
        return ParityCoverage.of(CONTRACT, List.of(one), EXEMPT).coveredBy().keySet();
    }

    private List<String> uncovered(Contract of, List<ParityCase> by) {
        return ParityCoverage.of(of, by, EXEMPT).uncovered().stream()
                .map(line -> line.substring(0, line.indexOf(" (add ")))
                .toList();
    }

    /** The worked contract with texts replaced, each found exactly once. */
    private static Contract changed(String... fromAndTo) {
        String text = ParityReplay.contractText();
        for (int i = 0; i < fromAndTo.length; i += 2) {
            assertThat(text).containsOnlyOnce(fromAndTo[i]);
            text = text.replace(fromAndTo[i], fromAndTo[i + 1]);
        }
        return new ContractReader().read("a changed contract", text.getBytes(StandardCharsets.UTF_8));
    }
}
