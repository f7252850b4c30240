package io.shadowwrite.api.deadletter;

import static io.shadowwrite.api.TestApi.lsn;
import static io.shadowwrite.api.deadletter.Letterbox.assertProblem;
import static io.shadowwrite.api.deadletter.Letterbox.cityMoves;
import static io.shadowwrite.api.deadletter.Letterbox.refused;
import static io.shadowwrite.api.deadletter.Letterbox.request;
import static io.shadowwrite.api.deadletter.Letterbox.untransformed;
import static io.shadowwrite.api.write.Batches.batch;
import static io.shadowwrite.api.write.Batches.city;
import static io.shadowwrite.api.write.Batches.cityGone;
import static io.shadowwrite.api.write.Batches.country;
import static io.shadowwrite.api.write.Batches.transaction;
import static io.shadowwrite.api.write.Batches.unmapped;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shadowwrite.api.ShadowApiApplication;
import io.shadowwrite.api.TestApi;
import io.shadowwrite.api.write.Batches;
import io.shadowwrite.protocol.ChangeCount;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.DeadLetter;
import io.shadowwrite.protocol.Disposition;
import io.shadowwrite.protocol.LetterClass;
import io.shadowwrite.protocol.LetterCorrection;
import io.shadowwrite.protocol.LetterState;
import io.shadowwrite.protocol.Operation;
import io.shadowwrite.protocol.ParkRequest;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ResolveRequest;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.ShadowApiClient;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.ShadowWrite;
import io.shadowwrite.protocol.TransactionWrites;
import io.shadowwrite.protocol.WriteBatch;
import io.shadowwrite.protocol.WriteResult;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

/** What the consumer parks, and what the API keeps back because of it. */
class ParkingTest {

    private static final TransactionWrites FINE = transaction(2_000, 0, country("DE", "Germany", null));
    private static final TransactionWrites POISON =
            transaction(2_100, 10, country("FR", "France", null), city(1, "XX", "Nowhere"), unmapped());

    private final TestApi api = TestApi.shared();
    private final Letterbox letterbox = new Letterbox(api);

    @BeforeEach
    void openWindow() {
        api.open();
    }

    @Test
    void keepsTheParkedChangeBackAndAppliesTheRest() {
        assertProblem(ProblemType.WRITE_REJECTED, () -> api.service().write(batch(3_000, FINE, POISON)));

        DeadLetter letter = api.service().park(refused(POISON, 1));
        WriteResult result = api.service().write(batch(3_000, FINE, POISON));

        assertThat(letter.state()).isEqualTo(LetterState.OPEN);
        assertThat(letter.parkedBehind()).isNull();
        assertThat(letter.complete()).isTrue();
        assertThat(result.applied()).isEqualTo(2);
        assertThat(result.repeated()).isEqualTo(1);
        assertThat(result.changes())
                .containsExactlyInAnyOrder(
                        new ChangeCount(Operation.UPDATE, Disposition.APPLIED, 1),
                        new ChangeCount(Operation.UPDATE, Disposition.PARKED, 1),
                        new ChangeCount(Operation.INSERT, Disposition.FILTERED, 1));
        assertThat(result.control().position()).isEqualTo(lsn(3_000));
        assertThat(letterbox.cities()).isEmpty();
        assertThat(api.target().queryForList("select code from unified.country order by 1"))
                .containsExactly("DE", "FR");
        assertThat(letterbox.receipts()).containsExactly("2000 0 1", "2100 0 1", "2100 1 4", "2100 2 3");
        letterbox.assertConserved();
    }

