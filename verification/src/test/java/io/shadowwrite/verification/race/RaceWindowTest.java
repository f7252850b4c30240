package io.shadowwrite.verification.race;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.ContractReader;
import io.shadowwrite.replication.source.SourceConnection;
import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Source;
import io.shadowwrite.testsupport.Target;
import io.shadowwrite.verification.ShadowTables;
import io.shadowwrite.verification.Tick;
import io.shadowwrite.verification.TickResult;
import io.shadowwrite.verification.TickSettings;
import io.shadowwrite.verification.pin.BarrierPin;
import io.shadowwrite.verification.pin.CheckedPin;
import io.shadowwrite.verification.pin.FallbackPin;
import io.shadowwrite.verification.pin.HoldControl;
import io.shadowwrite.verification.pin.Pin;
import io.shadowwrite.verification.pin.PinKind;
import io.shadowwrite.verification.pin.PinOutcome;
import io.shadowwrite.verification.pin.PinSettings;
import io.shadowwrite.verification.pin.PinnedSides;
import io.shadowwrite.verification.pin.RaceWindow;
import io.shadowwrite.verification.pin.RaceWindowPin;
import io.shadowwrite.verification.progress.Progress;
import io.shadowwrite.verification.session.TargetConnection;
import io.shadowwrite.verification.verdict.Finding;
import io.shadowwrite.verification.verdict.FindingClass;
import io.shadowwrite.verification.verdict.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.replication.LogSequenceNumber;

/** What a race window tells apart, on a target that follows a real source. */
@PostgresTest
@Timeout(120)
class RaceWindowTest {

    private static final String CONTRACT = """
            {"version": 1, "name": "small",
             "models": {"Item": {"kind": "crud", "table": "unified.item", "key": ["code"],
               "columns": {"code": "bigint", "name": "text"}}},
             "sources": {"app.item": {"columns": {"id": "bigint", "code": "bigint", "name": "text"}, "key": ["id"],
               "identity": "full",
               "writes": [{"model": "Item", "key": {"code": {"column": "code"}}, "set": {"name": {"column": "name"}}}]}}}
            """;

    private final Database source;
    private final Database target;
    private Mirror mirror;
    private Contract contract;

    RaceWindowTest(@Source Database source, @Target Database target, @TempDir Path folder) throws IOException {
        this.source = source;
        this.target = target;
        source.execute(
                "create schema app",
                "create table app.item (id bigint primary key, code bigint not null, name text)",
                "alter table app.item replica identity full");
        ShadowTables.create(target);
        target.execute("create schema unified", "create table unified.item (code bigint primary key, name text)");
        this.mirror = new Mirror(source, target);
        this.contract = new ContractReader().read(Files.writeString(folder.resolve("contract.json"), CONTRACT));
    }

    @BeforeEach
    void someRows() {
        source.execute("insert into app.item select g, g + 1000, 'name ' || g from generate_series(1, 20) g");
        mirror.follow();
    }

    @AfterEach
    void noSlotStays() {
        mirror.drop();
    }

