package io.shadowwrite.api.deadletter;

import static io.shadowwrite.api.TestApi.lsn;
import static io.shadowwrite.api.deadletter.Letterbox.REPAIRED;
import static io.shadowwrite.api.deadletter.Letterbox.assertProblem;
import static io.shadowwrite.api.deadletter.Letterbox.cityMoves;
import static io.shadowwrite.api.deadletter.Letterbox.refused;
import static io.shadowwrite.api.deadletter.Letterbox.untransformed;
import static io.shadowwrite.api.write.Batches.batch;
import static io.shadowwrite.api.write.Batches.city;
import static io.shadowwrite.api.write.Batches.cityGone;
import static io.shadowwrite.api.write.Batches.country;
import static io.shadowwrite.api.write.Batches.partner;
import static io.shadowwrite.api.write.Batches.partnerGone;
import static io.shadowwrite.api.write.Batches.transaction;
import static io.shadowwrite.api.write.Batches.uuid;
import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.api.TestApi;
import io.shadowwrite.api.write.Batches;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.DeadLetterContent;
import io.shadowwrite.protocol.HaltRequest;
import io.shadowwrite.protocol.Hold;
import io.shadowwrite.protocol.LetterCorrection;
import io.shadowwrite.protocol.LetterFilter;
import io.shadowwrite.protocol.LetterSelection;
import io.shadowwrite.protocol.LetterState;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ReplayRequest;
import io.shadowwrite.protocol.ReplayResult;
import io.shadowwrite.protocol.ReplayStop;
import io.shadowwrite.protocol.ResolveRequest;
import io.shadowwrite.protocol.ResumeRequest;
import io.shadowwrite.protocol.SelectionReplay;
import io.shadowwrite.protocol.SelectionResult;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.ShadowWrite;
import io.shadowwrite.protocol.TransactionWrites;
import io.shadowwrite.testsupport.Await;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Applying what was parked. */
class ReplayTest {

    private static final TransactionWrites POISON = transaction(2_100, 10, city(1, "XX", "Nowhere"));

    private final TestApi api = TestApi.shared();
    private final Letterbox letterbox = new Letterbox(api);

    @BeforeEach
    void openWindow() {
        api.open();
    }

    /** Parks the first change of the transaction and sends all of them. */
    private long parkAndSend(long completeBelow, TransactionWrites poison, TransactionWrites... later) {
        long letter = api.service().park(refused(poison, 0)).id();
        TransactionWrites[] all = new TransactionWrites[later.length + 1];
        all[0] = poison;
        System.arraycopy(later, 0, all, 1, later.length);
        api.service().write(batch(completeBelow, all));
        return letter;
    }

    private void repair() {
        api.target().execute("insert into unified.country values ('XX', 'Utopia', null)");
    }

    @Test
    void appliesTheLetterAndAllBehindItInOrderUnderTheirOwnKeys() {
        long letter = parkAndSend(
                3_000,
                POISON,
                transaction(2_200, 20, city(1, null, "Rome")),
                transaction(2_300, 30, cityMoves(1, 2, "Rome"), city(2, null, "Roma")),
                transaction(2_400, 40, city(1, null, "Lyon"), cityGone(2)));
        repair();

        ReplayResult result = api.operator().replay(letter, REPAIRED);

        assertThat(result).isEqualTo(new ReplayResult(LetterState.REPLAYED, 6, 0, null, null));
        assertThat(letterbox.cities()).containsExactly("1 Lyon");
        assertThat(letterbox.receipts())
                .containsExactly("2100 0 1", "2200 0 1", "2300 0 1", "2300 1 1", "2400 0 1", "2400 1 1");
        assertThat(api.target().queryForList("""
                        select concat_ws(' ', idempotency_key, channel, operation, xid)
                          from provenance.readable_transaction
                         order by commit_lsn, change_index, operation desc
                        """))
                .containsExactly(
                        "stream:2100:0:0 cdc_shadow UPSERT 21000",
                        "stream:2200:0:0 cdc_shadow UPSERT 22000",
                        "stream:2300:0:0 cdc_shadow UPSERT 23000",
                        "stream:2300:0:0 cdc_shadow REMOVE 23000",
                        "stream:2300:1:0 cdc_shadow UPSERT 23000",
                        "stream:2400:0:0 cdc_shadow UPSERT 24000",
                        "stream:2400:1:0 cdc_shadow REMOVE 24000");
        assertThat(api.target()
                        .queryForList(
                                "select concat_ws(' ', state, attempts, decided_by, reason) from shadow.dead_letter"))
                .containsOnly("REPLAYED 1 ada the target was repaired");
        assertThat(api.target().queryForLong("select count(*) from shadow.parked_key"))
                .isZero();
        letterbox.assertConserved();

        api.service().write(batch(4_000, transaction(3_100, 50, city(1, null, "Nice"))));
        assertThat(letterbox.cities()).containsExactly("1 Nice");
    }

