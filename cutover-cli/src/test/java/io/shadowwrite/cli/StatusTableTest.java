package io.shadowwrite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.protocol.Conservation;
import io.shadowwrite.protocol.GapPolicy;
import io.shadowwrite.protocol.Status;
import io.shadowwrite.protocol.TickClock;
import io.shadowwrite.protocol.UnconservedTransaction;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.postgresql.replication.LogSequenceNumber;

/** What became of the changes, for people. */
class StatusTableTest {

    private static final LogSequenceNumber FROM = LogSequenceNumber.valueOf(0x1000);
    private static final LogSequenceNumber BELOW = LogSequenceNumber.valueOf(0x2000);

    private static String printed(@Nullable Conservation conservation) {
        StringWriter text = new StringWriter();
        StatusTable.print(
                new PrintWriter(text),
                new Status(
                        "VALIDATING",
                        false,
                        "of the test",
                        List.of(),
                        List.of(),
                        0,
                        null,
                        conservation,
                        null,
                        0,
                        168,
                        GapPolicy.RESET,
                        TickClock.SOURCE,
                        null,
                        0,
                        null,
                        null,
                        List.of()));
        return text.toString();
    }

    @Test
    void showsTheSumsAndTheirRange() {
        assertThat(printed(new Conservation(FROM, BELOW, 10, 4, 3, 2, 1, 0, true, 0, null, Instant.EPOCH)))
                .contains(
                        "conserved  yes     10 decoded = 4 applied + 3 no-op + 2 filtered + 1 parked, difference 0, from 0/1000 below 0/2000");
    }

    @Test
    void namesTheFirstTransactionThatDoesNotAddUp() {
        UnconservedTransaction first = new UnconservedTransaction(FROM, "one is missing");

        assertThat(printed(new Conservation(FROM, BELOW, 10, 9, 0, 0, 0, 1, false, 2, first, Instant.EPOCH)))
                .contains(
                        "conserved  NO ",
                        "difference 1",
                        "2 transaction(s), first that committed at 0/1000: one is missing");
    }

    @Test
    void saysNothingBeforeAnythingWasCounted() {
        assertThat(printed(null)).doesNotContain("conserved");
    }
}