    @Test
    void isExactlyWhatTheTargetShowsAndTheSourceDoesNot() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        AtomicLong ids = new AtomicLong(100);
        long raced = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                writers.add(threads.submit(() -> write(ids, stop)));
            }
            try {
                for (int i = 0; i < 10; i++) {
                    raced += assertExact();
                }
            } finally {
                stop.set(true);
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
        }
        assertThat(raced).as("rows that were written meanwhile").isPositive();
    }

    private long assertExact() throws SQLException {
        try (PinnedSides sides = pinned(raceWindow())) {
            RaceWindow window = Objects.requireNonNull(sides.window());
            Set<String> inSource =
                    sides.source().read("source", connection -> texts(connection, "select code from app.item"));
            Set<String> inTarget =
                    sides.target().read("target", connection -> texts(connection, "select code from unified.item"));
            Set<String> inWindow =
                    sides.target().read("window", connection -> texts(connection, """
                    select (source_key::jsonb ->> 'id')::bigint + 1000
                      from shadow.event_ledger
                     where side = 1 and not pg_visible_in_snapshot(xid::text::xid8, '%s')
                    """.formatted(window.snapshot())));
            assertThat(inTarget).containsAll(inSource);
            inTarget.removeAll(inSource);
            assertThat(inTarget).isEqualTo(inWindow);
            return inWindow.size();
        }
    }

    private Void write(AtomicLong ids, AtomicBoolean stop) throws SQLException {
        try (Connection connection = source.connect();
                Statement statement = connection.createStatement()) {
            while (!stop.get()) {
                long id = ids.incrementAndGet();
                statement.execute("insert into app.item values (%d, %d, 'x')".formatted(id, id + 1000));
                // What follows is slow, and must come along.
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            }
        }
        return null;
    }

    @Test
    void findsNothingInWhatWasWrittenMeanwhile() {
        mirror.meanwhile(() -> source.execute(
                "update app.item set name = 'other' where id = 1",
                "delete from app.item where id = 2",
                "insert into app.item values (200, 1200, 'new')",
                // Another source key, and another target key.
                "update app.item set id = 300 where id = 3",
                "update app.item set code = 1400 where id = 4",
                "update app.item set id = 500, code = 1500 where id = 5",
                // Two rows that change places.
                "begin; update app.item set code = 0 where id = 6; update app.item set code = 1006 where id = 7;"
                        + " update app.item set code = 1007 where id = 6; commit"));

        TickResult tick = tick();

        assertThat(tick.findings()).isEmpty();
        assertThat(tick.verdict()).as(tick.reason()).isEqualTo(Verdict.CLEAN);
        assertThat(tick.reason()).contains("explained by the race window");
        assertThat(tick.pinKind()).isEqualTo(PinKind.RACE_WINDOW);
    }

    @Test
    void knowsACommitThatIsAppliedLongBeforeTheSourceShowsIt() throws Exception {
        source.execute("alter database " + source.name() + " set synchronous_commit = local");
        source.execute("alter system set synchronous_standby_names = 'nobody'", "select pg_reload_conf()");
        try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
            Future<?> waiting = thread.submit(() -> source.execute(
                    "set synchronous_commit = on", "begin; update app.item set name = 'unseen' where id = 1; commit"));
            try {
                Await.until("the change is applied", Duration.ofSeconds(20), () -> {
                    mirror.follow();
                    return "unseen".equals(target.queryForString("select name from unified.item where code = 1001"));
                });
                source.execute("insert into app.item select g, g + 1000, 'later' from generate_series(600, 650) g");
                mirror.follow();
                assertThat(source.queryForString("select name from app.item where id = 1"))
                        .isEqualTo("name 1");

                TickResult tick = tick();

                assertThat(tick.verdict()).as(tick.reason()).isEqualTo(Verdict.CLEAN);
                assertThat(tick.findings())
                        .extracting(Finding::findingClass, Finding::originalClass)
                        .containsExactly(tuple(FindingClass.VERIFIER_RACE_WINDOW, FindingClass.VALUE_MISMATCH));
            } finally {
                source.execute("alter system reset synchronous_standby_names", "select pg_reload_conf()");
                waiting.get();
            }
        }
    }

    @Test
    void findsWhatIsOutsideOfItAtOnce() {
        target.execute("update unified.item set name = 'wrong' where code = 1008");
        mirror.meanwhile(() -> source.execute("update app.item set name = 'other' where id = 1"));

        TickResult tick = tick();

        assertDirty(tick, FindingClass.VALUE_MISMATCH, "{\"code\":1008}");
    }

    @Test
    void findsWhatIsInsideOfItByLookingAgain() {
        mirror.meanwhile(() -> {
            source.execute("update app.item set name = name where id = 8");
            mirror.follow();
            target.execute("update unified.item set name = 'wrong' where code = 1008");
        });

        TickResult tick = tick();

        assertDirty(tick, FindingClass.VALUE_MISMATCH, "{\"code\":1008}");
    }

    @Test
    void findsInTheNextRunWhatBecameWrongMeanwhile() {
        // Nobody knows which target row goes with the source row, so it stays.
        target.execute("delete from shadow.pk_map where source_key = '{\"id\":8}'");
        mirror.meanwhile(() -> source.execute("delete from app.item where id = 8"));

        TickResult first = tick();
        TickResult second = tick();

        assertThat(first.verdict()).as(first.reason()).isEqualTo(Verdict.CLEAN);
        assertDirty(second, FindingClass.EXTRA_IN_RDB, "{\"code\":1008}");
    }

    @Test
    void findsInTheNextRunWhatWasBeingWrittenEachTime() {
        keepWritingAWrongRow();

        TickResult first = tick();
        store(first);
        TickResult second = tick();

        assertThat(first.verdict()).as(first.reason()).isEqualTo(Verdict.CLEAN);
        assertThat(first.findings())
                .extracting(Finding::findingClass, Finding::originalClass, Finding::targetKey)
                .containsExactly(
                        tuple(FindingClass.VERIFIER_RACE_WINDOW, FindingClass.VALUE_MISMATCH, "{\"code\":1009}"));
        assertDirty(second, FindingClass.VALUE_MISMATCH, "{\"code\":1009}");
    }

    @Test
    void forgetsADifferenceThatTheRunBeforeDidNotHave() {
        keepWritingAWrongRow();
        store(tick());
        target.execute("insert into shadow.verifier_run (pin_lsn) values ('0/1')");

        assertThat(tick().verdict()).isEqualTo(Verdict.CLEAN);
    }

    @Test
    void relievesNoSecondVersionOfAKey() {
        target.execute("alter table unified.item drop constraint item_pkey");
        mirror.always(() -> {
            source.execute("update app.item set name = name where id = 10");
            mirror.follow();
            target.execute("insert into unified.item select * from unified.item where code = 1010");
        });

        TickResult tick = tick();

        assertDirty(tick, FindingClass.DUPLICATE_CURRENT_VERSION, "{\"code\":1010}");
    }

    @Test
    void decidesNothingAboutDifferencesThatItOnlyCounted() {
        source.execute("insert into app.item select g, g + 1000, 'more' from generate_series(21, 120) g");
        mirror.meanwhile(() -> source.execute("update app.item set name = 'all of them'"));

        TickResult tick = tick(5);

        assertThat(tick.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(tick.reason()).contains("20 difference(s) beyond twenty times the cap");
        assertThat(tick.findings()).isEmpty();
    }

    @Test
    void isTheWayOutWhenATransactionIsOpenForLong() throws SQLException {
        try (Connection open = source.connect();
                Statement statement = open.createStatement()) {
            open.setAutoCommit(false);
            statement.execute("update app.item set name = 'late' where id = 1");

            TickResult tick =
                    tick(new FallbackPin(checked(barrier(), List.of()), checked(raceWindow(), List.of())), 100);

            assertThat(tick.verdict()).as(tick.reason()).isEqualTo(Verdict.CLEAN);
            assertThat(tick.findings()).isEmpty();
            assertThat(tick.pinKind()).isEqualTo(PinKind.RACE_WINDOW);
            assertThat(tick.barrierRefused()).contains("older than");

            mirror.meanwhile(() -> commit(open));
            assertThat(tick().findings()).isEmpty();
        }
    }

    private static void commit(Connection connection) {
        try {
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void isNoWayOutForASourceThatIsNotFit() {
        AtomicBoolean other = new AtomicBoolean();
        Pin either = new FallbackPin(
                checked(barrier(), List.of("a table is gone")),
                new CheckedPin(address(), _ -> tried(other), raceWindow()));

        TickResult tick = tick(either, 100);

        assertThat(tick.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(tick.reason()).isEqualTo("a table is gone");
        assertThat(tick.pinKind()).isNull();
        assertThat(other).as("whether the other pin was tried").isFalse();
    }

    @Test
    void saysWhyNeitherPinWasPossible() {
        Pin either = new FallbackPin(
                new BarrierPin(
                        address(),
                        targetAddress(),
                        mirror,
                        settings(Duration.ofSeconds(20), Duration.ofMinutes(1)),
                        Progress.SILENT),
                new RaceWindowPin(
                        address(), targetAddress(), new Behind(), settings(Duration.ofMillis(100)), Progress.SILENT));

        TickResult tick = tick(either, 100);

        assertThat(tick.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(tick.reason())
                .contains("no barrier: nobody may hold here", "no race window: after 0s the consumer is at 0/1");
    }

    /** A row whose next event is there before anyone can look, and whose target row is wrong again behind it. */
    private void keepWritingAWrongRow() {
        mirror.always(() -> {
            source.execute("update app.item set name = name where id = 9");
            mirror.follow();
            target.execute("update unified.item set name = 'wrong' where code = 1009");
        });
    }

    private void store(TickResult run) {
        target.execute("insert into shadow.verifier_run (pin_lsn) values ('%s')"
                .formatted(Objects.requireNonNull(run.pinLsn()).asString()));
        for (Finding finding : run.findings()) {
            target.execute(
                    "insert into shadow.finding select run_id, '%s', '%s' from shadow.verifier_run order by recorded_at desc limit 1"
                            .formatted(finding.findingClass(), finding.signature()));
        }
    }

    private static List<String> tried(AtomicBoolean other) {
        other.set(true);
        return List.of();
    }

    private static void assertDirty(TickResult tick, FindingClass findingClass, String key) {
        assertThat(tick.verdict()).as(tick.reason()).isEqualTo(Verdict.DIRTY);
        assertThat(tick.findings())
                .filteredOn(finding -> !finding.columns().contains("pk_map"))
                .extracting(Finding::findingClass, Finding::targetKey)
                .containsExactly(tuple(findingClass, key));
    }

    private TickResult tick() {
        return tick(100);
    }

    private TickResult tick(int findingsCap) {
        return tick(raceWindow(), findingsCap);
    }

    private TickResult tick(Pin pin, int findingsCap) {
        TickSettings settings = new TickSettings(LogSequenceNumber.valueOf("0/1"), 4, 100, findingsCap, false);
        return new Tick(contract, pin, settings, Clock.systemUTC(), Progress.SILENT).run();
    }

    private Pin raceWindow() {
        return new RaceWindowPin(address(), targetAddress(), mirror, settings(Duration.ofSeconds(20)), Progress.SILENT);
    }

    private Pin barrier() {
        return new BarrierPin(address(), targetAddress(), mirror, settings(Duration.ofSeconds(20)), Progress.SILENT);
    }

    private Pin checked(Pin pin, List<String> problems) {
        return new CheckedPin(address(), _ -> problems, pin);
    }

    private static PinSettings settings(Duration barrierTimeout) {
        return settings(barrierTimeout, Duration.ZERO);
    }

    private static PinSettings settings(Duration barrierTimeout, Duration longTransactionLimit) {
        Duration bound = Duration.ofSeconds(5);
        return new PinSettings(2, bound, barrierTimeout, longTransactionLimit, bound, Duration.ofMinutes(1));
    }

    private SourceConnection address() {
        return new SourceConnection(source.jdbcUrl(), source.user(), source.password());
    }

    private TargetConnection targetAddress() {
        return new TargetConnection(target.jdbcUrl(), target.user(), target.password());
    }

    private static PinnedSides pinned(Pin pin) {
        return switch (pin.take()) {
            case PinOutcome.Pinned(PinnedSides sides) -> sides;
            case PinOutcome.Impossible impossible -> throw new AssertionError(impossible.reason());
            case PinOutcome.Unfit unfit -> throw new AssertionError(unfit.reason());
        };
    }

    private static Set<String> texts(Connection connection, String sql) throws SQLException {
        Set<String> texts = new HashSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
        }
        return texts;
    }

    /** Readers that never move. */
    private static final class Behind implements HoldControl {
        @Override
        public void hold(@Nullable LogSequenceNumber haltAt, Duration lease) {}

        @Override
        public void release() {}

        @Override
        public Positions positions() {
            return new Positions(LogSequenceNumber.valueOf("0/1"), LogSequenceNumber.valueOf("0/1"));
        }
    }
}
