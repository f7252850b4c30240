package io.shadowwrite.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.protocol.ExitCode;
import io.shadowwrite.protocol.ReaderPosition;
import io.shadowwrite.protocol.RunSummary;
import io.shadowwrite.protocol.Side;
import io.shadowwrite.protocol.Verdict;
import io.shadowwrite.system.suite.Launch;
import io.shadowwrite.system.suite.Program;
import io.shadowwrite.system.suite.ProgramProcess;
import io.shadowwrite.testsupport.Await;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** What the readers of a house say of themselves, and what a verifier makes of it. */
record Readers(House house) {

    /** Generous: a table is looked at every half minute. */
    static final Duration SAID_WITHIN = Duration.ofSeconds(90);

    static Program program(Side side) {
        return switch (side) {
            case CONSUMER -> Program.CONSUMER;
            case VERIFIER -> Program.SLOT_READER;
        };
    }

    String slot(Side side) {
        return switch (side) {
            case CONSUMER -> "cdc_shadow_primary";
            case VERIFIER -> "cdc_shadow_verifier";
        };
    }

    /** What it says it has halted for. */
    String awaitHalt(Side side) {
        return awaitHalt(side, SAID_WITHIN);
    }

    String awaitHalt(Side side, Duration bound) {
        ReaderPosition halted = Await.untilValue(
                side + " halts",
                bound,
                () -> reader(side),
                reader -> reader.state().equals("HALTED"));
        return String.valueOf(halted.reason());
    }

    ReaderPosition reader(Side side) {
        return house.api().positions().stream()
                .filter(reader -> reader.side() == side)
                .findFirst()
                .orElseThrow();
    }

    void startAgain(Side side) {
        house.suite().kill(program(side));
        start(side);
    }

    void start(Side side) {
        forget(side);
        house.suite().start(program(side));
    }

    /** The reader that a caller starts in its own way, and ends. */
    ProgramProcess launch(Side side, Launch launch) {
        forget(side);
        return house.suite().launch(launch);
    }

    /** What is stored of its state from before, so that it is not taken for what it says now. */
    private void forget(Side side) {
        house.target()
                .execute("UPDATE shadow.reader_position SET state = 'UNKNOWN', reason = NULL WHERE side = %d"
                        .formatted(side == Side.CONSUMER ? 1 : 2));
    }

    /** Nobody reads it any more. */
    void awaitFree(Side side) {
        Await.until(
                "the slot is free",
                SAID_WITHIN,
                () -> house.source()
                                .queryForLong(
                                        "SELECT count(*) FROM pg_replication_slots WHERE slot_name = ? AND NOT active",
                                        slot(side))
                        == 1);
    }

    /** An hour that is verified now comes to no verdict, as a reader has halted, and nothing is ready for a cutover. */
    void assertNoCleanHour() {
        Optional<UUID> before = latestRun().map(RunSummary::runId);
        int code = verify();

        RunSummary run = latestRun().orElseThrow();
        assertThat(Optional.of(run.runId())).as("exit code %d", code).isNotEqualTo(before);
        assertThat(run.verdict()).as(run.reason()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(code).as(run.reason()).isEqualTo(ExitCode.INCONCLUSIVE.code());
        assertThat(house.api().status().ready()).isFalse();
    }

    /** The verifier refuses this source before any hour begins, and nothing is ready for a cutover. */
    void assertNoHourBegins() {
        Optional<UUID> before = latestRun().map(RunSummary::runId);
        int code = verify();

        assertThat(code).isEqualTo(ExitCode.INVALID.code());
        assertThat(latestRun().map(RunSummary::runId)).isEqualTo(before);
        assertThat(house.api().status().ready()).isFalse();
    }

    private int verify() {
        return house.suite()
                .run(house.suite()
                        .plan(Program.VERIFIER)
                        .with("mode", "hourly")
                        .with("fail-on", "dirty")
                        .with("shadow.verifier.pin-patience", "1s"));
    }

    private Optional<RunSummary> latestRun() {
        return house.api().runs(1, null, null, null).runs().stream().findFirst();
    }
}
