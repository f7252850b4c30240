package io.shadowwrite.api.write;

import static io.shadowwrite.api.TestApi.lsn;
import static io.shadowwrite.api.write.Batches.city;
import static io.shadowwrite.api.write.Batches.country;
import static io.shadowwrite.api.write.Batches.note;
import static io.shadowwrite.api.write.Batches.partner;
import static io.shadowwrite.api.write.Batches.transaction;
import static io.shadowwrite.api.write.Batches.uuid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.shadowwrite.api.TestApi;
import io.shadowwrite.api.database.Dictionary;
import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.deadletter.DeadLetters;
import io.shadowwrite.api.ledger.Ledger;
import io.shadowwrite.api.ledger.LedgerPartitions;
import io.shadowwrite.api.metrics.ApiMetrics;
import io.shadowwrite.api.metrics.ApiMetrics.Ahead;
import io.shadowwrite.api.target.Reaches;
import io.shadowwrite.api.window.Windows;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.TargetModel;
import io.shadowwrite.protocol.ChangeWrites;
import io.shadowwrite.protocol.HaltRequest;
import io.shadowwrite.protocol.Hold;
import io.shadowwrite.protocol.LetterClass;
import io.shadowwrite.protocol.ParkRequest;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.protocol.ShadowWrite;
import io.shadowwrite.protocol.TransactionWrites;
import io.shadowwrite.protocol.WriteBatch;
import io.shadowwrite.protocol.WriteResult;
import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A batch that is applied ahead of its turn beside the one before, which stands still at a row that somebody else has locked.
 * Whatever happens meanwhile, the outcome is that of one after the other.
 */
class AheadTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    /** For what must not first come of impatience. */
    private static final Duration BEFORE_LONG = Duration.ofSeconds(30);

    private final TestApi api = TestApi.shared();
    private final Database target = api.target();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ApiMetrics metrics = new ApiMetrics(registry);
    private final ShadowDatabase database =
            new ShadowDatabase(new ShadowDatabase.Settings(target.jdbcUrl(), target.user(), target.password(), 6));
    private final Dictionary dictionary = new Dictionary(database);
    private final WriteAssembly assembly =
            new WriteAssembly(api.context().getBean(Contract.class), database, dictionary);
    private final Underway underway = new Underway();
    private final ShadowWriter writer = writer(LONG);
    private final ExecutorService requests = Executors.newCachedThreadPool();

    private ShadowWriter writer(Duration patience) {
        StreamEngine engine = engine();
        AheadWriter ahead = assembly.ahead(engine, metrics, limits(patience));
        return new ShadowWriter(engine, ahead, underway);
    }

    private StreamEngine engine() {
        return assembly.engine(
                new Windows(database),
                new LedgerPartitions(database),
                new Ledger(database, dictionary, metrics),
                new DeadLetters(database, new Windows(database), dictionary, assembly.targetWriter(), 10).parking());
    }

    /** The server may be slow; it is only who waits for locks that must give way. */
    private static AheadWriter.Limits limits(Duration patience) {
        return new AheadWriter.Limits(1, patience, Duration.ofMillis(100), LONG);
    }

    @BeforeEach
    void openWindow() {
        api.open();
        writer.write(following(1_000, 2_000, note(1, "one"), note(2, "two"), country("AA", "a", null)));
    }

    @AfterEach
    void close() throws InterruptedException {
        requests.shutdownNow();
        assertThat(requests.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        database.close();
    }

    /** One transaction. */
    private static WriteBatch following(long from, long until, ChangeWrites... changes) {
        return new WriteBatch(1, lsn(from), lsn(until), List.of(transaction(until - 10, until, changes)));
    }

    private static final WriteBatch FIRST = following(2_000, 3_000, note(1, "first"), partner(1, "p1", "1", null));
    private static final WriteBatch SECOND = following(3_000, 4_000, note(2, "second"), partner(2, "p2", "1", null));

    /** Locks the row at which {@link #FIRST} then stands still. */
    private Connection lockNote() throws SQLException {
        Connection connection = target.connect();
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("update unified.note set body = body where note_id = '%s'".formatted(uuid(1)));
        }
        return connection;
    }

    private Future<WriteResult> send(WriteBatch batch) {
        return requests.submit(() -> writer.write(batch));
    }

    private Future<WriteResult> sendFirst() {
        Future<WriteResult> first = send(FIRST);
        awaitWaiting(1);
        return first;
    }

    /** Has written its rows and waits, in its transaction, for the end of the first. */
    private Future<WriteResult> sendSecond(WriteBatch second) {
        Future<WriteResult> sent = send(second);
        Await.until("the second has written its rows", LONG, () -> aheadOfTheirTurn() == 1);
        return sent;
    }

    /** The second has written its rows, the first is committed, and now something else happens before the second goes on. */
    private Future<WriteResult> sendBoth(WriteBatch second, Runnable inBetween) {
        try (Underway.Flight flight = underway.begin(FIRST)) {
            Future<WriteResult> sent = sendSecond(second);
            assertThat(api.service().write(flight.batch()).applied()).isEqualTo(1);
            inBetween.run();
            return sent;
        }
    }

    private void awaitWaiting(int sessions) {
        Await.until(sessions + " wait for locks", LONG, () -> target.queryForLong("""
                select count(*) from pg_stat_activity
                 where application_name = 'shadow-api' and wait_event_type = 'Lock'
                """) == sessions);
    }

    private long aheadOfTheirTurn() {
        return target.queryForLong("""
                select count(*) from pg_stat_activity
                 where application_name = 'shadow-api' and state = 'idle in transaction' and backend_xid is not null
                """);
    }

    /** Between two statements of a batch none may be in the state for a moment. */
    private void terminate(String which) {
        Await.until(
                "one is cut off",
                LONG,
                () -> !target.queryForList("""
                        select pg_terminate_backend(pid)::text from pg_stat_activity
                         where application_name = 'shadow-api' and backend_xid is not null and %s
                        """.formatted(which)).isEmpty());
    }

    private double count(Ahead outcome) {
        return registry.get("shadow.batch.ahead")
                .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                .counter()
                .count();
    }

    private List<@Nullable String> notes() {
        return target.queryForList("select body from unified.note where valid_to is null order by note_id");
    }

    private List<@Nullable String> receipts() {
        return target.queryForList("""
                select distinct (commit_lsn - '0/0'::pg_lsn)::text from shadow.event_ledger where side = 1 order by 1
                """);
    }

    private void assertPosition(long position) {
        assertThat(api.service().controlState().position()).isEqualTo(lsn(position));
    }

    private void assertBothApplied() {
        assertThat(notes()).containsExactly("first", "second");
        assertThat(target.queryForList("select name from unified.partner order by 1"))
                .containsExactly("p1", "p2");
        assertThat(receipts()).containsExactly("1990", "2990", "3990");
        assertPosition(4_000);
    }

    @Test
    void appliesABatchBesideTheOneBeforeAndCommitsItAfterwards() throws Exception {
        try (Connection lock = lockNote()) {
            Future<WriteResult> first = sendFirst();
            Future<WriteResult> second = sendSecond(SECOND);
            assertThat(notes()).containsExactly("one", "two");
            assertPosition(2_000);
            lock.rollback();

            assertThat(first.get().applied()).isEqualTo(1);
            WriteResult answer = second.get();
            assertThat(answer.applied()).isEqualTo(1);
            assertThat(answer.replayed()).isZero();
            assertThat(answer.changes())
                    .hasSize(1)
                    .first()
                    .satisfies(count -> assertThat(count.changes()).isEqualTo(2));
            assertThat(answer.control().position()).isEqualTo(lsn(4_000));
        }

        assertBothApplied();
        assertThat(count(Ahead.KEPT)).isEqualTo(1);
        assertThat(count(Ahead.REDONE)).isZero();
    }

    @Test
    void leavesABatchToItsTurnThatTouchesARowOfTheOneBefore() throws Exception {
        try (Connection lock = lockNote()) {
            Future<WriteResult> first = sendFirst();
            Future<WriteResult> second = send(following(3_000, 4_000, note(2, "second"), note(1, "again")));
            awaitWaiting(2);
            assertThat(aheadOfTheirTurn()).isZero();
            lock.rollback();
            first.get();
            second.get();
        }

        assertThat(notes()).containsExactly("again", "second");
        assertThat(count(Ahead.OVERLAPPING)).isEqualTo(1);
        assertThat(count(Ahead.KEPT) + count(Ahead.REDONE)).isZero();
    }

    @Test
    void isComparedWithEveryBatchOnTheWay() throws Exception {
        try (Underway.Flight first = underway.begin(FIRST);
                Underway.Flight second = underway.begin(SECOND)) {
            Future<WriteResult> third = send(following(4_000, 5_000, note(1, "third")));
            Await.until("the third was compared", LONG, () -> count(Ahead.OVERLAPPING) == 1);
            api.service().write(first.batch());
            api.service().write(second.batch());
            third.get();
        }

        assertThat(notes()).containsExactly("third", "second");
        assertThat(count(Ahead.KEPT) + count(Ahead.REDONE)).isZero();
    }

    @Test
    void looksAtNothingWhileAnotherProcessMayApplyWhatNobodyCompared() throws Exception {
        // The position is 2,000: whoever has what comes before this one, it is not here.
        WriteBatch elsewhere = following(2_000, 2_500, note(2, "elsewhere"));
        WriteBatch before = following(2_500, 3_000, note(1, "first"), partner(1, "p1", "1", null));
        try (Underway.Flight flight = underway.begin(before)) {
            Future<WriteResult> second = send(SECOND);
            Await.until("the second was undone", BEFORE_LONG, () -> count(Ahead.REDONE) == 1);
            assertThat(aheadOfTheirTurn()).isZero();
            api.service().write(elsewhere);
            api.service().write(flight.batch());
            second.get();
        }

        assertThat(notes()).containsExactly("first", "second");
        assertThat(receipts()).containsExactly("1990", "2490", "2990", "3990");
        assertThat(count(Ahead.KEPT)).isZero();
    }

    @Test
    void leavesABatchToItsTurnThatBringsAgainWhatWasApplied() throws Exception {
        TransactionWrites again = transaction(1_990, 2_000, note(1, "one"), note(2, "two"), country("AA", "a", null));
        TransactionWrites more = SECOND.transactions().getFirst();
        try (Connection lock = lockNote()) {
            Future<WriteResult> first = sendFirst();
            Future<WriteResult> second = send(new WriteBatch(1, lsn(3_000), lsn(4_000), List.of(again, more)));
            awaitWaiting(2);
            assertThat(aheadOfTheirTurn()).isZero();
            lock.rollback();
            first.get();
            assertThat(second.get().replayed()).isEqualTo(1);
        }

        assertBothApplied();
        assertThat(count(Ahead.KEPT) + count(Ahead.REDONE)).isZero();
    }

    @Test
    void leavesNothingOfABatchWhoseBatchBeforeFails() throws Exception {
        try (Connection lock = lockNote()) {
            Future<WriteResult> first = sendFirst();
            Future<WriteResult> second = sendSecond(SECOND);
            terminate("wait_event_type = 'Lock'");

            assertThatThrownBy(first::get).isInstanceOf(ExecutionException.class);
            assertThatThrownBy(second::get)
                    .hasCauseInstanceOf(ShadowProblem.class)
                    .cause()
                    .extracting("type")
                    .isEqualTo(ProblemType.OUT_OF_TURN);
            lock.rollback();
        }
        assertThat(notes()).containsExactly("one", "two");
        assertThat(receipts()).containsExactly("1990");
        assertThat(count(Ahead.REDONE)).isEqualTo(1);

        writer.write(FIRST);
        writer.write(SECOND);
        assertBothApplied();
    }

    @Test
    void appliesInItsTurnWhatLostItsConnection() throws Exception {
        try (Connection lock = lockNote()) {
            Future<WriteResult> first = sendFirst();
            Future<WriteResult> second = sendSecond(SECOND);
            terminate("state = 'idle in transaction'");
            lock.rollback();
            first.get();
            assertThat(second.get().applied()).isEqualTo(1);
        }

        assertBothApplied();
        assertThat(count(Ahead.REDONE)).isEqualTo(1);
    }

    @Test
    void losesPatienceAndLetsTheOneBeforePassWhatBothWait() throws Exception {
        ShadowWriter impatient = writer(Duration.ofMillis(1));
        try (Connection lock = lockNote()) {
            Future<WriteResult> first = requests.submit(() -> impatient.write(FIRST));
            awaitWaiting(1);
            Future<WriteResult> second = requests.submit(() -> impatient.write(SECOND));
            awaitWaiting(2);
            assertThat(aheadOfTheirTurn()).isZero();
            lock.rollback();
            first.get();
            second.get();
        }

        assertBothApplied();
        assertThat(count(Ahead.REDONE)).isEqualTo(1);
    }

    @Test
    void obeysAHoldThatCameInBetween() throws Exception {
        HaltRequest hold = new HaltRequest("v", Hold.Kind.VERIFIER, lsn(3_000), 600);
        WriteResult answer = sendBoth(SECOND, () -> api.service().halt(hold)).get();

        assertThat(answer.applied()).isZero();
        assertThat(answer.control().hold()).isNotNull();
        assertThat(notes()).containsExactly("first", "two");
        assertThat(receipts()).containsExactly("1990", "2990");
        assertPosition(3_000);
        assertThat(count(Ahead.REDONE)).isEqualTo(1);
    }

    @Test
    void isFencedByASessionThatCameInBetween() {
        Future<WriteResult> second = sendBoth(SECOND, () -> api.service().openSession(api.session()));

        assertThatThrownBy(second::get).cause().extracting("type").isEqualTo(ProblemType.EPOCH_FENCED);
        assertThat(notes()).containsExactly("first", "two");
        assertThat(receipts()).containsExactly("1990", "2990");
    }

    @Test
    void isFencedWhereNoSessionWasOpened() {
        api.reset();
        api.operator().openWindow(api.window());
        try (Underway.Flight flight = underway.begin(new WriteBatch(0, lsn(900), lsn(1_000), List.of()))) {
            Future<WriteResult> second = send(new WriteBatch(
                    0,
                    flight.batch().completeBelow(),
                    lsn(2_000),
                    List.of(transaction(1_990, 0, note(1, "stranger")))));
            Await.until("it was undone", BEFORE_LONG, () -> count(Ahead.REDONE) == 1);

            assertThatThrownBy(second::get).cause().extracting("type").isEqualTo(ProblemType.EPOCH_FENCED);
        }
        assertThat(notes()).isEmpty();
    }

    @Test
    void seesWhatSomebodyElseWroteInBetween() throws Exception {
        TransactionWrites replayed = transaction(1_500, 1_500, partner(2, "replayed", "1", "{}"));
        WriteBatch second = following(3_000, 4_000, partner(3, "p3", "1", null));
        sendBoth(second, () -> writeBeside(replayed)).get();

        assertThat(target.queryForList("select name from unified.partner order by 1"))
                .containsExactly("p1", "p3", "replayed");
        assertThat(count(Ahead.REDONE)).isEqualTo(1);
        assertThat(count(Ahead.KEPT)).isZero();
    }

    @Test
    void givesWayToWhoeverWaitsForItsRows() throws Exception {
        TransactionWrites replayed = transaction(1_500, 1_500, note(2, "replayed"));
        List<Future<?>> replay = new ArrayList<>();
        Future<WriteResult> second = sendBoth(SECOND, () -> {
            replay.add(requests.submit(() -> writeBeside(replayed)));
            awaitWaiting(1);
        });
        replay.getFirst().get();
        second.get();

        assertThat(notes()).containsExactly("first", "second");
        assertThat(target.queryForList(
                        "select body from unified.note where note_id = '%s' order by valid_from".formatted(uuid(2))))
                .containsExactly("two", "replayed", "second");
        assertThat(count(Ahead.REDONE)).isEqualTo(1);
    }

    /** As a replay does. */
    private boolean writeBeside(TransactionWrites transaction) {
        TargetWriter beside = assembly.targetWriter();
        beside.prepare();
        return database.inTransaction(() -> {
            new Windows(database).lock();
            beside.apply(List.of(transaction), new Records() {
                @Override
                public void written(TransactionWrites one, ChangeWrites change, ShadowWrite write) {
                    // Only the rows matter here.
                }

                @Override
                public void changed(TransactionWrites one, ChangeWrites change, boolean effective) {
                    // Likewise.
                }

                @Override
                public void store() {
                    // Likewise.
                }
            });
            return true;
        });
    }

    @Test
    void parksBehindALetterThatCameInBetween() throws Exception {
        TransactionWrites ofTheSecond = SECOND.transactions().getFirst();
        ChangeWrites refused = ofTheSecond.changes().getFirst();
        ParkRequest letter = new ParkRequest(
                1,
                ofTheSecond.commitLsn(),
                ofTheSecond.endLsn(),
                ofTheSecond.xid(),
                ofTheSecond.committedAt(),
                0,
                refused.sourceTable(),
                refused.sourceKey(),
                null,
                refused.operation(),
                LetterClass.REJECTED,
                "WRITE_REJECTED",
                "the target said no",
                "{}",
                refused.writes());
        sendBoth(SECOND, () -> api.service().park(letter)).get();

        assertThat(notes()).containsExactly("first", "two");
        assertThat(target.queryForList("select name from unified.partner order by 1"))
                .containsExactly("p1", "p2");
        assertThat(target.queryForList("""
                select disposition::text from shadow.event_ledger where commit_lsn = '0/F96' order by change_index
                """)).containsExactly("4", "1");
        assertThat(count(Ahead.REDONE)).isEqualTo(1);
    }

    @Test
    void saysInItsTurnWhatIsWrongWithABatch() throws Exception {
        WriteBatch second = following(3_000, 4_000, note(2, "second"), city(1, "ZZ", "nowhere"));
        try (Connection lock = lockNote()) {
            Future<WriteResult> first = sendFirst();
            Future<WriteResult> refused = send(second);
            Await.until("the second was undone", BEFORE_LONG, () -> count(Ahead.REDONE) == 1);
            lock.rollback();
            first.get();
            assertThatThrownBy(refused::get).cause().extracting("type").isEqualTo(ProblemType.WRITE_REJECTED);
        }

        assertThat(notes()).containsExactly("first", "two");
        assertPosition(3_000);
    }

    @Test
    void goesAheadOnNoTargetThatActsByItself() throws Exception {
        target.execute("""
                create function unified.acts() returns trigger language plpgsql as $$ begin return new; end $$
                """, """
                create trigger acts before insert on unified.note for each row execute function unified.acts()
                """);
        try (Connection lock = lockNote()) {
            Future<WriteResult> first = sendFirst();
            Future<WriteResult> second = send(SECOND);
            awaitWaiting(2);
            assertThat(aheadOfTheirTurn()).isZero();
            lock.rollback();
            first.get();
            second.get();
        } finally {
            target.execute("drop function unified.acts() cascade");
        }

        assertBothApplied();
        assertThat(count(Ahead.OVERLAPPING)).isEqualTo(1);
    }

    @Test
    void goesAheadOnNoTargetWhoseCatalogCannotBeRead() throws Exception {
        Map<String, TargetModel> models = api.context().getBean(Contract.class).models();
        ShadowDatabase gone =
                new ShadowDatabase(new ShadowDatabase.Settings(target.jdbcUrl(), target.user(), target.password(), 1));
        gone.close();
        StreamEngine engine = engine();
        AheadWriter ahead = new AheadWriter(engine, models, new Reaches(models.values(), gone), metrics, limits(LONG));
        ShadowWriter blind = new ShadowWriter(engine, ahead, underway);
        try (Underway.Flight flight = underway.begin(FIRST)) {
            Future<WriteResult> second = requests.submit(() -> blind.write(SECOND));
            Await.until("the second was compared in vain", LONG, () -> count(Ahead.UNREAD) == 1);
            blind.write(flight.batch());
            second.get();
        }

        assertBothApplied();
        assertThat(count(Ahead.KEPT) + count(Ahead.REDONE)).isZero();
    }
}
