package io.shadowwrite.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.protocol.AuditEntry;
import io.shadowwrite.protocol.CutoverDecision;
import io.shadowwrite.protocol.ExitCode;
import io.shadowwrite.protocol.Permit;
import io.shadowwrite.protocol.RunSummary;
import io.shadowwrite.protocol.Status;
import io.shadowwrite.system.suite.ProgramProcess;
import io.shadowwrite.testsupport.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** From paused writers to a permit, and everything that keeps it from one, with the real programs. */
@ExtendWith(HouseExtension.class)
@Timeout(300)
class CutoverIT {

    private static final Duration SEEN_WITHIN = Duration.ofSeconds(60);
    private static final String READ_ONLY = "SHOW default_transaction_read_only";

    private final House house;
    private Gate gate;

    CutoverIT(House house) {
        this.house = house;
    }

    @BeforeEach
    void isReady() {
        house.drain();
        gate = Gate.ready(house);
    }

    @AfterEach
    void goesOn() {
        gate.close();
    }

    private AuditEntry latest() {
        return house.api().audits(1, null, null).entries().getFirst();
    }

    private void write(String slug) {
        house.source().execute("INSERT INTO partners.tag (slug, label) VALUES ('%s', 'x')".formatted(slug));
    }

    private void permitted(String... options) {
        Gate.Answer answer = gate.execute(options);
        assertThat(answer.code()).as(answer.text()).isZero();
    }

    @Test
    void comesToAPermitAndGivesItBack() {
        Gate.Answer planned = gate.plan("--approved-by=ada");
        assertThat(planned.code()).as(planned.text()).isZero();
        assertThat(planned.text()).contains("preconditions", "fence", "final-lsn", "drain", "verify", "decide");

        Gate.Answer executed = gate.execute();

        assertThat(executed.code()).as(executed.text()).isZero();
        assertThat(executed.text())
                .contains("step gate", "step fence", "step mark", "step quiet", "step final-lsn", "step drain")
                .contains(
                        "step verify", "step compare", "step sequences", "step decide", "step permitted", "PERMITTED");
        Status status = gate.standing();
        Permit permit = Objects.requireNonNull(status.permit());
        assertThat(status.phase()).isEqualTo("PERMITTED");
        assertThat(permit.finalLsn()).isEqualTo(house.api().controlState().position());
        assertThat(Objects.requireNonNull(status.hold()).expiresAt())
                .as("until somebody says what became of it")
                .isNull();
        assertThat(latest().audit().approvals()).extracting("name").containsExactly("ada");
        assertThat(latest().audit().digests()).hasSize(19);
        assertThat(gate.status().code()).isZero();

        Gate.Answer unasked = gate.abortAttempt();
        assertThat(unasked.code()).as(unasked.text()).isEqualTo(ExitCode.USAGE.code());
        Gate.Answer misread = gate.abortOn("unified");
        assertThat(misread.code()).as(misread.text()).isEqualTo(ExitCode.REFUSED.code());
        assertThat(misread.text())
                .contains("is applied to the target now", permit.finalLsn().asString());
        assertThat(gate.standing().permit()).isEqualTo(permit);
        Gate.Answer aborted = gate.abort();
        assertThat(aborted.code()).as(aborted.text()).isZero();
        Gate.Answer after = gate.status();
        assertThat(after.code()).as(after.text()).isEqualTo(ExitCode.GATE_BLOCKED.code());
        gate.consumerGoesOn();
    }

    @Test
    void endsWithItsTimeAndKeepsTheConsumerUntilItIsGivenBack() {
        permitted("--permit=3s");
        write("after-the-permit");

        Await.until("the permit is over", SEEN_WITHIN, () -> gate.standing().permit() == null);
        Gate.Answer over = gate.status();
        assertThat(over.code()).as(over.text()).isEqualTo(ExitCode.GATE_BLOCKED.code());
        assertThat(over.text()).contains("UNDECIDED", "cutover finish", "cutover abort");
        assertThat(arrived("after-the-permit")).isFalse();

        assertThat(gate.abort().code()).isZero();
        gate.consumerGoesOn();
        assertThat(arrived("after-the-permit")).isTrue();
    }

