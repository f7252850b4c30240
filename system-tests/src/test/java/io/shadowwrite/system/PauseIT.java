package io.shadowwrite.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.protocol.ExitCode;
import io.shadowwrite.protocol.ReaderPosition;
import io.shadowwrite.protocol.Side;
import io.shadowwrite.testsupport.Await;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.replication.LogSequenceNumber;

/** An operator stops everything from being applied, and lets it go on. */
@ExtendWith(HouseExtension.class)
@Timeout(240)
class PauseIT {

    private static final Duration RECEIVED_WITHIN = Duration.ofSeconds(60);
    private static final String ROW = "SELECT count(*) FROM unified.tag WHERE slug = 'while-paused'";

    private final House house;

    PauseIT(House house) {
        this.house = house;
    }

    @Test
    void whatIsWrittenDuringAPauseArrivesAfterIt() {
        OperatorCommand paused = OperatorCommand.run(house, "pause", "pause", "--reason=a test", "--who=somebody");
        assertThat(paused.code()).as(paused.text()).isZero();
        house.source().execute("INSERT INTO partners.tag (slug, label) VALUES ('while-paused', 'x')");
        LogSequenceNumber written =
                LogSequenceNumber.valueOf(house.source().queryForString("SELECT pg_current_wal_lsn()::text"));
        Await.until(
                "the slot reader has stored the receipt",
                RECEIVED_WITHIN,
                () -> position(Side.VERIFIER).compareTo(written) >= 0);

        assertThat(position(Side.CONSUMER)).isLessThan(written);
        assertThat(house.target().queryForLong(ROW)).isZero();
        assertThat(house.api().status().hold())
                .isNotNull()
                .satisfies(hold -> assertThat(hold.holder()).isEqualTo("pause by somebody: a test"));

        OperatorCommand other = OperatorCommand.run(
                house, "resume-other", "resume", "--holder=somebody else", "--reason=a guess", "--json");
        assertThat(other.code()).as(other.text()).isEqualTo(ExitCode.REFUSED.code());
        OperatorCommand resumed = OperatorCommand.run(house, "resume", "resume", "--reason=done");
        assertThat(resumed.code()).as(resumed.text()).isZero();
        house.drain();
        assertThat(house.target().queryForLong(ROW)).isOne();
    }

    private LogSequenceNumber position(Side side) {
        return house.api().positions().stream()
                .filter(reader -> reader.side() == side)
                .map(ReaderPosition::position)
                .findFirst()
                .orElseThrow();
    }
}
