package io.shadowwrite.verification.race;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Source;
import io.shadowwrite.testsupport.Target;
import io.shadowwrite.verification.TickResult;
import io.shadowwrite.verification.pin.HoldControl;
import io.shadowwrite.verification.session.VerificationProblem;
import io.shadowwrite.verification.verdict.Finding;
import io.shadowwrite.verification.verdict.FindingClass;
import io.shadowwrite.verification.verdict.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of differences under a race window. */
@PostgresTest
@Timeout(120)
class ReliefTest {

    private final FollowedItems items;
    private final Database source;
    private final Database target;
    private final Mirror mirror;

    ReliefTest(@Source Database source, @Target Database target, @TempDir Path folder) throws IOException {
        this.items = new FollowedItems(source, target, folder);
        this.source = source;
        this.target = target;
        this.mirror = items.mirror;
    }

    @AfterEach
    void noSlotStays() {
        mirror.drop();
    }

    @Test
    void findsWhatIsOutsideOfItAtOnce() {
        target.execute("update unified.item set name = 'wrong' where code = 1008");
        mirror.meanwhile(() -> source.execute("update app.item set name = 'other' where id = 1"));

        TickResult tick = items.tick();

        FollowedItems.assertDirty(tick, FindingClass.VALUE_MISMATCH, "{\"code\":1008}");
    }

    @Test
    void findsWhatIsInsideOfItByLookingAgain() {
        mirror.meanwhile(() -> {
            source.execute("update app.item set name = name where id = 8");
            mirror.follow();
            target.execute("update unified.item set name = 'wrong' where code = 1008");
        });

        TickResult tick = items.tick();

        FollowedItems.assertDirty(tick, FindingClass.VALUE_MISMATCH, "{\"code\":1008}");
    }

    @Test
    void findsInTheNextRunWhatBecameWrongMeanwhile() {
        // Nobody knows which target row goes with the source row, so it stays.
        target.execute("delete from shadow.pk_map where source_key = '{\"id\":8}'");
        mirror.meanwhile(() -> source.execute("delete from app.item where id = 8"));

        TickResult first = items.tick();
        TickResult second = items.tick();

        assertThat(first.verdict()).as(first.reason()).isEqualTo(Verdict.CLEAN);
        FollowedItems.assertDirty(second, FindingClass.EXTRA_IN_RDB, "{\"code\":1008}");
    }

    @Test
    void findsInTheNextRunWhatWasBeingWrittenEachTime() {
        keepWritingAWrongRow();

        TickResult first = items.tick();
        items.store(first);
        TickResult second = items.tick();

        assertThat(first.verdict()).as(first.reason()).isEqualTo(Verdict.CLEAN);
        assertThat(first.findings())
                .extracting(Finding::findingClass, Finding::originalClass, Finding::targetKey)
                .containsExactly(
                        tuple(FindingClass.VERIFIER_RACE_WINDOW, FindingClass.VALUE_MISMATCH, "{\"code\":1009}"));
        FollowedItems.assertDirty(second, FindingClass.VALUE_MISMATCH, "{\"code\":1009}");
    }

    @Test
    void knowsAWrongColumnBesideOneThatMoves() {
        AtomicInteger count = new AtomicInteger();
        mirror.always(() -> {
            source.execute("update app.item set name = name where id = 9");
            mirror.follow();
            target.execute("update unified.item set name = 'wrong', count = %d where code = 1009"
                    .formatted(count.incrementAndGet()));
        });
        items.store(items.tick());

        FollowedItems.assertDirty(items.tick(), FindingClass.VALUE_MISMATCH, "{\"code\":1009}");
    }

    @Test
    void takesNoRowForWrongThatLooksWrongInAnotherWayEachTime() {
        AtomicInteger looks = new AtomicInteger();
        mirror.always(() -> {
            source.execute("update app.item set name = name where id = 9");
            mirror.follow();
            target.execute("update unified.item set name = '%s' where code = 1009"
                    .formatted(looks.getAndIncrement() % 2 == 0 ? "busy" : "free"));
        });

        for (int run = 0; run < 3; run++) {
            TickResult tick = items.tick();
            assertThat(tick.verdict()).as(tick.reason()).isEqualTo(Verdict.CLEAN);
            assertThat(tick.findings())
                    .extracting(Finding::findingClass)
                    .containsExactly(FindingClass.VERIFIER_RACE_WINDOW);
            items.store(tick);
        }
    }

