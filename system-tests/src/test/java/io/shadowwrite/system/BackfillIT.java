package io.shadowwrite.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.protocol.LoadState;
import io.shadowwrite.protocol.WindowPhase;
import io.shadowwrite.system.suite.Launch;
import io.shadowwrite.system.suite.Program;
import io.shadowwrite.system.suite.ProgramProcess;
import io.shadowwrite.system.traffic.Traffic;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A window on a source that holds rows and goes on being written, with everything in its own JVM. */
class BackfillIT {

    private static final Duration LOADED_WITHIN = Duration.ofMinutes(5);
    private static final long ROWS_BEFORE = Long.getLong("backfill.rows", 4_000);

    @Test
    @Timeout(900)
    void loadsWhatIsThereWhileItIsChangedAndStreamsOnFromThere() {
        try (House house = House.build("backfill")) {
            house.traffic(51).seedReferenceRows();
            house.traffic(52).run(ROWS_BEFORE, Double.POSITIVE_INFINITY, () -> false);
            house.suite().start(Program.API);
            house.suite().start(Program.CONSUMER);
            house.suite().start(Program.SLOT_READER);
            house.suite().awaitApi();

            AtomicBoolean loaded = new AtomicBoolean();
            Traffic traffic = house.traffic(53);
            CompletableFuture<Void> writers =
                    CompletableFuture.runAsync(() -> traffic.run(Long.MAX_VALUE, 500, loaded::get));
            try (ProgramProcess backfill = house.suite().launch(opening(house))) {
                backfill.awaitLine("step register", LOADED_WITHIN);
                assertThat(backfill.exitWithin(LOADED_WITHIN))
                        .as("see " + backfill.log())
                        .isZero();
            } finally {
                loaded.set(true);
                writers.join();
            }

            LoadState state = house.api().loadState();
            assertThat(Objects.requireNonNull(state.opening()).phase()).isEqualTo(WindowPhase.STREAMING);
            assertThat(state.opening().verifierDone()).isTrue();
            assertThat(state.rows()).isGreaterThan(500);
            assertThat(state.ranges()).isGreaterThan(state.passes().size());
            house.suite().awaitStreaming();
            house.drain();
            assertThat(house.suite().verify()).as("verdict").isZero();
            House.measured("backfill of %d source rows as %d target rows beside %d changes"
                    .formatted(state.rows(), state.written(), traffic.changes()));
            assertThat(house.suite()
                            .run(house.suite()
                                    .plan(Program.BACKFILL)
                                    .saying("cleanup")
                                    .with("yes", "true")))
                    .as("a window that streams is left alone")
                    .isEqualTo(13);
        }
    }

    private static Launch opening(House house) {
        return house.suite()
                .plan(Program.BACKFILL)
                .saying("run")
                .with("shadow.backfill.readers", 4)
                .with("shadow.backfill.range-pages", 8);
    }
}
