package io.shadowwrite.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.protocol.ReaderPosition;
import io.shadowwrite.protocol.RunSummary;
import io.shadowwrite.protocol.Side;
import io.shadowwrite.protocol.Verdict;
import io.shadowwrite.system.traffic.Traffic;
import io.shadowwrite.testsupport.Database;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.replication.LogSequenceNumber;

/** A committed change of the source becomes target rows, provenance, key map and two receipts, and is proven equal. */
@ExtendWith(HouseExtension.class)
@Timeout(180)
class WriteTravelsIT {

    private static final int CHANGES = 8_000;

    private final House house;
    private final Database source;
    private final Database target;

    WriteTravelsIT(House house) {
        this.house = house;
        this.source = house.source();
        this.target = house.target();
    }

    @Test
    void oneChangeBecomesRowsProvenanceKeysAndTwoReceipts() {
        String xid = Objects.requireNonNull(source.queryForString("""
                INSERT INTO partners.partner
                       (id, kind, status, name, country_code, vat_number, risk_class, credit_limit_cents, created_at, modified_at)
                VALUES (9000000001, 'COMPANY', 'A', 'Acme', NULL, NULL, 2, 12345, now(), now())
                RETURNING pg_current_xact_id()::text
                """));

        house.drain();

        assertThat(target.queryForList("""
                        SELECT l.side || ' ' || s.name || ' ' || l.source_key || ' ' || l.change_index || ' '
                               || l.operation || ' ' || coalesce(l.disposition::text, '-')
                          FROM shadow.event_ledger l
                          JOIN shadow.source_table s ON s.id = l.source_table
                         WHERE l.xid = ?::bigint
                         ORDER BY l.side
                        """, xid))
                .containsExactly(
                        "1 partners.partner {\"id\":9000000001} 0 1 1", "2 partners.partner {\"id\":9000000001} 0 1 -");
        assertThat(target.queryForLong(
                        "SELECT count(DISTINCT (commit_lsn, digest0, digest1)) FROM shadow.event_ledger WHERE xid = ?::bigint",
                        xid))
                .as("both readers saw the same bytes at the same place")
                .isEqualTo(1);
        assertThat(target.queryForList("""
                        SELECT channel || ' ' || model || ' ' || operation || ' ' || source_key
                          FROM provenance.readable_transaction
                         WHERE xid = ?::bigint
                         ORDER BY model
                        """, xid))
                .containsExactly(
                        "cdc_shadow CreditLine UPSERT {\"id\":9000000001}",
                        "cdc_shadow Party UPSERT {\"id\":9000000001}");
        assertThat(target.queryForList("""
                        SELECT p.name || ' ' || (p.valid_to IS NULL) || ' ' || c.credit_limit || ' ' || c.risk || ' '
                               || (p.valid_from = t.committed_at) || ' ' || count(*) OVER ()
                          FROM provenance.transaction t
                          JOIN provenance.target_model m ON m.id = t.model AND m.name = 'Party'
                          JOIN shadow.pk_map k
                            ON k.source_table = t.source_table AND k.source_key = t.source_key AND k.target_model = m.id
                          JOIN unified.party p ON p.party_id = (k.target_key::jsonb ->> 'party_id')::uuid
                          JOIN unified.credit_line c ON c.party_id = p.party_id
                         WHERE t.xid = ?::bigint AND k.state = 'current'
                        """, xid)).containsExactly("Acme true 123.45 medium true 1");
    }

    @Test
    void newKeysCloseTheOldRowAndOpenTheNew() {
        UUID before = UUID.randomUUID();
        UUID after = UUID.randomUUID();
        source.execute(
                partner(9_000_000_010L),
                "INSERT INTO partners.partner_contact (id, partner_id, last_name) VALUES ('%s', 9000000010, 'Old')"
                        .formatted(before),
                "UPDATE partners.partner_contact SET id = '%s', last_name = 'New' WHERE id = '%s'"
                        .formatted(after, before));

        house.drain();

        assertThat(versions(before)).containsExactly("OLD closed");
        assertThat(versions(after)).containsExactly("NEW current");
    }