    @Test
    void aChildOfAParkedParentIsRefusedParkedByItselfAndReplayedBehindIt() {
        TransactionWrites parent = transaction(2_100, 10, country("FR", "France", null));
        TransactionWrites child = transaction(2_200, 20, city(1, "FR", "Lyon"), city(2, null, "Elsewhere"));
        long parents = api.service().park(refused(parent, 0)).id();
        assertThatThrownBy(() -> api.service().write(batch(3_000, parent, child)))
                .isInstanceOfSatisfying(ShadowProblem.class, problem -> {
                    assertThat(problem.type()).isEqualTo(ProblemType.WRITE_REJECTED);
                    assertThat(problem.facts())
                            .containsEntry("commit_lsn", "2200")
                            .containsEntry("change_index", "0");
                });

        long childs = api.service().park(refused(child, 0)).id();
        api.service().write(batch(3_000, parent, child));

        assertThat(letterbox.cities()).containsExactly("2 Elsewhere");
        assertThat(letterbox.receipts()).containsExactly("2100 0 4", "2200 0 4", "2200 1 1");
        assertThat(api.operator().replay(childs, Letterbox.REPAIRED).replayed()).isZero();
        assertThat(api.operator().replay(parents, Letterbox.REPAIRED).replayed())
                .isEqualTo(1);
        assertThat(api.operator().replay(childs, Letterbox.REPAIRED).replayed()).isEqualTo(1);
        assertThat(letterbox.cities()).containsExactly("1 Lyon FR", "2 Elsewhere");
        letterbox.assertConserved();
    }

    @Test
    void parksLaterChangesOfTheRowBehindItThroughKeyChangesAndDeletes() {
        api.service().park(refused(POISON, 1));
        api.service().write(batch(2_150, FINE, POISON));

        api.service()
                .write(batch(
                        3_000,
                        transaction(2_200, 20, city(1, null, "Rome"), city(3, null, "Oslo")),
                        transaction(2_300, 30, cityMoves(1, 2, "Rome"), city(2, null, "Roma")),
                        transaction(2_400, 40, cityGone(2)),
                        transaction(2_500, 50, cityMoves(3, 4, "Oslo"))));
        api.service().write(batch(4_000, transaction(3_100, 60, city(2, null, "Nova Roma"), cityGone(4))));

        assertThat(letterbox.summary())
                .containsExactly(
                        "2100 1 {\"id\":1} OPEN",
                        "2200 0 {\"id\":1} OPEN behind 2100",
                        "2300 0 {\"id\":2} OPEN behind 2100",
                        "2300 1 {\"id\":2} OPEN behind 2100",
                        "2400 0 {\"id\":2} OPEN behind 2100",
                        "3100 0 {\"id\":2} OPEN behind 2100");
        assertThat(letterbox.cities()).isEmpty();
        assertThat(letterbox.receipts())
                .contains("2200 1 1", "2500 0 1", "3100 1 1")
                .hasSize(12);
        letterbox.assertConserved();
    }

    @Test
    void parksTheOldKeyOfAChangeThatIsItselfRefused() {
        TransactionWrites moves = transaction(2_100, 0, cityMoves(1, 2, "A name that is too long"));
        api.service().write(batch(2_050, transaction(2_000, 0, city(1, null, "Rome"))));
        api.service().park(refused(moves, 0));

        api.service()
                .write(batch(
                        3_000,
                        moves,
                        transaction(2_200, 0, city(1, null, "Paris")),
                        transaction(2_300, 0, city(2, null, "Bonn"))));

        assertThat(letterbox.cities()).containsExactly("1 Rome");
        assertThat(letterbox.summary()).hasSize(3);
    }

    @Test
    void letsWhatComesBeforeTheParkedChangeOfTheRowGoOn() {
        TransactionWrites earlier = transaction(2_050, 0, city(1, null, "Rome"));
        api.service().park(refused(POISON, 1));

        api.service().write(batch(3_000, FINE, earlier, POISON));

        assertThat(letterbox.cities()).containsExactly("1 Rome");
        assertThat(letterbox.summary()).hasSize(1);
    }

    @Test
    void parksWhatHasNoEffectOfItsOwnToo() {
        ChangeWrites nothing = new ChangeWrites(
                0, "app.city", Letterbox.cityKey(1), null, Operation.UPDATE, "0".repeat(32), true, List.of());
        api.service().park(refused(POISON, 1));

        api.service().write(batch(3_000, FINE, POISON, transaction(2_200, 0, nothing)));

        assertThat(letterbox.receipts()).endsWith("2200 0 4");
    }