    private boolean arrived(String slug) {
        return house.target().queryForLong("SELECT count(*) FROM unified.tag WHERE slug = '%s'".formatted(slug)) > 0;
    }

    @Test
    void appliesNothingOfTheOldSourceOnceItIsFinished() {
        permitted("--permit=30s");
        try {
            assertThat(gate.finishOn("unified").code()).isEqualTo(ExitCode.REFUSED.code());
            Gate.Answer finished = gate.finishOn("partners");
            assertThat(finished.code()).as(finished.text()).isZero();
            assertThat(finished.text()).contains("FINISHED", "decommission plan");

            write("after-the-finish");
            Await.until(
                    "the write is seen", SEEN_WITHIN, () -> gate.status().text().contains("in it only"));
            assertThat(gate.abort().code()).isEqualTo(ExitCode.REFUSED.code());
            assertThat(gate.finishOn("partners").code())
                    .as("it may be repeated")
                    .isZero();
            assertThat(gate.execute().text())
                    .contains("HOLD_TAKEN", "next       take everything away")
                    .doesNotContain("let the writers go on", "cutover abort");
            assertThat(gate.standing().phase()).isEqualTo("FINISHED");
            assertThat(arrived("after-the-finish")).isFalse();
        } finally {
            gate.forgetTheFinish();
        }
    }

