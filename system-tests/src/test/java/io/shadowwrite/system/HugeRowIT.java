package io.shadowwrite.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.protocol.Side;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.verification.TickResult;
import io.shadowwrite.verification.verdict.Verdict;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/** A row that no reader takes is named and harms nothing else; the way back is a new window, as the runbook opens it. */
@Timeout(600)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HugeRowIT {

    /** Spelling a gigabyte takes its time. */
    private static final Duration SPELT_WITHIN = Duration.ofMinutes(4);

    private final House house = House.streaming("huge-rows");
    private final Database source = house.source();
    private final Readers readers = new Readers(house);

    @BeforeAll
    void rowsArrive() {
        house.traffic(81).run(500, Double.POSITIVE_INFINITY, () -> false);
        house.drain();
    }

    @AfterAll
    void tearDown() {
        house.close();
    }

    @Test
    @Order(1)
    void aRowRightBelowTheLimitPasses() {
        document(9_100_000_001L, "repeat('0123456789', 6000000)");
        house.drain();

        assertThat(house.target().queryForString("SELECT md5(body) FROM unified.document WHERE title = 'large'"))
                .isNotNull()
                .isEqualTo(
                        source.queryForString("SELECT md5(body) FROM partners.partner_document WHERE id = 9100000001"));
        assertClean();
        source.execute("DELETE FROM partners.partner_document WHERE id = 9100000001");
        house.drain();
    }

    @Test
    @Order(2)
    void aRowOf200MegabytesHaltsBothReadersByNameAndNothingElse() {
        document(9_100_000_002L, "repeat('0123456789', 20000000)");
        tag("behind-the-large-row");

        for (Side side : Side.values()) {
            assertThat(readers.awaitHalt(side))
                    .contains("MESSAGE_TOO_LARGE", "67108864")
                    .doesNotContain("0123456789");
            assertThat(house.suite().runs(Readers.program(side))).isTrue();
        }
        assertThat(house.target().queryForLong("SELECT count(*) FROM unified.tag WHERE slug = 'behind-the-large-row'"))
                .isZero();
        readers.assertNoCleanHour();
    }

    @Test
    @Order(3)
    void onlyMovingItsSlotPassesItAndThenTheSlotIsAhead() {
        for (Side side : Side.values()) {
            readers.startAgain(side);
            assertThat(readers.awaitHalt(side)).contains("MESSAGE_TOO_LARGE");
            house.suite().kill(Readers.program(side));
            readers.awaitFree(side);
            source.queryForList("SELECT pg_replication_slot_advance(?, pg_current_wal_lsn())", readers.slot(side));
            readers.start(side);

            assertThat(readers.awaitHalt(side)).contains("SLOT_AHEAD");
        }
        readers.assertNoCleanHour();
    }

    @Test
    @Order(4)
    void aNewWindowStreamsOnceTheRowIsSmall() {
        source.execute("UPDATE partners.partner_document SET body = 'small' WHERE id = 9100000002");

        new NewWindow(house).open();

        tag("in-the-new-window");
        house.drain();
        assertThat(house.target().queryForLong("""
                        SELECT count(*) FROM unified.tag WHERE slug IN ('behind-the-large-row', 'in-the-new-window')
                        """)).isEqualTo(2);
        assertClean();
    }

    /** Three times 360 MB of JSON, which spells a line feed in two characters and a byte in two digits. */
    @Test
    @Order(5)
    void aRowBeyondAGigabyteIsRefusedByThePluginAndNamedTheSame() {
        source.execute("""
                INSERT INTO partners.partner_document (id, partner_id, kind, title, body, checksum, received_at)
                SELECT 9100000003, (SELECT min(id) FROM partners.partner), 'letter', feeds, feeds, convert_to(feeds, 'UTF8'), now()
                  FROM (SELECT repeat(chr(10), 180000000) AS feeds OFFSET 0) AS large
                """);

        for (Side side : Side.values()) {
            assertThat(readers.awaitHalt(side, SPELT_WITHIN)).contains("MESSAGE_TOO_LARGE", "54000");
            assertThat(house.suite().runs(Readers.program(side))).isTrue();
        }
    }

    private void document(long id, String body) {
        source.execute("""
                INSERT INTO partners.partner_document (id, partner_id, kind, title, body, received_at)
                SELECT %d, min(id), 'letter', 'large', %s, now() FROM partners.partner
                """.formatted(id, body));
    }

    private void tag(String slug) {
        source.execute("INSERT INTO partners.tag (slug, label) VALUES ('%s', 'x')".formatted(slug));
    }

    private void assertClean() {
        TickResult tick = new Ticks(house).run();
        assertThat(tick.findings()).as(tick.reason()).isEmpty();
        assertThat(tick.verdict()).as(tick.reason()).isEqualTo(Verdict.CLEAN);
    }
}