    @Test
    void holdsTheLetterBeforeThePositionMovesWhoeverSendsTheBatch() {
        api.service().park(refused(POISON, 1));

        // The consumer dies here; the next one knows nothing of the refusal.
        assertThat(api.service().controlState().position()).isEqualTo(TestApi.BASELINE);
        assertThat(letterbox.receipts()).isEmpty();
        long next = api.service().openSession(api.session()).epoch();
        api.service().write(new WriteBatch(next, lsn(3_000), List.of(FINE, POISON)));

        assertThat(letterbox.receipts()).contains("2100 1 4");
        letterbox.assertConserved();
    }

    @Test
    void keepsNothingOfABatchThatIsRefusedAsAWhole() {
        TransactionWrites secondPoison = transaction(2_300, 0, city(5, "YY", "Utopia"));
        api.service().park(refused(POISON, 1));

        assertProblem(
                ProblemType.WRITE_REJECTED,
                () -> api.service()
                        .write(batch(3_000, FINE, POISON, transaction(2_200, 0, city(1, null, "Rome")), secondPoison)));

        // What precedes the refused one is applied, with its letter; and once more it is all told apart.
        assertThat(letterbox.summary()).hasSize(2);
        letterbox.assertConserved();
        api.service().park(refused(secondPoison, 0));
        api.service().write(batch(3_000, secondPoison));
        assertThat(letterbox.summary()).hasSize(3);
        letterbox.assertConserved();
    }

    @Test
    void comesToAnEndWhereTheTargetRefusesATransactionWithoutNamingTheChange() {
        api.target().execute("""
                create function unified.refuse() returns trigger language plpgsql
                    as 'begin raise exception ''no'' using errcode = ''23514''; end';
                create constraint trigger late after insert on unified.city deferrable initially deferred
                    for each row when (new.name = 'bad') execute function unified.refuse();
                """);
        try {
            TransactionWrites poison = transaction(2_100, 0, city(1, null, "bad"), city(2, null, "good"));
            for (int named : new int[] {1, 0}) {
                assertThatThrownBy(() -> api.service().write(batch(3_000, poison)))
                        .isInstanceOfSatisfying(
                                ShadowProblem.class,
                                problem -> assertThat(problem.facts())
                                        .containsEntry("commit_lsn", "2100")
                                        .containsEntry("change_index", String.valueOf(named)));
                api.service().park(refused(poison, named));
            }

            assertThat(api.service().write(batch(3_000, poison)).applied()).isEqualTo(1);
            assertThat(letterbox.receipts()).containsExactly("2100 0 4", "2100 1 4");
        } finally {
            api.target().execute("drop trigger late on unified.city; drop function unified.refuse()");
        }
    }

    @Test
    void answersTheSameLetterForTheSameEvent() {
        DeadLetter first = api.service().park(refused(POISON, 1));

        assertThat(api.service().park(refused(POISON, 1))).isEqualTo(first);
        api.service().write(batch(3_000, FINE, POISON));
        assertThat(api.service().park(refused(POISON, 1))).isEqualTo(first);
        assertThat(letterbox.all()).hasSize(1);
    }

    @Test
    void refusesToParkWhatIsDecidedAlready() {
        api.service().write(batch(3_000, FINE));

        assertProblem(ProblemType.OUT_OF_ORDER, () -> api.service().park(refused(FINE, 0)));
        assertThat(letterbox.all()).isEmpty();
    }

    @Test
    void refusesToParkForAnOlderSession() {
        api.service().openSession(api.session());

        assertProblem(ProblemType.EPOCH_FENCED, () -> api.service().park(refused(POISON, 1)));
    }

    @Test
    void refusesToParkBeforeAWindowIsOpen() {
        api.reset();

        assertProblem(ProblemType.WINDOW_NOT_OPEN, () -> api.service().park(refused(POISON, 1)));
    }

    @Test
    void refusesWhatNoConsumerOfTheContractSends() {
        ParkRequest good = refused(POISON, 1);
        TransactionWrites foreign = transaction(
                2_100,
                0,
                Batches.change(
                        "city", "{\"id\":1}", Operation.INSERT, Batches.upsert("Town", Map.of("id", "1"), Map.of())));

        assertProblem(ProblemType.BROKEN_INVARIANT, () -> api.service().park(refused(foreign, 0)));
        assertProblem(ProblemType.MALFORMED_REQUEST, () -> api.service().park(with(good, "PARKED_BEHIND", "{}")));
        assertProblem(ProblemType.MALFORMED_REQUEST, () -> api.service().park(with(good, " ", "{}")));
        assertProblem(ProblemType.MALFORMED_REQUEST, () -> api.service().park(with(good, "X", "\0")));
    }