    @Test
    void leavesOpenWhatComesAndGoesEachTime() {
        AtomicInteger looks = new AtomicInteger();
        mirror.always(() -> source.execute(
                looks.getAndIncrement() % 2 == 0
                        ? "insert into app.item values (900, 1900, 'coming')"
                        : "delete from app.item where id = 900"));

        TickResult tick = items.tick();

        assertThat(tick.verdict()).as(tick.reason()).isEqualTo(Verdict.CLEAN);
        assertThat(tick.findings())
                .extracting(Finding::findingClass, Finding::targetKey)
                .containsExactlyInAnyOrder(
                        tuple(FindingClass.VERIFIER_RACE_WINDOW, "{\"code\":1900}"),
                        tuple(FindingClass.VERIFIER_RACE_WINDOW, "{\"id\":900}"));
    }

    @Test
    void forgetsADifferenceThatTheRunBeforeDidNotHave() {
        keepWritingAWrongRow();
        items.store(items.tick());
        ranBefore("CLEAN");

        assertThat(items.tick().verdict()).isEqualTo(Verdict.CLEAN);
    }

    @Test
    void remembersItBeyondARunThatBrokeOffBeforeItLooked() {
        keepWritingAWrongRow();
        items.store(items.tick());
        ranBefore("INCONCLUSIVE");

        FollowedItems.assertDirty(items.tick(), FindingClass.VALUE_MISMATCH, "{\"code\":1009}");
    }

    @Test
    void takesNoRunOfAMomentAgoForTheOneBefore() {
        keepWritingAWrongRow();
        items.store(items.tick(), Duration.ofMinutes(1));

        assertThat(items.tick().verdict()).isEqualTo(Verdict.CLEAN);
    }

    private void ranBefore(String verdict) {
        target.execute("""
                insert into shadow.verifier_run (pin_lsn, verdict, started_at, recorded_at)
                select '0/1', '%s', before, before from (select clock_timestamp() - interval '70 minutes') as b (before)
                """.formatted(verdict));
    }

    @Test
    void relievesNoSecondVersionOfAKey() {
        target.execute("alter table unified.item drop constraint item_pkey");
        mirror.always(() -> {
            source.execute("update app.item set name = name where id = 10");
            mirror.follow();
            target.execute("insert into unified.item select * from unified.item where code = 1010");
        });

        TickResult tick = items.tick();

        FollowedItems.assertDirty(tick, FindingClass.DUPLICATE_CURRENT_VERSION, "{\"code\":1010}");
    }

    @Test
    void decidesNothingWhenItCannotLookAgain() {
        failLater(new HoldControl.HoldRefused("nobody answers", null));

        assertUndecided(
                items.tick(), "1 difference(s) of the race window could not be looked at again: nobody answers");
    }

    @Test
    void keepsWhatItSawWhenASecondLookBreaksOff() {
        failLater(new VerificationProblem(VerificationProblem.Code.READ_FAILED, "a query failed", "Try again", null));

        assertUndecided(items.tick(), "could not be looked at again: a query failed");
    }

    /** One difference, at which nobody can look twice. */
    private void failLater(RuntimeException failure) {
        AtomicInteger looks = new AtomicInteger();
        mirror.meanwhile(() -> source.execute("update app.item set name = 'other' where id = 1"));
        mirror.always(() -> {
            if (looks.getAndIncrement() > 0) {
                throw failure;
            }
        });
    }

    private static void assertUndecided(TickResult tick, String reason) {
        assertThat(tick.verdict()).as(tick.reason()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(tick.reason()).contains(reason);
        assertThat(tick.findings())
                .extracting(Finding::findingClass, Finding::targetKey)
                .containsExactly(tuple(FindingClass.VERIFIER_RACE_WINDOW, "{\"code\":1001}"));
    }

    @Test
    void isNotCleanWhenTheNextRunWouldNotKnowWhatItLeavesOpen() {
        mirror.always(() -> {
            source.execute("update app.item set name = name where id in (8, 9)");
            mirror.follow();
            target.execute("update unified.item set name = 'wrong' where code in (1008, 1009)");
        });

        TickResult tick = items.tick(items.raceWindow(), 1);

        assertThat(tick.verdict()).as(tick.reason()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(tick.reason()).contains("1 difference(s) of the race window are beyond the cap of findings");
        assertThat(tick.findings()).hasSize(1);
    }

    @Test
    void decidesNothingAboutDifferencesThatItOnlyCounted() {
        source.execute("insert into app.item select g, g + 1000, 'more' from generate_series(21, 120) g");
        mirror.meanwhile(() -> source.execute("update app.item set name = 'all of them'"));

        TickResult tick = items.tick(items.raceWindow(), 5);

        assertThat(tick.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(tick.reason()).contains("20 difference(s) beyond twenty times the cap");
        assertThat(tick.findings()).isEmpty();
    }

    /** A row whose next event is there before anyone can look, and whose target row is wrong again behind it. */
    private void keepWritingAWrongRow() {
        mirror.always(() -> {
            source.execute("update app.item set name = name where id = 9");
            mirror.follow();
            target.execute("update unified.item set name = 'wrong' where code = 1009");
        });
    }
}
