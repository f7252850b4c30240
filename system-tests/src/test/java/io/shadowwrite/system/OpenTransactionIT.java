package io.shadowwrite.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.system.suite.Program;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What keeps a slot from being created keeps no verdict from being found. */
@ExtendWith(HouseExtension.class)
@Timeout(1_800)
class OpenTransactionIT {

    /** How old the transaction is when the verifier comes; some minutes with {@code -Dopen.minutes}. */
    private static final Duration AGE =
            Duration.ofMinutes(Integer.getInteger("open.minutes", 0)).plusSeconds(7);

    private static final String CHANGE = """
            UPDATE partners.partner SET employees = coalesce(employees, 0) + 1 WHERE id = (SELECT min(id) FROM partners.partner)
            """;

    private static final String LATEST = """
            SELECT concat_ws('; ', pin_kind, verdict, findings_total, barrier_refused)
              FROM shadow.verifier_run
             ORDER BY recorded_at DESC
             LIMIT 1
            """;

    private final House house;

    OpenTransactionIT(House house) {
        this.house = house;
        house.traffic(52).run(500, Double.POSITIVE_INFINITY, () -> false);
    }

    @Test
    void aTransactionThatIsOpenForLongLeadsToARaceWindow() throws SQLException {
        try (Connection open = house.source().connect();
                Statement statement = open.createStatement()) {
            open.setAutoCommit(false);
            statement.execute(CHANGE);
            try (FullTraffic traffic = FullTraffic.on(house, 53)) {
                LockSupport.parkNanos(AGE.toNanos());

                assertThat(verify()).startsWith("race-window; CLEAN; 0; ").contains("older than", "is process");
                assertThat(traffic.changes()).isPositive();
            }
            open.commit();
        }
        house.drain();
        assertThat(verify()).isEqualTo("barrier; CLEAN; 0");
    }

    @Test
    void aPreparedTransactionLeadsToARaceWindow() {
        house.source().execute("BEGIN;" + CHANGE + "; PREPARE TRANSACTION 'prepared'");
        try {
            LockSupport.parkNanos(Duration.ofSeconds(7).toNanos());

            assertThat(verify()).startsWith("race-window; CLEAN; 0; ").contains("prepared transaction prepared");
        } finally {
            house.source().execute("COMMIT PREPARED 'prepared'");
        }
        house.drain();
        assertThat(verify()).isEqualTo("barrier; CLEAN; 0");
    }

    private String verify() {
        assertThat(house.suite()
                        .run(house.suite()
                                .plan(Program.VERIFIER)
                                .with("mode", "hourly")
                                .with("fail-on", "dirty")
                                .with("shadow.verifier.pin-patience", "1s")))
                .as("exit code; logs in %s", house.logs())
                .isZero();
        return Objects.requireNonNull(house.target().queryForString(LATEST));
    }
}