    @Test
    void givesVersionsTheTimesOfTheSource() {
        TransactionWrites first = transaction(2_000, 100, partner(1, "a", "1", null));
        TransactionWrites second = transaction(2_100, 200, partner(1, "b"), partner(1, "c"));
        TransactionWrites third = transaction(2_200, 150, partner(1, "d"));
        TransactionWrites last = transaction(2_300, 300, partnerGone(1));
        api.service().write(batch(3_000, first, second, third, last));
        List<String> streamed = versions();

        api.open();
        api.service().write(batch(2_050, first));
        long letter = parkAndSend(3_000, second, third, last);
        assertThat(versions()).hasSize(1);
        api.operator().replay(letter, REPAIRED);

        assertThat(versions()).isEqualTo(streamed).hasSize(3);
    }

    private List<String> versions() {
        return api.target()
                .queryForList(
                        "select concat_ws(' ', name, score, valid_from, valid_to) from unified.partner order by valid_from");
    }

    @Test
    void stopsAtTheFirstThatIsRefusedAndSaysHowFarItCame() {
        long letter = parkAndSend(
                3_000,
                POISON,
                transaction(2_200, 20, city(1, null, "Rome"), city(1, "YY", "Roma")),
                transaction(2_300, 30, city(1, null, "Bonn")));
        repair();

        ReplayResult result = api.operator().replay(letter, REPAIRED);

        assertThat(result.state()).isEqualTo(LetterState.REPLAYED);
        assertThat(result.replayed()).isEqualTo(2);
        assertThat(result.open()).isEqualTo(2);
        assertThat(Objects.requireNonNull(result.stop()).problem()).isEqualTo("WRITE_REJECTED");
        assertThat(result.stop().detail()).contains("city_country_code_fkey").doesNotContain("YY");
        assertThat(letterbox.cities()).containsExactly("1 Rome");
        assertThat(letterbox.receipts()).containsExactly("2100 0 1", "2200 0 1", "2200 1 4", "2300 0 4");
        assertThat(api.target()
                        .queryForList(
                                "select concat_ws(' ', state, attempts, problem) from shadow.dead_letter order by id"))
                .containsExactly(
                        "REPLAYED 1 WRITE_REJECTED",
                        "REPLAYED 1 PARKED_BEHIND",
                        "OPEN 1 WRITE_REJECTED",
                        "OPEN 0 PARKED_BEHIND");
        letterbox.assertConserved();

        // What is left still waits in its order, and new changes wait behind it.
        api.service().write(batch(4_000, transaction(3_100, 0, city(1, null, "Kiel"))));
        api.target().execute("insert into unified.country values ('YY', 'Narnia', null)");
        assertThat(api.operator().replay(result.stop().letter(), REPAIRED).replayed())
                .isEqualTo(3);
        assertThat(letterbox.cities()).containsExactly("1 Kiel");
    }