    @Test
    void isVoidWhenAWriterWasNotPaused() {
        AtomicBoolean paused = new AtomicBoolean();
        CompletableFuture<Void> forgotten = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < 100_000 && !paused.get(); i++) {
                write("forgotten-" + i);
            }
        });
        try {
            Gate.Answer answer = gate.execute("--writers-timeout=20s");

            assertThat(answer.code()).as(answer.text()).isEqualTo(ExitCode.GATE_BLOCKED.code());
            assertThat(answer.text())
                    .contains("WRITERS_NOT_PAUSED", "step undo")
                    .doesNotContain("PERMITTED");
        } finally {
            paused.set(true);
            forgotten.join();
        }
        assertThat(latest().audit().decision()).isEqualTo(CutoverDecision.BLOCK);
        assertThat(gate.standing().permit()).isNull();
        gate.consumerGoesOn();
    }

    @Test
    void isVoidWhenAWriterComesBack() {
        permitted();
        write("came-back");

        Await.until("the permit is void", SEEN_WITHIN, () -> gate.standing().permit() == null);

        assertThat(Objects.requireNonNull(gate.standing().gate()).withoutPermit())
                .contains("a writer of the source");
        assertThat(gate.status().code()).isEqualTo(ExitCode.GATE_BLOCKED.code());
        Gate.Answer finished = gate.finishOn("partners");
        assertThat(finished.code()).as(finished.text()).isEqualTo(ExitCode.REFUSED.code());
        assertThat(finished.text()).contains("--accept WRITER_CAME_BACK");
    }

    @Test
    void isRefusedBeforeTheHoursWereClean() {
        house.target().execute("update shadow.backfill_state set required_ticks = 168");

        Gate.Answer planned = gate.plan();
        Gate.Answer executed = gate.execute();

        assertThat(planned.code()).as(planned.text()).isEqualTo(ExitCode.GATE_BLOCKED.code());
        assertThat(planned.text()).contains("SC3", "of 168 clean", "APPROVALS");
        assertThat(executed.code()).as(executed.text()).isEqualTo(ExitCode.GATE_BLOCKED.code());
        assertThat(executed.text()).doesNotContain("step gate");
        assertThat(latest().audit().blockingFindings()).extracting("code").contains("SC3");
    }

    @Test
    void isBlockedByADifferenceThatTheComparisonFinds() {
        write("planted");
        house.drain();
        house.target().execute("UPDATE unified.tag SET label = 'by somebody else' WHERE slug = 'planted'");
        try {
            Gate.Answer answer = gate.execute();

            assertThat(answer.code()).as(answer.text()).isEqualTo(ExitCode.GATE_BLOCKED.code());
            assertThat(answer.text()).contains("BLOCKED: DIRTY", "verify show").doesNotContain("PERMITTED");
            assertThat(latest().audit().blockingFindings()).extracting("code").containsExactly("DIRTY");
            gate.consumerGoesOn();
        } finally {
            house.target().execute("UPDATE unified.tag SET label = 'x' WHERE slug = 'planted'");
        }
    }

    @Test
    void doesNothingUnderAnotherName() {
        List<AuditEntry> before = house.api().audits(1, null, null).entries();

        Gate.Answer answer = gate.executeOn("unified");

        assertThat(answer.code()).as(answer.text()).isEqualTo(ExitCode.REFUSED.code());
        assertThat(house.api().audits(1, null, null).entries()).isEqualTo(before);
        assertThat(house.api().controlState().hold()).isNull();
    }

    @Test
    void waitsForAnOpenTransactionAndGivesUpInTheEnd() throws Exception {
        try (java.sql.Connection open = house.source().connect();
                java.sql.Statement statement = open.createStatement()) {
            open.setAutoCommit(false);
            statement.execute("INSERT INTO partners.tag (slug, label) VALUES ('open', 'x')");

            Gate.Answer answer = gate.execute("--writers-timeout=1s");

            assertThat(answer.code()).as(answer.text()).isEqualTo(ExitCode.GATE_BLOCKED.code());
            assertThat(answer.text()).contains("transaction(s) of the source are writing");
            open.rollback();
        }
    }

    @Test
    void letsACommandPauseTheWritersAndLetThemGo() throws IOException {
        Path said = Files.createTempFile("fence", ".said");
        Path script = Files.createTempFile("fence", ".sh");
        Files.writeString(script, "#!/bin/sh\necho $1 >> %s\n".formatted(said));
        String[] fence = {"--fence=command", "--fence-command=/bin/sh " + script};

        permitted(fence);
        assertThat(Files.readAllLines(said)).containsExactly("status", "engage", "status");
        assertThat(gate.abort(fence).code()).isZero();

        assertThat(Files.readAllLines(said)).containsExactly("status", "engage", "status", "release");
    }

    @Test
    void undoesEverythingWhenItIsToldToEnd() throws IOException {
        Path said = Files.createTempFile("fence", ".said");
        Path script = Files.createTempFile("fence", ".sh");
        Files.writeString(script, "#!/bin/sh\necho $1 >> %s\n".formatted(said));

        try (ProgramProcess attempt =
                gate.begin("--fence=command", "--fence-command=/bin/sh " + script, "--quiet=60s", "--lease=60s")) {
            attempt.awaitLine("step quiet ", Duration.ofMinutes(1));
            attempt.stop(Duration.ofMinutes(1));
        }

        assertThat(house.api().controlState().hold()).isNull();
        assertThat(Files.readAllLines(said)).last().isEqualTo("release");
        assertThat(latest().audit().blockingFindings()).extracting("code").containsExactly("INTERRUPTED");
    }

    @Test
    void leavesOnlyOneAttempt() {
        try (ProgramProcess first = gate.begin("--quiet=60s")) {
            first.awaitLine("step quiet ", Duration.ofMinutes(1));

            Gate.Answer second = gate.execute();

            assertThat(second.code()).as(second.text()).isEqualTo(ExitCode.GATE_BLOCKED.code());
            assertThat(second.text())
                    .contains("HOLD_TAKEN", "next       wait for the attempt to cut over")
                    .doesNotContain("let the writers go on");
            assertThat(gate.abortAttempt().code()).isZero();
            assertThat(first.exitWithin(Duration.ofMinutes(2))).isEqualTo(ExitCode.GATE_BLOCKED.code());
        }
        assertThat(gate.standing().permit()).isNull();
    }

    @Test
    void anHourlyTickThatMeetsTheGateIsLeftOut() {
        try (ProgramProcess attempt = gate.begin("--quiet=30s")) {
            attempt.awaitLine("step quiet ", Duration.ofMinutes(1));
            List<RunSummary> before = hourlyRuns();

            assertThat(house.suite().verify()).isEqualTo(ExitCode.INCONCLUSIVE.code());

            assertThat(hourlyRuns()).isEqualTo(before);
            assertThat(attempt.exitWithin(Duration.ofMinutes(2))).isZero();
        }
    }

    private List<RunSummary> hourlyRuns() {
        return house.api().runs(100, null, "hourly", null).runs();
    }

    @Test
    void setsTheSourceReadOnlyUntilItIsUndone() {
        permitted("--fence=read-only");
        assertThat(house.source().queryForString(READ_ONLY)).isEqualTo("on");

        Gate.Answer aborted = gate.abort("--fence=read-only");

        assertThat(aborted.code()).as(aborted.text()).isZero();
        assertThat(house.source().queryForString(READ_ONLY)).isEqualTo("off");
        write("after-the-fence");
    }

    @Test
    void tellsOfAFenceThatAKilledAttemptLeft() {
        try (ProgramProcess attempt = gate.begin("--fence=read-only", "--quiet=60s", "--lease=5s")) {
            attempt.awaitLine("step quiet ", Duration.ofMinutes(1));
            attempt.kill();
        }
        gate.consumerGoesOn();
        assertThat(house.source().queryForString(READ_ONLY)).isEqualTo("on");

        assertThat(gate.status().text()).contains("fence      read-only", "--fence=read-only");
        assertThat(gate.plan("--approved-by=ada").text()).contains("NOT YET FENCE", "--fence=read-only");
        Gate.Answer forgotten = gate.abort();
        assertThat(forgotten.code()).as(forgotten.text()).isEqualTo(ExitCode.UNEXPECTED.code());
        assertThat(forgotten.text()).contains("NOT UNDONE", "--fence=read-only");
        Gate.Answer aborted = gate.abort("--fence=read-only");

        assertThat(aborted.code()).as(aborted.text()).isZero();
        assertThat(aborted.text()).contains("the fence is released");
        assertThat(gate.status().text()).doesNotContain("fence ");
        assertThat(house.source().queryForString(READ_ONLY)).isEqualTo("off");
    }

    @Test
    void isVoidWhenARowIsWrittenAfterTheMark() throws IOException {
        try (ProgramProcess attempt = gate.begin("--quiet=10s")) {
            attempt.awaitLine("step quiet ", Duration.ofMinutes(1));
            write("after-the-mark");

            assertThat(attempt.exitWithin(Duration.ofMinutes(2))).isEqualTo(ExitCode.GATE_BLOCKED.code());
            assertThat(Files.readString(attempt.log())).contains("1 row change(s) committed after the fence");
        }
        gate.consumerGoesOn();
    }

    @Test
    void takesTheGateNoMoreOnceItIsAborted() throws IOException {
        // Its program looks at the hold every twelve seconds, and wants to halt the consumer after six.
        try (ProgramProcess attempt = gate.begin("--quiet=6s", "--lease=60s")) {
            attempt.awaitLine("step quiet ", Duration.ofMinutes(1));
            assertThat(gate.abort().code()).isZero();

            assertThat(attempt.exitWithin(Duration.ofMinutes(2))).isEqualTo(ExitCode.GATE_BLOCKED.code());
            assertThat(Files.readString(attempt.log())).doesNotContain("step final-lsn");
        }
        assertThat(house.api().controlState().hold()).isNull();
    }
}
