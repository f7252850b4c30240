package io.shadowwrite.api.write;

import static io.shadowwrite.api.TestApi.lsn;
import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.protocol.WriteBatch;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnderwayTest {

    private final Underway underway = new Underway();

    private static WriteBatch batch(long from, long until) {
        return new WriteBatch(1, lsn(from), lsn(until), List.of());
    }

    @Test
    void knowsAllThatABatchContinuesTheNearestFirst() {
        try (Underway.Flight first = underway.begin(batch(1_000, 2_000));
                Underway.Flight second = underway.begin(batch(2_000, 3_000));
                Underway.Flight third = underway.begin(batch(3_000, 4_000))) {
            assertThat(third.ahead(4)).containsExactly(second, first);
            assertThat(third.ahead(1)).containsExactly(second);
            assertThat(first.ahead(4)).isEmpty();
        }
    }

    @Test
    void forgetsWhatIsAnswered() {
        Underway.Flight first = underway.begin(batch(1_000, 2_000));
        Underway.Flight second = underway.begin(batch(2_000, 3_000));
        try (Underway.Flight third = underway.begin(batch(3_000, 4_000))) {
            first.close();
            second.close();
            assertThat(first.awaitEnd(Duration.ZERO)).isTrue();
            assertThat(third.awaitEnd(Duration.ZERO)).isFalse();
        }

        try (Underway.Flight late = underway.begin(batch(3_000, 4_000))) {
            assertThat(late.ahead(4)).isEmpty();
        }
    }

    @Test
    void tiesNothingToABatchThatDoesNotSayWhereItContinues() {
        WriteBatch anywhere = new WriteBatch(1, lsn(2_000), List.of());
        try (Underway.Flight first = underway.begin(anywhere);
                Underway.Flight second = underway.begin(batch(2_000, 3_000))) {
            assertThat(first.ahead(4)).isEmpty();
            assertThat(second.ahead(4)).isEmpty();
        }
    }
}