    @Test
    void appliesALongChainInSeveralRequests() {
        ChangeWrites[] changes = new ChangeWrites[Replays.MOST_AT_ONCE + 2];
        for (int i = 0; i < changes.length; i++) {
            changes[i] = city(1, null, "v" + i);
        }
        long letter = parkAndSend(3_000, POISON, transaction(2_200, 0, changes));
        repair();

        ReplayResult first = api.operator().replay(letter, REPAIRED);

        long next = Objects.requireNonNull(first.next());
        assertThat(first).isEqualTo(new ReplayResult(LetterState.REPLAYED, Replays.MOST_AT_ONCE, 3, null, next));
        assertThat(api.operator().replay(next, REPAIRED))
                .isEqualTo(new ReplayResult(LetterState.REPLAYED, 3, 0, null, null));
        assertThat(letterbox.cities()).containsExactly("1 v" + (changes.length - 1));
        letterbox.assertConserved();
    }

    @Test
    void leavesLettersToTheStreamThatItHasNotPassed() {
        TransactionWrites ahead = transaction(2_200, 20, city(1, null, "Rome"));
        long letter = parkAndSend(2_150, POISON);
        long second = api.service().park(refused(ahead, 0)).id();
        repair();

        ReplayResult result = api.operator().replay(letter, REPAIRED);

        assertThat(result.replayed()).isEqualTo(1);
        assertThat(result.open()).isEqualTo(1);
        assertThat(Objects.requireNonNull(result.stop()).letter()).isEqualTo(second);
        assertThat(result.stop().problem()).isEqualTo("DEAD_LETTER_STATE");
        assertThat(letterbox.cities()).containsExactly("1 Nowhere XX");

        api.service().write(batch(3_000, ahead));
        assertThat(api.operator().replay(second, REPAIRED).replayed()).isEqualTo(1);
        assertThat(letterbox.cities()).containsExactly("1 Rome");
        assertThat(letterbox.receipts()).containsExactly("2100 0 1", "2200 0 1");
        letterbox.assertConserved();
    }

    @Test
    void waitsForTheGate() {
        long letter = parkAndSend(3_000, POISON);
        repair();
        api.operator().halt(new HaltRequest("gate", Hold.Kind.GATE, lsn(3_000), null));

        assertProblem(ProblemType.HOLD_TAKEN, () -> api.operator().replay(letter, REPAIRED));
        assertThat(letterbox.cities()).isEmpty();

        api.operator().resume(new ResumeRequest("gate"));
        assertThat(api.operator().replay(letter, REPAIRED).replayed()).isEqualTo(1);
    }

    @Test
    void countsAnAttemptThatGotNowhere() {
        long letter = parkAndSend(3_000, POISON);

        ReplayResult result = api.operator().replay(letter, REPAIRED);

        assertThat(result.replayed()).isZero();
        assertThat(result.state()).isEqualTo(LetterState.OPEN);
        assertThat(api.service().deadLetter(letter).letter().attempts()).isEqualTo(1);
    }

    @Test
    void doesNothingForALetterThatIsReplayed() {
        long letter = parkAndSend(3_000, POISON);
        repair();
        api.operator().replay(letter, REPAIRED);
        api.service().write(batch(4_000, transaction(3_100, 0, city(1, null, "Newer"))));

        assertThat(api.operator().replay(letter, REPAIRED))
                .isEqualTo(new ReplayResult(LetterState.REPLAYED, 0, 0, null, null));
        assertThat(letterbox.cities()).containsExactly("1 Newer");
        assertThat(api.service().deadLetter(letter).letter().attempts()).isEqualTo(1);
    }

    @Test
    void refusesALetterWhoseTurnItIsNot() {
        parkAndSend(3_000, POISON, transaction(2_200, 20, city(1, null, "Rome")));
        long second = letterbox.all().getLast().id();

        assertProblem(ProblemType.DEAD_LETTER_BLOCKED, () -> api.operator().replay(second, REPAIRED));
    }

