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
import io.shadowwrite.verification.progress.Progress;
import io.shadowwrite.verification.session.TargetConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

@PostgresTest
class CheckedPinTest {

    private static final TableName ITEM = new TableName("app", "item");

    private final Database source;
    private final Database target;
    private final SourceConnection connection;
    private final BarrierPin barrier;
    private final CheckedPin pin;

    CheckedPinTest(@Source Database source, @Target Database target) {
        this.source = source;
        this.target = target;
        source.execute("CREATE SCHEMA app", "CREATE TABLE app.item (id bigint PRIMARY KEY)");
        ShadowTables.create(target);
        this.connection = new SourceConnection(source.jdbcUrl(), source.user(), source.password());
        this.barrier = barrier(connection);
        this.pin = new CheckedPin(
                connection,
                asked -> new SourceInspection(asked)
                        .tables(List.of(ITEM)).stream()
                                .map(StreamProblem::getMessage)
                                .toList(),
                barrier);
    }

    private BarrierPin barrier(SourceConnection address) {
        PinSettings settings = new PinSettings(
                1,
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(20),
                Duration.ofSeconds(5),
                Duration.ofSeconds(60));
        return new BarrierPin(
                address,
                new TargetConnection(target.jdbcUrl(), target.user(), target.password()),
                new ObedientReaders(target),
                settings,
                Progress.SILENT);
    }

    @Test
    void aLookThatFailsForAMomentIsAnImpossiblePinAndTakenAgain() {
        AtomicInteger looks = new AtomicInteger();
        CheckedPin busy = new CheckedPin(
                connection,
                _ -> {
                    if (looks.incrementAndGet() == 1) {
                        throw new StreamProblem(StreamProblem.Code.STALLED, "a lock", "Wait");
                    }
                    return List.of();
                },
                barrier);
        assertThat(new RepeatedPin(busy, Duration.ofSeconds(20), Duration.ofMillis(10)).take())
                .isInstanceOfSatisfying(
                        PinOutcome.Pinned.class, outcome -> outcome.sides().close());
        assertThat(looks).hasValue(2);

        looks.set(0);
        assertThat(new RepeatedPin(busy, Duration.ZERO, Duration.ZERO).take())
                .isInstanceOfSatisfying(
                        PinOutcome.Unfit.class,
                        outcome -> assertThat(outcome.reason()).contains("STALLED"));
    }

    @Test
    void noPatienceIsSpentOnASourceThatIsNotFit() {
        AtomicInteger looks = new AtomicInteger();
        CheckedPin unfit = new CheckedPin(
                connection,
                _ -> {
                    looks.incrementAndGet();
                    return List.of("a table is gone");
                },
                barrier);

        assertThat(new RepeatedPin(unfit, Duration.ofSeconds(20), Duration.ofMillis(10)).take())
                .isInstanceOf(PinOutcome.Unfit.class);
        assertThat(looks).hasValue(1);
    }

    @Test
    void noPatienceIsSpentOnARoleThatMayNotMakeASlot() {
        source.execute("CREATE ROLE slotless LOGIN", "GRANT pg_read_all_data TO slotless");
        AtomicInteger looks = new AtomicInteger();
        CheckedPin forbidden = new CheckedPin(
                connection,
                _ -> {
                    looks.incrementAndGet();
                    return List.of();
                },
                barrier(new SourceConnection(source.jdbcUrl(), "slotless", "")));

        assertThat(new RepeatedPin(forbidden, Duration.ofSeconds(20), Duration.ofMillis(10)).take())
                .isInstanceOfSatisfying(
                        PinOutcome.Impossible.class,
                        outcome -> assertThat(outcome.reason()).contains("PRIVILEGE"));
        assertThat(looks).hasValue(1);
    }

    @Test
    void aLookThatNobodyCanHelpIsNotRepeated() {
        CheckedPin forbidden = new CheckedPin(
                connection,
                _ -> {
                    throw new StreamProblem(StreamProblem.Code.PRIVILEGE, "no", "Grant it");
                },
                barrier);
        assertThatThrownBy(forbidden::take).isInstanceOf(StreamProblem.class);
    }

    @Test
    void aSourceThatLosesChangesIsNotEvenPinned() {
        source.execute("ALTER TABLE app.item REPLICA IDENTITY NOTHING");

        assertThat(pin.take()).isInstanceOfSatisfying(PinOutcome.Unfit.class, outcome -> {
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
