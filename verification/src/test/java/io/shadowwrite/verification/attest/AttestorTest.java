package io.shadowwrite.verification.attest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Target;
import io.shadowwrite.verification.ShadowTables;
import io.shadowwrite.verification.session.VerificationProblem;
import io.shadowwrite.verification.verdict.Finding;
import io.shadowwrite.verification.verdict.FindingClass;
import io.shadowwrite.verification.verdict.Findings;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.replication.LogSequenceNumber;

/** Windows of 0x1000 bytes; two transactions in the first, one in the second, one in the third, which is still open. */
@PostgresTest
class AttestorTest {

    private static final LogSequenceNumber BASELINE = LogSequenceNumber.valueOf("0/100");
    private static final LogSequenceNumber PIN = LogSequenceNumber.valueOf("0/2800");

    private final Database target;
    private final Findings findings = new Findings(100);

    AttestorTest(@Target Database target) {
        this.target = target;
    }

    @BeforeEach
    void bothReadersSawTheSame() {
        ShadowTables.create(target);
        target.execute("update shadow.reader_position set position = '0/2800'");
        target.execute("""
                insert into shadow.event_ledger (side, commit_lsn, change_index, digest0, digest1, source_table, operation)
                select side, lsn::pg_lsn, change, hashtextextended(lsn, change), hashtextextended(lsn, 100 + change), tab, op
                  from (values (1), (2)) s (side),
                       (values ('0/200', 0, 1, 1), ('0/200', 1, 1, 2), ('0/200', 2, 2, 1), ('0/300', 0, 1, 1),
                               ('0/1300', 0, 1, 1), ('0/2400', 0, 1, 3)) e (lsn, change, tab, op)
                """);
    }

    @Test
    void attestsWindowsThatAreClosedAndEqual() throws SQLException {
        Attested attested = attest();

        assertThat(findings.total()).isZero();
        assertThat(attested.events()).isEqualTo(6);
        assertThat(attested.closed())
                .filteredOn(window -> window.side() == ReceiptWindow.Reader.CONSUMER)
                .extracting(
                        window -> window.from().asString(),
                        window -> window.to().asString(),
                        ReceiptWindow::sourceTable,
                        ReceiptWindow::operation,
                        ReceiptWindow::count)
                .containsExactly(
                        tuple("0/100", "0/1000", "app.item", "INSERT", 2L),
                        tuple("0/100", "0/1000", "app.item", "UPDATE", 1L),
                        tuple("0/100", "0/1000", "app.note", "INSERT", 1L),
                        tuple("0/1000", "0/2000", "app.item", "INSERT", 1L));
        assertThat(attested.closed()).hasSize(8);
    }

    @Test
    void goesOnWhereTheLastAttestationEnded() throws SQLException {
        target.execute("insert into shadow.attestation values ('0/100', '0/1000')");

        Attested attested = attest();

        assertThat(attested.events()).isEqualTo(2);
        assertThat(attested.closed()).extracting(ReceiptWindow::count).containsExactly(1L, 1L);
    }

    @Test
    void namesAnEventThatOnlyOneReaderSawAndAttestsNothingFromThereOn() throws SQLException {
        target.execute("delete from shadow.event_ledger where side = 1 and commit_lsn = '0/1300'");

        Attested attested = attest();

        assertThat(findings.kept())
                .extracting(Finding::findingClass, Finding::sourceTable, Finding::targetKey, Finding::columns)
                .containsExactly(
                        tuple(FindingClass.RECEIPT_MISMATCH, "app.item", "INSERT 0/1300:0", List.of("consumer")));
        assertThat(attested.closed())
                .extracting(window -> window.to().asString())
                .containsOnly("0/1000");
    }

    @Test
    void namesAnEventThatTheReadersSawDifferently() throws SQLException {
        target.execute("update shadow.event_ledger set digest1 = digest1 + 1 where side = 2 and commit_lsn = '0/300'");

        Attested attested = attest();

        assertThat(findings.kept())
                .extracting(Finding::targetKey, Finding::columns)
                .containsExactly(tuple("INSERT 0/300:0", List.of("digest")));
        assertThat(attested.closed()).isEmpty();
    }

    @Test
    void seesDigestsThatTwoEventsHaveSwapped() throws SQLException {
        target.execute("""
                update shadow.event_ledger l
                   set digest0 = o.digest0
                  from shadow.event_ledger o
                 where l.side = 1 and o.side = 1
                   and (l.commit_lsn, o.commit_lsn) in (('0/200', '0/1300'), ('0/1300', '0/200'))
                   and l.change_index = 0 and o.change_index = 0
                """);

        attest();

        assertThat(findings.kept()).extracting(Finding::targetKey).containsExactly("INSERT 0/200:0", "INSERT 0/1300:0");
    }

    @Test
    void seesAHoleThatBothReadersHave() throws SQLException {
        target.execute("delete from shadow.event_ledger where commit_lsn = '0/200' and change_index = 1");

        Attested attested = attest();

        assertThat(findings.kept())
                .extracting(Finding::targetKey, Finding::columns)
                .containsExactly(
                        tuple("transaction 0/200", List.of("consumer")),
                        tuple("transaction 0/200", List.of("slot_reader")));
        assertThat(attested.closed()).isEmpty();
    }

    @Test
    void namesAnEventOfATableThatNobodyKnows() throws SQLException {
        target.execute("insert into shadow.event_ledger values ('0/400', 1, 1, 0, 2, 9, 1)");

        attest();

        assertThat(findings.kept())
                .extracting(Finding::sourceTable, Finding::targetKey, Finding::columns)
                .containsExactly(tuple("#9", "INSERT 0/400:0", List.of("consumer")));
    }

    @Test
    void attestsNothingThatOneReaderHasNotReached() throws SQLException {
        target.execute("update shadow.reader_position set position = '0/2700' where side = 2");

        assertThatThrownBy(this::attest)
                .isInstanceOf(VerificationProblem.class)
                .hasMessageContaining("0/2700")
                .hasMessageContaining("0/2800");
    }

    @Test
    void widensItsWindowsWhenMoreWasWrittenThanItWouldKeep() throws SQLException {
        LogSequenceNumber pin = LogSequenceNumber.valueOf("0/%X".formatted(0x1000L * Attestor.MOST_WINDOWS * 3));
        target.execute(
                "insert into shadow.event_ledger select ('0/0'::pg_lsn + 16 * g), 1, 1, 0, s, 1, 1"
                        + " from generate_series(4096, 90000) g, generate_series(1, 2) s",
                "update shadow.reader_position set position = '" + pin.asString() + "'");

        Attested attested;
        try (Connection connection = target.connect()) {
            attested = new Attestor(BASELINE, 0x1000).attest(connection, pin, findings);
        }

        assertThat(findings.total()).isZero();
        assertThat(attested.events()).isEqualTo(6 + 90_000 - 4_095);
        assertThat(attested.closed()).hasSizeBetween(Attestor.MOST_WINDOWS, 2 * Attestor.MOST_WINDOWS + 8);
        assertThat(attested.closed()).extracting(ReceiptWindow::count).allMatch(count -> count <= 4 * 0x100);
        assertThat(attested.closed().stream()
                        .filter(window -> window.side() == ReceiptWindow.Reader.CONSUMER)
                        .mapToLong(ReceiptWindow::count)
                        .sum())
                .isLessThanOrEqualTo(attested.events())
                .isGreaterThan(attested.events() - 4 * 0x100);
    }

    private Attested attest() throws SQLException {
        try (Connection connection = target.connect()) {
            return new Attestor(BASELINE, 0x1000).attest(connection, PIN, findings);
        }
    }
}
