package io.shadowwrite.api.retention;

import static io.shadowwrite.api.TestApi.lsn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.database.ShadowSchema;
import io.shadowwrite.api.ledger.LedgerPartitions;
import io.shadowwrite.protocol.LedgerExtent;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataAccessException;

/**
 * Twelve partitions of 4096 bytes with a receipt of each side in each; both readers are beyond them all, and the first ten are
 * counted and were attested three days ago.
 */
@PostgresTest
class ReceiptRetentionTest {

    private static final long WIDTH = 4_096;
    private static final int PARTITIONS = 12;
    private static final Duration GRACE = Duration.ofDays(2);

    private final Database target;
    private final ShadowDatabase database;
    private final LedgerPartitions partitions;

    ReceiptRetentionTest(@Target Database target) {
        this.target = target;
        this.database =
                new ShadowDatabase(new ShadowDatabase.Settings(target.jdbcUrl(), target.user(), target.password(), 3));
        this.partitions = new LedgerPartitions(database);
    }

    @BeforeEach
    void muchIsDone() {
        ShadowSchema.migrate(database);
        partitions.cover(
                LongStream.range(0, PARTITIONS - 1)
                        .mapToObj(number -> lsn(number * WIDTH))
                        .toList(),
                WIDTH);
        target.execute(
                """
                insert into shadow.backfill_state (phase, verifier_done, migration_id, consumer_slot, consumer_baseline, verifier_slot,
                                                   verifier_baseline, system_identifier, timeline, options_hash,
                                                   contract_hash, required_ticks, gap_policy, tick_clock,
                                                   ledger_partition_bytes)
                values ('STREAMING', true, 'm', 'c', '0/0', 'v', '0/0', '1', 1, '', '', 168, 'RESET', 'SOURCE', 4096)
                """, """
                insert into shadow.event_ledger (commit_lsn, xid, digest0, digest1, change_index, side, source_table,
                                                 operation, disposition, source_key)
                select '0/0'::pg_lsn + 4096 * g + 8, 1, 1, 1, 0, s, 1, 1, case s when 1 then 1 end, ''
                  from generate_series(0, 11) g, generate_series(1, 2) s
                """, """
                insert into shadow.reader_position (side, position, received, flushed, state)
                select s, '0/10000', '0/10000', '0/10000', '' from generate_series(1, 2) s
                """, """
                insert into shadow.attestation (from_lsn, to_lsn, side, source_table, operation, events, sum0, sum1, run_id,
                                                recorded_at)
                select '0/0'::pg_lsn + 4096 * g, '0/0'::pg_lsn + 4096 * (g + 1), s, 1, 1, 1, 1, 1, gen_random_uuid(),
                       now() - interval '3 days'
                  from generate_series(0, 10) g, generate_series(1, 2) s
                """, "insert into shadow.conservation (from_lsn, below_lsn) values ('0/0', '0/10000')");
    }

    @AfterEach
    void close() {
        database.close();
    }

    private ReceiptRetention retention() {
        return new ReceiptRetention(database, GRACE, 0);
    }

    private long dropped() {
        while (retention().dropDue() > 0) {
            // A few at a time.
        }
        return PARTITIONS - partitionsLeft();
    }

    private long partitionsLeft() {
        return target.queryForLong(
                "select count(*) from pg_inherits where inhparent = 'shadow.event_ledger'::regclass");
    }