    @Test
    void waitsForEveryRowThatAKeyChangeJoined() {
        long one = parkAndSend(2_150, POISON);
        TransactionWrites other = transaction(2_200, 0, city(2, "XX", "Elsewhere"));
        long two = parkAndSend(
                3_000,
                other,
                transaction(2_300, 0, cityGone(2)),
                transaction(2_400, 0, cityMoves(1, 2, "Moved")),
                transaction(2_500, 0, city(2, null, "Last")));
        repair();

        ReplayResult first = api.operator().replay(one, REPAIRED);

        assertThat(first.replayed()).isEqualTo(1);
        assertThat(Objects.requireNonNull(first.stop()).problem()).isEqualTo("DEAD_LETTER_BLOCKED");
        assertThat(api.operator().replay(two, REPAIRED).replayed()).isEqualTo(4);
        assertThat(letterbox.cities()).containsExactly("2 Last");
        letterbox.assertConserved();
    }

    @Test
    void recordsAReplayWithoutEffectAsSuch() {
        TransactionWrites removal = transaction(2_100, 0, cityGone(8));
        long letter = parkAndSend(3_000, removal);

        api.operator().replay(letter, REPAIRED);

        assertThat(letterbox.receipts()).containsExactly("2100 0 2");
    }

    @Test
    void asksForWritesWhereTheChangeHasNoneAndKeepsTheOriginal() {
        long letter = api.service().park(untransformed(POISON, 0)).id();
        api.service().write(batch(3_000, transaction(2_100, 10, Batches.city(1, "XX", "Nowhere"))));

        assertThat(Objects.requireNonNull(
                                api.operator().replay(letter, REPAIRED).stop())
                        .problem())
                .isEqualTo("DEAD_LETTER_INCOMPLETE");
        ShadowWrite write = Batches.upsert(
                "City", Map.of("city_id", uuid(1)), Batches.values(List.of("country_code", "name"), null, "Given"));
        DeadLetterContent content =
                api.operator().correct(letter, new LetterCorrection("ada", List.of(write), "no such country"));

        assertThat(content.writes()).isNull();
        assertThat(content.corrected()).containsExactly(write);
        assertThat(content.payload()).isEqualTo("{\"action\":\"U\"}");
        assertThat(content.letter().note()).isEqualTo("no such country");
        assertThat(api.operator().replay(letter, REPAIRED).replayed()).isEqualTo(1);
        assertThat(letterbox.cities()).containsExactly("1 Given");
    }

    @Test
    void appliesWhatAnOperatorCorrected() {
        long letter = parkAndSend(3_000, POISON);
        ShadowWrite write = Batches.upsert(
                "City", Map.of("city_id", uuid(1)), Batches.values(List.of("country_code", "name"), null, "Better"));

        DeadLetterContent content = api.operator().correct(letter, new LetterCorrection("ada", List.of(write), null));

        assertThat(content.writes()).isEqualTo(POISON.changes().getFirst().writes());
        api.operator().replay(letter, REPAIRED);
        assertThat(letterbox.cities()).containsExactly("1 Better");
        assertProblem(
                ProblemType.DEAD_LETTER_STATE,
                () -> api.operator().correct(letter, new LetterCorrection("ada", null, "too late")));
    }

    @Test
    void refusesACorrectionThatSaysNothingOrDoesNotFitTheContract() {
        long letter = parkAndSend(3_000, POISON);
        ShadowWrite foreign = Batches.upsert("Town", Map.of("id", "1"), Map.of());

        assertProblem(
                ProblemType.MALFORMED_REQUEST,
                () -> api.operator().correct(letter, new LetterCorrection("ada", null, null)));
        assertProblem(
                ProblemType.MALFORMED_REQUEST,
                () -> api.operator().correct(letter, new LetterCorrection(" ", null, "note")));
        assertProblem(
                ProblemType.BROKEN_INVARIANT,
                () -> api.operator().correct(letter, new LetterCorrection("ada", List.of(foreign), null)));
    }

