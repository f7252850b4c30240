package io.shadowwrite.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.protocol.Conservation;
import io.shadowwrite.protocol.DeadLetter;
import io.shadowwrite.protocol.ExitCode;
import io.shadowwrite.protocol.LetterState;
import io.shadowwrite.system.suite.Program;
import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.verification.TickResult;
import io.shadowwrite.verification.verdict.FindingClass;
import io.shadowwrite.verification.verdict.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the target refuses waits as a dead letter while everything else arrives, and comes in once the target is mended. */
@ExtendWith(HouseExtension.class)
@Timeout(240)
class ParkedChangeIT {

    private static final Duration PARKED_WITHIN = Duration.ofSeconds(60);

    /** More than a part, so that nobody holds the transaction. */
    private static final int LARGE = 6_000;

    private final House house;
    private final Database source;
    private final Database target;
    private int commands;

    ParkedChangeIT(House house) {
        this.house = house;
        this.source = house.source();
        this.target = house.target();
    }

    @Test
    void rowsThatTheTargetRefusesWaitAndTheRestArrives() {
        target.execute("ALTER TABLE unified.tag ADD CONSTRAINT refuses_some CHECK (label <> 'refused')");
        CompletableFuture<Void> writing = CompletableFuture.runAsync(this::write);
        source.execute(
                "INSERT INTO partners.tag (slug, label) VALUES ('parked-1', 'fine'), ('parked-2', 'refused'), ('parked-3', 'fine')",
                "INSERT INTO partners.tag (slug, label) SELECT 'large-' || n, CASE n WHEN 3000 THEN 'refused' ELSE 'fine' END"
                        + " FROM generate_series(1, %d) n".formatted(LARGE));
        Await.until(
                "a letter is open", PARKED_WITHIN, () -> house.api().status().openDeadLetters() > 0);
        house.suite().kill(Program.CONSUMER);
        source.execute("UPDATE partners.tag SET label = 'corrected' WHERE slug = 'parked-2'");
        house.suite().start(Program.CONSUMER);
        writing.join();
        house.drain();

        List<DeadLetter> letters = openLetters();
        assertThat(letters)
                .extracting(letter -> letter.sourceKey() + " " + letter.problem())
                .containsExactlyInAnyOrder(
                        "{\"slug\":\"parked-2\"} WRITE_REJECTED",
                        "{\"slug\":\"parked-2\"} PARKED_BEHIND",
                        "{\"slug\":\"large-3000\"} WRITE_REJECTED");
        assertThat(missing()).containsExactlyInAnyOrder("parked-2", "large-3000");
        house.oracle().agreesWithBothReaders();
        assertConserved(3);
        assertNamesTheParkedRows(new Ticks(house).run());

        assertStillRefused(letters);
        target.execute("ALTER TABLE unified.tag DROP CONSTRAINT refuses_some");
        replayAll();
        assertThat(openLetters()).isEmpty();
        assertThat(missing()).isEmpty();
        assertConserved(0);
        assertThat(target.queryForString("SELECT label FROM unified.tag WHERE slug = 'parked-2'"))
                .isEqualTo("corrected");
        TickResult after = new Ticks(house).run();
        assertThat(after.findings()).isEmpty();
        assertThat(after.verdict()).as(after.reason()).isEqualTo(Verdict.CLEAN);
    }

    private void assertConserved(int parked) {
        Conservation counted = house.conserved();
        assertThat(counted.holds()).as(counted.toString()).isTrue();
        assertThat(counted.parked()).isEqualTo(parked);
        assertThat(counted.decoded())
                .isGreaterThan(LARGE)
                .isEqualTo(counted.applied() + counted.noOp() + counted.filtered() + counted.parked());
    }

    private static void assertNamesTheParkedRows(TickResult tick) {
        assertThat(tick.verdict()).as(tick.reason()).isEqualTo(Verdict.DIRTY);
        assertThat(tick.findings())
                .as("each row, and where it went")
                .hasSize(4)
                .allSatisfy(finding -> assertThat(finding.findingClass()).isEqualTo(FindingClass.MISSING_IN_RDB));
        assertThat(tick.findings())
                .filteredOn(finding -> finding.targetKey().contains("tag_id"))
                .extracting(
                        finding -> Objects.requireNonNull(finding.sourceImage()).get("slug"))
                .containsExactlyInAnyOrder("parked-2", "large-3000");
    }

    /** What is refused keeps its row back, and says so to a person and to a script. */
    private void assertStillRefused(List<DeadLetter> letters) {
        DeadLetter large = letters.stream()
                .filter(letter -> letter.sourceKey().contains("large"))
                .findFirst()
                .orElseThrow();
        OperatorCommand tried = dlq("replay", Long.toString(large.id()), "--reason=a first try", "--who=the test");
        assertThat(tried.code()).as(tried.text()).isEqualTo(ExitCode.DIRTY.code());
        assertThat(tried.text()).contains("letter %d  WRITE_REJECTED".formatted(large.id()));

        OperatorCommand listed = dlq(
                "list",
                "--table=partners.tag",
                "--commit-lsn=" + large.commitLsn().asString());
        assertThat(listed.code()).as(listed.text()).isZero();
        assertThat(listed.text())
                .contains("{\"slug\":\"large-3000\"}", "1 letter(s)")
                .doesNotContain("parked-2");

        OperatorCommand givenUp = dlq("resolve", "--table=partners.tag", "--count=2", "--reason=the number is wrong");
        assertThat(givenUp.code()).as(givenUp.text()).isEqualTo(ExitCode.REFUSED.code());
        assertThat(openLetters()).hasSameSizeAs(letters);
    }

    private void replayAll() {
        OperatorCommand counted = dlq("replay", "--table=partners.tag", "--dry-run", "--reason=counting");
        assertThat(counted.text()).contains("3 letter(s) match");
        OperatorCommand replayed = dlq("replay", "--table=partners.tag", "--rate=2", "--reason=the target is mended");
        assertThat(replayed.code()).as(replayed.text()).isZero();
        assertThat(replayed.text()).contains("2 of 3 letter(s) tried", "3 applied, 0 refused");
    }

    private OperatorCommand dlq(String... words) {
        String[] command = Stream.concat(Stream.of("dlq"), Stream.of(words)).toArray(String[]::new);
        return OperatorCommand.run(house, "dlq-" + ++commands, command);
    }

    /** Many small transactions, of rows that nothing else changes. */
    private void write() {
        for (int i = 1; i <= 400; i++) {
            source.execute("INSERT INTO partners.tag (slug, label) VALUES ('small-%1$d', 'fine')".formatted(i));
        }
    }

    private List<DeadLetter> openLetters() {
        return house.api()
                .deadLetters(LetterState.OPEN, null, null, null, null, null, null, null, 1_000)
                .letters();
    }

    /** Tags of the source that the target does not have. */
    private List<@Nullable String> missing() {
        List<@Nullable String> missing = new ArrayList<>(source.queryForList("SELECT slug FROM partners.tag"));
        missing.removeAll(new HashSet<>(target.queryForList("SELECT slug FROM unified.tag")));
        return missing;
    }
}