    @Test
    void dropsAFewAtATimeInOrderAndRemembersUpToWhere() {
        assertThat(retention().dropDue()).isEqualTo(8);
        assertThat(partitionsLeft()).isEqualTo(4);
        assertThat(extent().droppedBelow()).isEqualTo(lsn(8 * WIDTH));

        assertThat(retention().dropDue()).isEqualTo(2);

        assertThat(retention().dropDue()).isZero();
        assertThat(target.queryForList("select distinct commit_lsn from shadow.event_ledger order by 1"))
                .containsExactly("0/A008", "0/B008");
        assertThat(extent())
                .extracting(LedgerExtent::droppedBelow, LedgerExtent::attestedBelow, LedgerExtent::partitions)
                .containsExactly(lsn(10 * WIDTH), lsn(11 * WIDTH), 2);
        assertThat(target.queryForLong("select count(*) from shadow.attestation"))
                .isEqualTo(22);
        assertThat(target.queryForLong(
                        "select count(*) from pg_class where relname like 'event\\_ledger\\_%'" + " and relkind = 'r'"))
                .isEqualTo(2);
    }

    private LedgerExtent extent() {
        return new LedgerReport(database).now();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update shadow.attestation set recorded_at = now() - interval '47 hours' where from_lsn >= '0/3000'",
                "delete from shadow.attestation where from_lsn >= '0/3000'",
                "update shadow.conservation set below_lsn = '0/2FFF'",
                "update shadow.reader_position set position = '0/2FFF' where side = 1",
                "update shadow.reader_position set position = '0/2FFF' where side = 2",
                "update shadow.reader_position set flushed = '0/2FFF' where side = 1",
                "update shadow.reader_position set flushed = '0/2FFF' where side = 2",
                "insert into shadow.unconserved values ('0/2008', 2, 1, 0, 0, 0, '')",
                "insert into shadow.dead_letter (commit_lsn, end_lsn, xid, committed_at, change_index, source_table, operation,"
                        + " source_key, class, problem, detail, state)"
                        + " values ('0/2008', '0/2010', 1, now(), 0, 1, 1, '', 'REJECTED', '', '', 'OPEN')",
                "insert into shadow.dead_letter (commit_lsn, end_lsn, xid, committed_at, change_index, source_table, operation,"
                        + " source_key, class, problem, detail, state)"
                        + " values ('0/2008', '0/2010', 1, now(), 0, 1, 1, '', 'REJECTED', '', '', 'RELEASED')",
            })
    void keepsWhatSomebodyMayStillNeed(String reason) {
        target.execute(reason);

        assertThat(dropped()).isEqualTo(2);
    }

    @Test
    void dropsReceiptsOfALetterThatIsDecided() {
        target.execute(
                "insert into shadow.dead_letter (commit_lsn, end_lsn, xid, committed_at, change_index, source_table,"
                        + " operation, source_key, class, problem, detail, state)"
                        + " values ('0/2008', '0/2010', 1, now(), 0, 1, 1, '', 'REJECTED', '', '', 'RESOLVED')");

        assertThat(dropped()).isEqualTo(10);
    }

    @Test
    void keepsWhatReadsAndSingleWritesLookBackTo() {
        long lookBack = 0x10000 - 3 * WIDTH;

        assertThat(new ReceiptRetention(database, GRACE, lookBack).dropDue()).isEqualTo(3);
        assertThat(new ReceiptRetention(database, GRACE, lookBack).dropDue()).isZero();
    }

    @Test
    void doesNotWaitForWhoeverReadsTheLedger() throws SQLException {
        try (Connection reader = target.connect();
                Statement statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            statement.execute("select count(*) from shadow.event_ledger");

            assertThatThrownBy(() -> retention().dropDue()).isInstanceOf(DataAccessException.class);
            retention().advance();

            assertThat(partitionsLeft()).isEqualTo(PARTITIONS);
            assertThat(extent().droppedBelow()).isNull();
            reader.rollback();
        }
        assertThat(dropped()).isEqualTo(10);
    }

    @Test
    void doesNothingWhileSomebodyCountsOrReplays() throws SQLException {
        try (Connection counting = target.connect();
                Statement statement = counting.createStatement()) {
            counting.setAutoCommit(false);
            statement.execute("select from shadow.conservation for update");

            assertThat(dropped()).isZero();
            counting.rollback();
        }
        assertThat(dropped()).isEqualTo(10);
    }
}