    @Test
    void stopsAtAKeyThatTheTargetCannotCompare() {
        long letter = parkAndSend(3_000, POISON, transaction(2_200, 20, city(1, null, "Rome")));
        repair();
        long second = letterbox.all().getLast().id();
        ShadowWrite nonsense = Batches.upsert(
                "City", Map.of("city_id", "no uuid"), Batches.values(List.of("country_code", "name"), null, "Rome"));
        api.operator().correct(second, new LetterCorrection("ada", List.of(nonsense), null));

        ReplayResult result = api.operator().replay(letter, REPAIRED);

        assertThat(result.replayed()).isEqualTo(1);
        assertThat(Objects.requireNonNull(result.stop()).letter()).isEqualTo(second);
        assertThat(result.stop().problem()).isEqualTo("WRITE_REJECTED");
    }

    @Test
    void refusesWritesThatTheirIndexesDoNotTellApart() {
        long letter = parkAndSend(3_000, POISON);
        ShadowWrite write = POISON.changes().getFirst().writes().getFirst();
        ShadowWrite beyond = new ShadowWrite(32_768, write.model(), write.action(), write.key(), write.values(), null);

        assertProblem(
                ProblemType.MALFORMED_REQUEST,
                () -> api.operator().correct(letter, new LetterCorrection("ada", List.of(write, write), null)));
        assertProblem(
                ProblemType.MALFORMED_REQUEST,
                () -> api.operator().correct(letter, new LetterCorrection("ada", List.of(beyond), null)));
    }

    @Test
    void replaysOtherRowsOfASelectionWhenNobodyKnowsWhichChangeIsRefused() {
        long letter = parkAndSend(2_150, POISON);
        parkAndSend(3_000, transaction(2_200, 0, city(2, "XX", "Elsewhere")));
        repair();
        api.target().execute("""
                create function provenance.refuse() returns trigger language plpgsql
                    as 'begin raise exception ''no'' using errcode = ''23514''; end';
                create trigger refuse before insert on provenance.transaction
                    for each row when (new.commit_lsn = '0/%X') execute function provenance.refuse();
                """.formatted(2_100));
        try {
            LetterSelection selection =
                    api.operator().select(new LetterFilter(LetterState.OPEN, null, null, null, null, null, null));

            SelectionResult result = api.operator()
                    .replaySelection(selection.id(), new SelectionReplay(selection.count(), "ada", "repaired"));

            assertThat(result.replayed()).isEqualTo(1);
            assertThat(result.stops()).extracting(ReplayStop::letter).containsExactly(letter);
        } finally {
            api.target().execute("drop trigger refuse on provenance.transaction; drop function provenance.refuse()");
        }
    }

    @Test
    void leavesACorrectedLetterToNoStream() {
        long letter = api.service().park(refused(POISON, 0)).id();
        api.operator().correct(letter, new LetterCorrection("ada", List.of(), null));

        assertProblem(ProblemType.DEAD_LETTER_STATE, () -> api.operator().replay(letter, REPAIRED));
    }

    @Test
    void asksWhoAndWhy() {
        long letter = parkAndSend(3_000, POISON);

        assertProblem(
                ProblemType.MALFORMED_REQUEST, () -> api.operator().replay(letter, new ReplayRequest(" ", "why")));
        assertProblem(ProblemType.MALFORMED_REQUEST, () -> api.operator().replay(letter, new ReplayRequest("ada", "")));
        assertProblem(
                ProblemType.MALFORMED_REQUEST,
                () -> api.operator().resolve(letter, new ResolveRequest("ada", " ", null)));
    }

