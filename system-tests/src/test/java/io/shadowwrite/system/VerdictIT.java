package io.shadowwrite.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.testsupport.Database;
import io.shadowwrite.verification.TickResult;
import io.shadowwrite.verification.verdict.Finding;
import io.shadowwrite.verification.verdict.FindingClass;
import io.shadowwrite.verification.verdict.Verdict;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Each kind of difference, put into the target behind the suite's back, is found once, named, and gone after the repair. */
@ExtendWith(HouseExtension.class)
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VerdictIT {

    private static final String SOME_CONTACT = """
            SELECT to_jsonb(c)::text
              FROM unified.contact c
             WHERE valid_to IS NULL
             ORDER BY contact_id
             OFFSET 3
             LIMIT 1
            """;

    private static final String PUT_CONTACT =
            "INSERT INTO unified.contact SELECT * FROM jsonb_populate_record(NULL::unified.contact, ?::jsonb) RETURNING contact_id";

    private final House house;
    private final Database target;
    private final Ticks ticks;

    VerdictIT(House house) {
        this.house = house;
        this.target = house.target();
        house.traffic(7).run(1_500, Double.POSITIVE_INFINITY, () -> false);
        this.ticks = new Ticks(house);
    }

    @BeforeEach
    void isQuiet() {
        house.drain();
    }

    @AfterEach
    void isCleanAgain() {
        TickResult after = ticks.run();
        assertThat(after.findings()).as("findings after the repair").isEmpty();
        assertThat(after.verdict()).as(after.reason()).isEqualTo(Verdict.CLEAN);
    }

    @Test
    void findsARowThatIsNotThere() {
        String row = one(SOME_CONTACT);
        target.queryForString(
                "DELETE FROM unified.contact WHERE contact_id = (?::jsonb ->> 'contact_id')::uuid AND valid_to IS NULL RETURNING 1",
                row);

        TickResult tick = ticks.run();

        target.queryForString(PUT_CONTACT, row);
        assertDirty(tick, FindingClass.MISSING_IN_RDB, "Contact", keyOf(row), List.of());
    }

    @Test
    void findsARowThatNobodyWroteInTheSource() {
        String rogue = one(
                "SELECT (?::jsonb || jsonb_build_object('contact_id', gen_random_uuid()))::text", one(SOME_CONTACT));
        target.queryForString(PUT_CONTACT, rogue);

        TickResult tick = ticks.run();

        target.queryForString(
                "DELETE FROM unified.contact WHERE contact_id = (?::jsonb ->> 'contact_id')::uuid RETURNING 1", rogue);
        assertDirty(tick, FindingClass.EXTRA_IN_RDB, "Contact", keyOf(rogue), List.of());
    }

    @Test
    void namesTheColumnsThatDiffer() {
        String row = one(SOME_CONTACT);
        String change = "UPDATE unified.contact SET full_name = ?, is_primary = NOT is_primary"
                + " WHERE contact_id = (?::jsonb ->> 'contact_id')::uuid AND valid_to IS NULL RETURNING 1";
        target.queryForString(change, "somebody else", row);

        TickResult tick = ticks.run();

        target.queryForString(change, one("SELECT ?::jsonb ->> 'full_name'", row), row);
        assertDirty(tick, FindingClass.VALUE_MISMATCH, "Contact", keyOf(row), List.of("full_name", "is_primary"));
    }

    @Test
    void findsASecondCurrentVersion() {
        String row = one(SOME_CONTACT);
        String second = one(
                "SELECT (?::jsonb || jsonb_build_object('valid_from', (?::jsonb ->> 'valid_from')::timestamptz + interval '1 us'))::text",
                row,
                row);
        target.execute("DROP INDEX unified.contact_current");
        target.queryForString(PUT_CONTACT, second);

        TickResult tick = ticks.run();

        target.queryForString(
                "DELETE FROM unified.contact WHERE contact_id = (?::jsonb ->> 'contact_id')::uuid"
                        + " AND valid_from = (?::jsonb ->> 'valid_from')::timestamptz RETURNING 1",
                second,
                second);
        target.execute("CREATE UNIQUE INDEX contact_current ON unified.contact (contact_id) WHERE valid_to IS NULL");
        assertDirty(tick, FindingClass.DUPLICATE_CURRENT_VERSION, "Contact", keyOf(row), List.of());
    }

    @Test
    void tellsAnotherSpellingFromAnotherValue() {
        String row = one("""
                SELECT jsonb_build_object('agreement_id', agreement_id, 'line_no', line_no, 'unit_price', unit_price::text)::text
                  FROM unified.agreement_line
                 WHERE valid_to IS NULL AND unit_price IS NOT NULL AND unit_price <> 'NaN'
                 ORDER BY agreement_id, line_no
                 LIMIT 1
                """);
        String change = "UPDATE unified.agreement_line SET unit_price = ?::numeric"
                + " WHERE agreement_id = (?::jsonb ->> 'agreement_id')::uuid AND line_no = (?::jsonb ->> 'line_no')::int"
                + " AND valid_to IS NULL RETURNING 1";
        String price = one("SELECT ?::jsonb ->> 'unit_price'", row);
        target.queryForString(change, one("SELECT (?::numeric * 1.00)::text", price), row, row);

        TickResult tick = ticks.run();

        target.queryForString(change, price, row, row);
        assertThat(tick.verdict()).as("another spelling does not block").isEqualTo(Verdict.CLEAN);
        assertThat(tick.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.findingClass()).isEqualTo(FindingClass.REPRESENTATION_ONLY_DIFFERENCE);
            assertThat(finding.model()).isEqualTo("AgreementLine");
            assertThat(finding.columns()).containsExactly("unit_price");
        });
    }

    @Test
    void findsAnEventThatOnlyOneReaderSaw() {
        house.source()
                .execute("UPDATE partners.partner SET employees = 1 WHERE id = (SELECT min(id) FROM partners.partner)");
        house.drain();
        // What is counted is not counted again: later tests of this house count on its sums.
        house.conserved();
        String receipt = one("""
                WITH gone AS (
                  DELETE FROM shadow.event_ledger
                   WHERE side = 1 AND commit_lsn = (SELECT max(commit_lsn) FROM shadow.event_ledger WHERE side = 1)
                  RETURNING *)
                SELECT to_jsonb(gone)::text FROM gone
                """);

        TickResult tick = ticks.run();

        target.queryForString(
                "INSERT INTO shadow.event_ledger SELECT * FROM jsonb_populate_record(NULL::shadow.event_ledger, ?::jsonb) RETURNING 1",
                receipt);
        assertThat(tick.verdict()).isEqualTo(Verdict.DIRTY);
        assertThat(tick.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.findingClass()).isEqualTo(FindingClass.RECEIPT_MISMATCH);
            assertThat(finding.sourceTable()).isEqualTo("partners.partner");
            assertThat(finding.columns()).containsExactly("consumer");
        });
    }

    private static void assertDirty(
            TickResult tick, FindingClass findingClass, String model, String key, List<String> columns) {
        assertThat(tick.verdict()).as(tick.reason()).isEqualTo(Verdict.DIRTY);
        assertThat(tick.findings()).extracting(Finding::findingClass).containsExactly(findingClass);
        Finding finding = tick.findings().getFirst();
        assertThat(finding.model()).isEqualTo(model);
        assertThat(finding.targetKey()).isEqualTo(key);
        assertThat(finding.columns()).containsExactlyElementsOf(columns);
    }

    private String keyOf(String contact) {
        return "{\"contact_id\":\"%s\"}".formatted(one("SELECT ?::jsonb ->> 'contact_id'", contact));
    }

    private String one(String sql, Object... parameters) {
        return Objects.requireNonNull(target.queryForString(sql, parameters), sql);
    }
}
