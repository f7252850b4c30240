package io.shadowwrite.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.system.suite.Program;
import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A transaction that no program holds whole. With {@code -Dlong.changes=1000000 -Dsuite.heap=256m} it is the measurement
 * of docs/guarantees.md.
 */
@ExtendWith(HouseExtension.class)
@Timeout(900)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LongTransactionIT {

    private static final int CHANGES = Integer.getInteger("long.changes", 14_000);
    private static final Duration ARRIVES_WITHIN = Duration.ofMinutes(10);

    private final House house;
    private final Database source;
    private final Database target;

    LongTransactionIT(House house) {
        this.house = house;
        this.source = house.source();
        this.target = house.target();
    }

    @Test
    @Order(1)
    void becomesOneTransactionOfTheTarget() {
        long started = System.nanoTime();
        String xid = insertAndUpdate(5_000_000_000L, CHANGES / 2);
        house.suite().awaitDrained(ARRIVES_WITHIN);

        House.measured("one transaction of %,d changes through all programs in %.1f s; peak RSS in MB: %s"
                .formatted(CHANGES, (System.nanoTime() - started) / 1e9, peaks()));
        assertThat(target.queryForList("""
                        SELECT side || ' ' || count(*) || ' ' || count(DISTINCT commit_lsn)
                          FROM shadow.event_ledger WHERE xid = ?::bigint GROUP BY side ORDER BY side
                        """, xid)).containsExactly("1 " + CHANGES + " 1", "2 " + CHANGES + " 1");
        assertThat(target.queryForLong(
                        "SELECT count(DISTINCT applied_at) FROM provenance.transaction WHERE xid = ?::bigint", xid))
                .as("applied in one transaction")
                .isEqualTo(1);
        assertThat(target.queryForLong("SELECT count(*) FROM unified.party WHERE name = 'Long 2'"))
                .as("a row that two parts wrote has one version")
                .isEqualTo(CHANGES / 2);
        assertThat(target.queryForLong("SELECT count(*) FROM unified.party WHERE name = 'Long 1'"))
                .isZero();
    }

    @Test
    @Order(2)
    void leavesNothingWhenTheApiOrTheConsumerDiesInTheMiddleAndThenComesOnce() {
        int rows = 20_000;
        String xid = insertAndUpdate(6_000_000_000L, rows);
        awaitTheMiddle();
        house.suite().kill(Program.API);
        house.suite().start(Program.API);
        house.suite().awaitApi();
        assertThat(ofTransaction(xid)).isZero();

        awaitTheMiddle();
        house.suite().kill(Program.CONSUMER);
        Await.until("the target has undone it", Duration.ofSeconds(60), () -> !isInTheMiddle());
        assertThat(ofTransaction(xid)).isZero();
        house.suite().start(Program.CONSUMER);
        house.suite().awaitDrained(ARRIVES_WITHIN);

        assertThat(ofTransaction(xid)).isEqualTo(2L * rows);
        assertThat(house.conserved().holds()).isTrue();
        house.oracle().agreesWithBothReaders();
    }

    /** Inserts that many partners and updates each, in one transaction; its id. */
    private String insertAndUpdate(long firstId, int partners) {
        try (Connection connection = source.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("""
                    INSERT INTO partners.partner (id, kind, status, name, risk_class, credit_limit_cents, created_at, modified_at)
                    SELECT %d + n, 'COMPANY', 'A', 'Long 1', 2, 12345, now(), now() FROM generate_series(1, %d) AS n
                    """.formatted(firstId, partners));
            statement.execute("UPDATE partners.partner SET name = 'Long 2' WHERE id > %d AND id <= %d"
                    .formatted(firstId, firstId + partners));
            try (ResultSet xid = statement.executeQuery("SELECT pg_current_xact_id()::text")) {
                xid.next();
                String text = xid.getString(1);
                connection.commit();
                return text;
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private long ofTransaction(String xid) {
        return target.queryForLong("SELECT count(*) FROM shadow.event_ledger WHERE side = 1 AND xid = ?::bigint", xid);
    }

    private void awaitTheMiddle() {
        Await.until("the transaction is being applied", Duration.ofSeconds(60), this::isInTheMiddle);
    }

    /** Who writes has locked the window; who counts never does. */
    private boolean isInTheMiddle() {
        return target.queryForLong("""
                        SELECT count(*) FROM pg_stat_activity JOIN pg_locks USING (pid)
                         WHERE datname = current_database() AND application_name = 'shadow-api'
                           AND clock_timestamp() - xact_start > interval '400 milliseconds'
                           AND relation = 'shadow.backfill_state'::regclass AND mode = 'RowShareLock' AND granted
                        """) > 0;
    }

    /** Of every program that this JVM started. */
    private static String peaks() {
        StringBuilder peaks = new StringBuilder();
        ProcessHandle.current().children().forEach(process -> {
            String command = process.info().commandLine().orElse("");
            for (Program program : Program.values()) {
                if (command.contains("/" + program.module() + "/")) {
                    peaks.append(program)
                            .append(' ')
                            .append(peakMegabytes(process.pid()))
                            .append(' ');
                }
            }
        });
        return peaks.toString().strip();
    }

    private static long peakMegabytes(long pid) {
        try {
            return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                    .filter(line -> line.startsWith("VmHWM"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                    .findFirst()
                    .orElse(-1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