    private static ParkRequest with(ParkRequest request, String problem, String payload) {
        return new ParkRequest(
                request.epoch(),
                request.commitLsn(),
                request.endLsn(),
                request.xid(),
                request.committedAt(),
                request.changeIndex(),
                request.sourceTable(),
                request.sourceKey(),
                request.formerKey(),
                request.operation(),
                request.letterClass(),
                problem,
                request.detail(),
                payload,
                request.writes());
    }

    @Test
    void standsBeforeAHaltingLetterUntilItIsGivenUp() {
        ParkRequest halting = request(1, POISON, 1, LetterClass.HALTING, false);
        long letter = api.service().park(halting).id();

        assertProblem(ProblemType.DEAD_LETTER_HALTS, () -> api.service().write(batch(3_000, FINE, POISON)));
        assertThat(letterbox.receipts()).containsExactly("2000 0 1");
        assertThat(api.service().controlState().position()).isEqualTo(lsn(2_100));

        api.operator().resolve(letter, new ResolveRequest("ada", "the row is not needed", null));
        api.service().write(batch(3_000, FINE, POISON, transaction(2_200, 0, city(1, null, "Rome"))));

        assertThat(letterbox.receipts()).contains("2100 1 4", "2200 0 1");
        assertThat(letterbox.cities()).containsExactly("1 Rome");
        assertThat(letterbox.summary()).containsExactly("2100 1 {\"id\":1} RESOLVED");
        assertThat(api.target().queryForLong("select count(*) from shadow.parked_key"))
                .isZero();
        letterbox.assertConserved();
    }

    @Test
    void passesAHaltingLetterThatWasCorrectedAndAppliesTheCorrectionAfterwards() {
        long letter = api.service()
                .park(request(1, POISON, 1, LetterClass.HALTING, false))
                .id();
        ShadowWrite better = Batches.upsert(
                "City",
                Map.of("city_id", Batches.uuid(1)),
                Batches.values(List.of("country_code", "name"), null, "Better"));
        api.operator().correct(letter, new LetterCorrection("ada", List.of(better), null));

        api.service().write(batch(3_000, FINE, POISON, transaction(2_200, 0, city(1, null, "Rome"))));

        assertThat(letterbox.cities()).isEmpty();
        assertThat(letterbox.receipts()).contains("2100 1 4", "2200 0 4");
        letterbox.assertConserved();
        assertThat(api.operator().replay(letter, Letterbox.REPAIRED).replayed()).isEqualTo(2);
        assertThat(letterbox.cities()).containsExactly("1 Rome");
        letterbox.assertConserved();
    }

    @Test
    void letsTheStreamTryAgainWhatItHasNotPassed() {
        ParkRequest halting = request(1, POISON, 1, LetterClass.HALTING, false);
        long letter = api.service().park(halting).id();

        assertThat(api.operator().replay(letter, Letterbox.REPAIRED).state()).isEqualTo(LetterState.RELEASED);
        assertProblem(ProblemType.WRITE_REJECTED, () -> api.service().write(batch(3_000, FINE, POISON)));

        assertThat(api.service().park(refused(POISON, 1)).id()).isEqualTo(letter);
        assertThat(letterbox.summary()).containsExactly("2100 1 {\"id\":1} OPEN");

        api.operator().replay(letter, Letterbox.REPAIRED);
        api.target().execute("insert into unified.country values ('XX', 'Nowhere', null)");
        api.service().write(batch(3_000, FINE, POISON));
        assertThat(letterbox.cities()).containsExactly("1 Nowhere XX");
        assertThat(letterbox.receipts()).contains("2100 1 1");
        assertThat(letterbox.summary()).containsExactly("2100 1 {\"id\":1} RELEASED");
        letterbox.assertConserved();
    }

