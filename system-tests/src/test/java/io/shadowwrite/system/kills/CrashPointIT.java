package io.shadowwrite.system.kills;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.protocol.ReaderPosition;
import io.shadowwrite.protocol.Side;
import io.shadowwrite.system.History;
import io.shadowwrite.system.House;
import io.shadowwrite.system.HouseExtension;
import io.shadowwrite.system.Ticks;
import io.shadowwrite.system.kills.Interleaved.Written;
import io.shadowwrite.system.suite.Program;
import io.shadowwrite.system.suite.ProgramProcess;
import io.shadowwrite.system.suite.Suite;
import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.BytePoint;
import io.shadowwrite.testsupport.BytePoint.Way;
import io.shadowwrite.testsupport.TcpProxy;
import io.shadowwrite.verification.TickResult;
import io.shadowwrite.verification.verdict.Verdict;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Consumer and API killed with -9 exactly where a delivery stands. Proxies hold the bytes at that place, so that no program
 * needs a line of code for it. What is delivered is a COPY with which another transaction interleaves.
 */
@ExtendWith(HouseExtension.class)
@Timeout(240)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CrashPointIT {

    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final String SLOT = "cdc_shadow_primary";

    private final House house;
    private final Suite suite;
    private final Interleaved writer;
    private final TcpProxy toSource;
    private final TcpProxy toApi;
    private ProgramProcess consumer;

    CrashPointIT(House house) {
        this.house = house;
        this.suite = house.suite();
        this.writer = new Interleaved(house.source());
        this.toSource = TcpProxy.to(house.sourceServer().port());
        this.toApi = TcpProxy.to(suite.apiUrl().getPort());
        house.drain();
        // Who is only stopped keeps its slot for that long.
        house.source().execute("ALTER DATABASE partners SET wal_sender_timeout = '5s'");
        suite.stop(Program.CONSUMER);
        this.consumer = behindProxies();
    }

    private ProgramProcess behindProxies() {
        return suite.launch(suite.plan(Program.CONSUMER)
                .named("consumer-at-points")
                .with("server.port", 0)
                .with("shadow.source.url", house.source().jdbcUrl().replaceFirst(":\\d+", ":" + toSource.port()))
                .with("shadow.api.url", "http://127.0.0.1:" + toApi.port())
                .with("shadow.delivery.report-interval", "500ms"));
    }

    @AfterAll
    void goesBack() {
        consumer.kill();
        toSource.close();
        toApi.close();
        house.source().execute("ALTER DATABASE partners RESET wal_sender_timeout");
        if (!suite.runs(Program.CONSUMER)) {
            suite.start(Program.CONSUMER);
        }
        house.drain();
    }

    /** Also behind a test that failed. */
    @BeforeEach
    void everybodyIsThere() {
        if (!suite.runs(Program.API)) {
            suite.start(Program.API);
            suite.awaitApi();
        }
        if (suite.runs(Program.CONSUMER)) {
            suite.stop(Program.CONSUMER);
        }
        if (!consumer.isAlive()) {
            consumer = behindProxies();
        }
    }

    /** Also behind a test that failed. */
    @AfterEach
    void nothingIsHeldBack() {
        toSource.heal();
        toApi.heal();
    }

    /** Where a delivery stands. */
    enum Moment {
        BEGIN_RECEIVED,
        CHANGE_RECEIVED,
        BATCH_SENT,
        BEING_APPLIED,
        ANSWER_ON_ITS_WAY,
        ANSWERED_AND_NOT_CONFIRMED,
        CONFIRMED
    }

    @ParameterizedTest
    @Order(1)
    @EnumSource
    void aConsumerThatIsKilledThereGoesOnWhereTheTargetStands(Moment moment) throws SQLException {
        house.drain();
        Written written = deliverUntil(moment);
        LogSequenceNumber confirmed = confirmed();

        consumer.kill();

        assertThat(confirmed).as("the slot was told no more than is stored").isLessThanOrEqualTo(position());
        toSource.cut();
        toSource.heal();
        toApi.cut();
        toApi.heal();
        consumer = behindProxies();
        isThereOnce(written);
    }

    /** Writes, and returns when the delivery stands there. */
    private Written deliverUntil(Moment moment) throws SQLException {
        return switch (moment) {
            case BEGIN_RECEIVED ->
                heldAt(toSource, "{\"action\":\"B\",\"xid\":%d".formatted(writer.begin()), 1, Way.TO_CLIENT);
            case CHANGE_RECEIVED ->
                heldAt(toSource, "{\"action\":\"I\",\"xid\":%d".formatted(writer.begin()), 17, Way.TO_CLIENT);
            case BATCH_SENT -> {
                writer.begin();
                yield heldAt(toApi, writer.nameOf(17), 1, Way.TO_SERVER);
            }
            case BEING_APPLIED -> beingApplied(consumer::kill);
            case ANSWER_ON_ITS_WAY -> answerOnItsWay();
            case ANSWERED_AND_NOT_CONFIRMED -> {
                // The consumer asks the source about a table that it meets, and could not.
                writer.begin();
                awaitStored(writer.commit());
                writer.begin();
                toSource.stop(Way.TO_SERVER);
                BytePoint answer = toApi.watch(BytePoint.behind(Way.TO_CLIENT, "\"replayed\":"));
                Written written = writer.commit();
                awaitStored(written);
                answer.await(BOUND);
                assertThat(confirmed()).isLessThanOrEqualTo(commitOf(written));
                yield written;
            }
            case CONFIRMED -> {
                writer.begin();
                Written written = writer.commit();
                awaitStored(written);
                Await.until("the slot was told", BOUND, () -> confirmed().compareTo(commitOf(written)) > 0);
                yield written;
            }
        };
    }

    private Written heldAt(TcpProxy proxy, String text, int occurrence, Way way) throws SQLException {
        BytePoint point = proxy.stopAt(BytePoint.behind(way, text, occurrence, 3));
        Written written = writer.commit();
        point.await(BOUND);
        assertThat(storedOf(written.xid())).isZero();
        return written;
    }

    /** Somebody has the table locked while the API applies the batch. */
    private Written beingApplied(Runnable beforeItIsReleased) throws SQLException {
        writer.begin();
        try (Connection lock = house.target().connect()) {
            lock.setAutoCommit(false);
            lock.createStatement().execute("LOCK TABLE unified.party IN SHARE ROW EXCLUSIVE MODE");
            Written written = writer.commit();
            Await.until("the API applies it", BOUND, () -> house.target().queryForLong("""
                            SELECT count(*) FROM pg_locks WHERE relation = 'unified.party'::regclass AND NOT granted
                            """) > 0);
            beforeItIsReleased.run();
            assertThat(storedOf(written.xid())).isZero();
            return written;
        }
    }

    private Written answerOnItsWay() throws SQLException {
        BytePoint[] answer = new BytePoint[1];
        Written written =
                beingApplied(() -> answer[0] = toApi.stopAt(BytePoint.behind(Way.TO_CLIENT, "\"replayed\":")));
        answer[0].await(BOUND);
        awaitStored(written);
        return written;
    }

    @Test
    @Order(2)
    void anAnswerThatIsCutBehindTheCommitIsAskedForAgain() throws SQLException {
        house.drain();
        Written written = answerOnItsWay();

        toApi.cut();
        toApi.heal();

        isThereOnce(written);
        assertThat(consumer.isAlive()).isTrue();
        assertThat(consumer.lines()).noneMatch(line -> line.contains("HALTED"));
    }

    @Test
    @Order(3)
    void anApiThatIsKilledWithinItsCommitLeavesNothingAndAppliesItOnceWhenItIsBack() throws SQLException {
        house.drain();
        Written written = beingApplied(() -> suite.kill(Program.API));

        Await.until("the target has undone it", BOUND, () -> house.target().queryForLong("""
                        SELECT count(*) FROM pg_stat_activity
                         WHERE datname = current_database() AND application_name = 'shadow-api' AND state <> 'idle'
                        """) == 0);
        assertThat(storedOf(written.xid())).isZero();
        suite.start(Program.API);
        suite.awaitApi();
        isThereOnce(written);
    }

    @Test
    @Order(4)
    void anApiThatIsKilledBehindItsCommitIsAskedForTheAnswerWhenItIsBack() throws SQLException {
        house.drain();
        Written written = answerOnItsWay();

        suite.kill(Program.API);

        toApi.cut();
        toApi.heal();
        suite.start(Program.API);
        suite.awaitApi();
        isThereOnce(written);
    }

    @Test
    @Order(5)
    void whatAConsumerSentBeforeItWasStoppedIsFencedOnceAnotherHasItsSlot() throws Exception {
        house.drain();
        writer.begin();
        Written written = heldAt(toApi, writer.nameOf(17), 1, Way.TO_SERVER);
        signal("STOP");
        try {
            suite.start(Program.CONSUMER);
            isThereOnce(written);
            BytePoint fenced = toApi.watch(BytePoint.behind(Way.TO_CLIENT, "EPOCH_FENCED"));
            toApi.heal();
            fenced.await(BOUND);
        } finally {
            signal("CONT");
        }
        isThereOnce(written);
        suite.stop(Program.CONSUMER);
        isThereOnce(written);
        assertThat(consumer.isAlive()).as("it has the slot again").isTrue();
    }

    @Test
    @Order(6)
    void leavesBothDatabasesEqual() {
        house.drain();

        History.isSound(house.target());
        TickResult tick = new Ticks(house).run();
        assertThat(tick.findings()).as(tick.reason()).isEmpty();
        assertThat(tick.verdict()).as(tick.reason()).isEqualTo(Verdict.CLEAN);
    }

    private void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(consumer.pid())).start();
        assertThat(kill.waitFor(10, TimeUnit.SECONDS) && kill.exitValue() == 0).isTrue();
    }

    /** Every row as it was written last, one receipt of either side for each change, one current version of each row. */
    private void isThereOnce(Written written) {
        house.drain();
        assertThat(stored(written)).isEqualTo(written.changes());
        assertThat(house.target()
                        .queryForLong(
                                "SELECT count(*) FROM unified.party WHERE name LIKE ? AND valid_to IS NULL AND NOT is_archived",
                                written.name() + "%"))
                .isEqualTo(written.rows());
        house.oracle().agreesWithBothReaders();
    }

    /** Receipts of the consumer, which come with what they are of. */
    private long stored(Written written) {
        return storedOf(written.xid()) + storedOf(written.otherXid());
    }

    private long storedOf(long xid) {
        return house.target().queryForLong("SELECT count(*) FROM shadow.event_ledger WHERE side = 1 AND xid = ?", xid);
    }

    private void awaitStored(Written written) {
        Await.until("it is stored", BOUND, () -> stored(written) == written.changes());
    }

    private LogSequenceNumber commitOf(Written written) {
        return lsn(house.target()
                .queryForString(
                        "SELECT max(commit_lsn)::text FROM shadow.event_ledger WHERE side = 1 AND xid = ?",
                        written.xid()));
    }

    private ReaderPosition reported() {
        return house.api().positions().stream()
                .filter(reader -> reader.side() == Side.CONSUMER)
                .findFirst()
                .orElseThrow();
    }

    private LogSequenceNumber position() {
        return reported().position();
    }

    private LogSequenceNumber confirmed() {
        return lsn(house.source()
                .queryForString(
                        "SELECT confirmed_flush_lsn::text FROM pg_replication_slots WHERE slot_name = ?", SLOT));
    }

    private static LogSequenceNumber lsn(@Nullable String text) {
        return LogSequenceNumber.valueOf(Objects.requireNonNull(text));
    }
}
