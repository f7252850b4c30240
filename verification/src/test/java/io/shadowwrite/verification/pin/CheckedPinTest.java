package io.shadowwrite.verification.pin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shadowwrite.replication.StreamProblem;
import io.shadowwrite.replication.TableName;
import io.shadowwrite.replication.source.SourceConnection;
import io.shadowwrite.replication.source.SourceInspection;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Source;
import io.shadowwrite.testsupport.Target;
import io.shadowwrite.verification.ShadowTables;
import io.shadowwrite.verification.session.TargetConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;

@PostgresTest
class CheckedPinTest {

    private final Database source;
    private final CheckedPin pin;

    CheckedPinTest(@Source Database source, @Target Database target) {
        this.source = source;
        source.execute("CREATE SCHEMA app", "CREATE TABLE app.item (id bigint PRIMARY KEY)");
        ShadowTables.create(target);
        SourceConnection connection = new SourceConnection(source.jdbcUrl(), source.user(), source.password());
        PinSettings settings = new PinSettings(
                1,
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(20),
                Duration.ofSeconds(5),
                Duration.ofSeconds(60));
        this.pin = new CheckedPin(
                connection,
                asked -> new SourceInspection(asked)
                        .tables(List.of(new TableName("app", "item"))).stream()
                                .map(StreamProblem::getMessage)
                                .toList(),
                new BarrierPin(
                        connection,
                        new TargetConnection(target.jdbcUrl(), target.user(), target.password()),
                        new ObedientReaders(target),
                        settings));
    }

    @Test
    void aSourceThatLosesChangesIsNotEvenPinned() {
        source.execute("ALTER TABLE app.item REPLICA IDENTITY NOTHING");

        assertThat(pin.take()).isInstanceOfSatisfying(PinOutcome.Impossible.class, outcome -> {
            assertThat(outcome.reason()).contains("REPLICA_IDENTITY", "app.item");
            assertThat(outcome.hour())
                    .isEqualTo(outcome.hour().truncatedTo(ChronoUnit.HOURS))
                    .isBetween(
                            Instant.now().minus(2, ChronoUnit.HOURS),
                            Instant.now().plusSeconds(60));
        });
    }

    @Test
    void aSourceThatIsFitIsPinned() {
        assertThat(pin.take())
                .isInstanceOfSatisfying(
                        PinOutcome.Pinned.class, outcome -> outcome.sides().close());
    }

    @Test
    void aSourceThatCannotBeAskedIsNoAnswer() {
        CheckedPin nowhere = new CheckedPin(
                new SourceConnection("jdbc:postgresql://127.0.0.1:1/none", "nobody", ""), _ -> List.of(), pin);

        assertThatThrownBy(nowhere::take).isInstanceOf(StreamProblem.class);
    }
}