    @Test
    void knowsNoLetterThatIsNotThere() {
        assertProblem(ProblemType.DEAD_LETTER_UNKNOWN, () -> api.service().deadLetter(99_999_999));
        assertProblem(ProblemType.DEAD_LETTER_UNKNOWN, () -> api.operator().replay(99_999_999, REPAIRED));
        assertProblem(
                ProblemType.DEAD_LETTER_UNKNOWN,
                () -> api.operator().resolve(99_999_999, new ResolveRequest("ada", "gone", null)));
        assertProblem(
                ProblemType.DEAD_LETTER_UNKNOWN,
                () -> api.operator().correct(99_999_999, new LetterCorrection("ada", null, "x")));
    }

    @Test
    void neverMixesWithTheStreamThatGoesOn() throws Exception {
        long letter = parkAndSend(3_000, POISON);
        repair();
        int rounds = 40;
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Future<?> stream = threads.submit(() -> {
                for (int round = 0; round < rounds; round++) {
                    api.service()
                            .write(batch(
                                    3_200 + 100L * round,
                                    transaction(3_100 + 100L * round, round, city(1, null, "v" + round))));
                }
            });
            Future<?> replays = threads.submit(() -> {
                for (int round = 0; round < rounds; round++) {
                    replayHead(letter);
                }
            });
            stream.get();
            replays.get();
        }
        replayHead(letter);

        assertThat(letterbox.all()).allSatisfy(one -> assertThat(one.state()).isEqualTo(LetterState.REPLAYED));
        assertThat(letterbox.cities()).containsExactly("1 v" + (rounds - 1));
        assertThat(letterbox.receipts())
                .hasSize(rounds + 1)
                .allSatisfy(receipt -> assertThat(receipt).endsWith(" 1"));
        assertThat(api.target().queryForLong("select count(*) from provenance.transaction"))
                .isEqualTo(rounds + 1);
    }

    @Test
    void waitsForACountBeforeTheStreamHasToWaitForIt() throws Exception {
        long letter = parkAndSend(3_000, POISON);
        repair();
        api.target().execute("insert into shadow.conservation (from_lsn, below_lsn) values ('0/5DC', '0/5DC')");
        try (ExecutorService threads = Executors.newSingleThreadExecutor();
                Connection count = api.target().connect();
                Statement statement = count.createStatement()) {
            count.setAutoCommit(false);
            statement.execute("select from shadow.conservation for update");
            Future<ReplayResult> replay = threads.submit(() -> api.operator().replay(letter, REPAIRED));
            Await.until("the replay waits", Duration.ofSeconds(8), this::somebodyWaitsForALock);

            api.service().write(batch(4_000, transaction(3_100, 0, country("DE", "Germany", null))));

            assertThat(somebodyWaitsForALock()).isTrue();
            count.rollback();
            assertThat(replay.get().replayed()).isEqualTo(1);
        }
    }

    private boolean somebodyWaitsForALock() {
        return api.target()
                        .queryForLong(
                                "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")
                > 0;
    }

    private void replayHead(long letter) {
        try {
            api.operator().replay(letter, REPAIRED);
            letterbox.all().stream()
                    .filter(one -> one.state() == LetterState.OPEN)
                    .findFirst()
                    .ifPresent(one -> api.operator().replay(one.id(), REPAIRED));
        } catch (ShadowProblem lost) {
            assertThat(lost.type()).isEqualTo(ProblemType.TARGET_CONFLICT);
        }
    }

    @Test
    void takesUpACountryParkedLongAgo() {
        TransactionWrites clash = transaction(2_200, 0, country("DD", "Germany", null));
        api.service().write(batch(2_150, transaction(2_000, 0, country("DE", "Germany", null))));
        long letter = parkAndSend(3_000, clash, transaction(2_300, 0, city(1, null, "Berlin")));
        assertThat(letterbox.cities()).containsExactly("1 Berlin");

        api.target().execute("update unified.country set name = 'Germany, old'");

        assertThat(api.operator().replay(letter, REPAIRED).replayed()).isEqualTo(1);
    }
}