    @Test
    void valuesThatTheLogLeavesOutStayAsTheyAre() {
        source.execute(
                partner(9_000_000_020L),
                """
                INSERT INTO partners.partner_document (id, partner_id, kind, title, body, received_at)
                SELECT 9000000021, 9000000020, 'letter', 'first', string_agg(md5(i::text), ''), now()
                  FROM generate_series(1, 2000) AS i
                """,
                "UPDATE partners.partner_document SET title = 'second' WHERE id = 9000000021",
                "UPDATE partners.partner_document SET id = 9000000022, title = 'third' WHERE id = 9000000021");

        house.drain();

        String body = Objects.requireNonNull(
                source.queryForString("SELECT md5(body) FROM partners.partner_document WHERE id = 9000000022"));
        assertThat(target.queryForList("""
                        SELECT title || ' ' || is_archived || ' ' || (valid_to IS NULL)
                          FROM unified.document
                         WHERE md5(body) = ?
                         ORDER BY valid_from, is_archived
                        """, body))
                .as("the body went along with every version")
                .containsExactlyInAnyOrder(
                        "first false false", "second false false", "second true true", "third false true");
        assertThat(target.queryForLong("""
                        SELECT count(*)
                          FROM unified.document a
                          JOIN unified.document b ON b.document_id = a.document_id AND b.valid_from = a.valid_to
                         WHERE a.title = 'first' AND b.title = 'second' AND md5(a.body) = ?
                        """, body))
                .as("the second version begins where the first one ends")
                .isEqualTo(1);
    }

    @Test
    void trafficOverTheWholeContractArrivesOnceAndWhole() {
        Traffic traffic = house.traffic(2_026);
        long started = System.nanoTime();
        traffic.run(CHANGES, Double.POSITIVE_INFINITY, () -> false);
        house.drain();
        double seconds = (System.nanoTime() - started) / 1e9;

        long changes = house.oracle().agreesWithBothReaders();
        House.measured("%,d changes end to end in %.1f s: %,.0f/s"
                .formatted(traffic.changes(), seconds, traffic.changes() / seconds));
        assertThat(changes).isGreaterThanOrEqualTo(CHANGES);
        History.isSound(target);
        assertThat(digestsThatDiffer()).isZero();
        assertThat(slotsAheadOfTheirPosition()).isEmpty();
        assertThat(house.suite().verify())
                .as("exit code of verifier-job; logs in %s", house.logs())
                .isZero();
        RunSummary run = house.api().runs(1, null, null, null).runs().getFirst();
        assertThat(run.verdict()).as(run.reason()).isEqualTo(Verdict.CLEAN);
        assertThat(run.findingsTotal()).isZero();
    }

    private long digestsThatDiffer() {
        return target.queryForLong("""
                SELECT count(*)
                  FROM shadow.event_ledger a
                  JOIN shadow.event_ledger b USING (commit_lsn, change_index)
                 WHERE a.side = 1 AND b.side = 2
                   AND (a.digest0, a.digest1, a.source_key, a.operation, a.source_table)
                       IS DISTINCT FROM (b.digest0, b.digest1, b.source_key, b.operation, b.source_table)
                """);
    }

    /** The slots are asked before the positions, which only grow. */
    private List<String> slotsAheadOfTheirPosition() {
        LogSequenceNumber consumer = confirmed("cdc_shadow_primary");
        LogSequenceNumber reader = confirmed("cdc_shadow_verifier");
        return house.api().positions().stream()
                .filter(position ->
                        position.position().compareTo(position.side() == Side.CONSUMER ? consumer : reader) < 0)
                .map(ReaderPosition::toString)
                .toList();
    }

    private LogSequenceNumber confirmed(String slot) {
        return LogSequenceNumber.valueOf(Objects.requireNonNull(source.queryForString(
                "SELECT confirmed_flush_lsn::text FROM pg_replication_slots WHERE slot_name = ?", slot)));
    }

    private static String partner(long id) {
        return """
                INSERT INTO partners.partner (id, kind, status, name, created_at, modified_at)
                VALUES (%d, 'PERSON', 'A', 'Somebody', now(), now())
                """.formatted(id);
    }

    private List<@Nullable String> versions(UUID contact) {
        return target.queryForList("""
                SELECT c.last_name || CASE WHEN c.valid_to IS NULL THEN ' current' ELSE ' closed' END
                  FROM shadow.pk_map k
                  JOIN shadow.target_model m ON m.id = k.target_model AND m.name = 'Contact'
                  JOIN unified.contact c ON c.contact_id = (k.target_key::jsonb ->> 'contact_id')::uuid
                 WHERE k.source_key = ?
                 ORDER BY c.valid_from
                """, "{\"id\":\"%s\"}".formatted(contact));
    }
}