    @Test
    void doesNotLeaveToTheStreamWhatItsConsumerWouldSendWithoutWrites() {
        long letter = api.service().park(untransformed(POISON, 1)).id();

        assertProblem(ProblemType.DEAD_LETTER_INCOMPLETE, () -> api.operator().replay(letter, Letterbox.REPAIRED));

        api.service().write(batch(3_000, FINE, POISON));
        assertThat(letterbox.summary()).containsExactly("2100 1 {\"id\":1} OPEN");
        letterbox.assertConserved();
    }

    @Test
    void takesNoCorrectionThatNothingWouldWaitFor() {
        ParkRequest truncation = request(1, POISON, 1, LetterClass.HALTING, false);
        long letter = api.service()
                .park(new ParkRequest(
                        truncation.epoch(),
                        truncation.commitLsn(),
                        truncation.endLsn(),
                        truncation.xid(),
                        truncation.committedAt(),
                        truncation.changeIndex(),
                        truncation.sourceTable(),
                        "",
                        null,
                        Operation.TRUNCATE,
                        LetterClass.HALTING,
                        "TRUNCATE",
                        "the table was truncated",
                        null,
                        null))
                .id();
        ShadowWrite removal = Batches.remove("City", Map.of("city_id", Batches.uuid(1)));

        assertProblem(
                ProblemType.DEAD_LETTER_STATE,
                () -> api.operator().correct(letter, new LetterCorrection("ada", List.of(removal), null)));
    }

    @Test
    void refusesToOpenAReleasedLetterThatTheStreamHasApplied() {
        long letter = api.service().park(refused(POISON, 1)).id();
        api.operator().replay(letter, Letterbox.REPAIRED);
        api.target().execute("insert into unified.country values ('XX', 'Nowhere', null)");
        api.service().write(batch(3_000, FINE, POISON));

        assertProblem(ProblemType.OUT_OF_ORDER, () -> api.service().park(refused(POISON, 1)));
        assertThat(letterbox.summary()).containsExactly("2100 1 {\"id\":1} RELEASED");
    }

    @Test
    void parksAReleasedChangeBehindAnEarlierLetterOfItsRow() {
        TransactionWrites later = transaction(2_200, 0, city(1, "YY", "Utopia"));
        api.service().park(refused(POISON, 1));
        long second = api.service().park(refused(later, 0)).id();
        api.operator().replay(second, Letterbox.REPAIRED);

        api.service().write(batch(3_000, FINE, POISON, later));

        assertThat(letterbox.summary()).containsExactly("2100 1 {\"id\":1} OPEN", "2200 0 {\"id\":1} OPEN behind 2100");
    }

    @Test
    void standsWhenMoreIsParkedThanTheOperatorAllows() {
        List<String> arguments = new ArrayList<>(List.of(TestApi.arguments(api.target())));
        arguments.add("--shadow.dead-letters.most-open=2");
        try (ConfigurableApplicationContext host = ShadowApiApplication.start(arguments.toArray(new String[0]))) {
            ShadowApi narrow = ShadowApiClient.connect(
                    URI.create("http://localhost:" + host.getEnvironment().getProperty("local.server.port")),
                    TestApi.TOKEN,
                    Duration.ofSeconds(10));
            narrow.park(refused(POISON, 1));
            narrow.write(batch(2_250, FINE, POISON, transaction(2_200, 0, city(1, null, "Rome"))));

            assertProblem(
                    ProblemType.DEAD_LETTERS_FULL,
                    () -> narrow.write(batch(
                            3_000,
                            transaction(2_280, 0, city(8, null, "Kiel")),
                            transaction(2_300, 0, city(1, null, "Roma")))));
            assertThat(letterbox.cities()).containsExactly("8 Kiel");
            assertProblem(
                    ProblemType.DEAD_LETTERS_FULL,
                    () -> narrow.park(untransformed(transaction(2_300, 0, city(7, null, "Oslo")), 0)));
            assertThat(narrow.write(batch(3_000, transaction(2_300, 0, city(9, null, "Bonn"))))
                            .applied())
                    .isEqualTo(1);
        }
    }
}
