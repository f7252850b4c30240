package io.shadowwrite.verification.race;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Source;
import io.shadowwrite.testsupport.Target;
import io.shadowwrite.verification.TickResult;
import io.shadowwrite.verification.pin.Pin;
import io.shadowwrite.verification.pin.PinKind;
import io.shadowwrite.verification.pin.PinOutcome;
import io.shadowwrite.verification.pin.PinnedSides;
import io.shadowwrite.verification.pin.RaceWindow;
import io.shadowwrite.verification.verdict.Finding;
import io.shadowwrite.verification.verdict.FindingClass;
import io.shadowwrite.verification.verdict.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a race window tells apart, on a target that follows a real source. */
@PostgresTest
@Timeout(120)
class RaceWindowTest {

    private final FollowedItems items;
    private final Database source;
    private final Database target;
    private final Mirror mirror;

    RaceWindowTest(@Source Database source, @Target Database target, @TempDir Path folder) throws IOException {
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
        try (PinnedSides sides = pinned(items.raceWindow())) {
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

        TickResult tick = items.tick();

        assertThat(tick.findings()).isEmpty();
        assertThat(tick.verdict()).as(tick.reason()).isEqualTo(Verdict.CLEAN);
        assertThat(tick.reason()).contains("explained by the race window");
        assertThat(tick.pinKind()).isEqualTo(PinKind.RACE_WINDOW);
    }

    @Test
    void knowsACommitThatIsAppliedLongBeforeTheSourceShowsIt() throws Exception {
        source.execute("alter system set synchronous_standby_names = 'nobody'", "select pg_reload_conf()");
        try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
            Await.until("commits wait for a standby", Duration.ofSeconds(20), () -> aCommitWaits(thread));
            Future<?> waiting = thread.submit(
                    () -> source.execute("begin; update app.item set name = 'unseen' where id = 1; commit"));
            try {
                Await.until("the change is applied", Duration.ofSeconds(20), () -> {
                    mirror.follow();
                    return "unseen".equals(target.queryForString("select name from unified.item where code = 1001"));
                });
                source.execute(
                        "set synchronous_commit = local",
                        "insert into app.item select g, g + 1000, 'later' from generate_series(600, 650) g");
                mirror.follow();
                assertThat(source.queryForString("select name from app.item where id = 1"))
                        .isEqualTo("name 1");

                TickResult tick = items.tick();

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

    /** The servers' processes read their settings one by one, and nothing but a commit tells whether all have. */
    private boolean aCommitWaits(ExecutorService thread) {
        Future<?> probe =
                thread.submit(() -> source.execute("select pg_logical_emit_message(true, 'probe', 'waits?')"));
        Await.until(
                "a commit, or its wait",
                Duration.ofSeconds(20),
                () -> probe.isDone()
                        || source.queryForLong("select count(*) from pg_stat_activity where wait_event = 'SyncRep'")
                                > 0);
        boolean waits = !probe.isDone();
        source.queryForLong("select count(pg_cancel_backend(pid)) from pg_stat_activity where wait_event = 'SyncRep'");
        Await.until("the end of a commit", Duration.ofSeconds(20), probe::isDone);
        return waits;
    }

    @Test
    void looksNoFurtherDownThanWhereTheOldestOpenTransactionBegan() throws SQLException {
        items.store(items.tick());
        try (Connection open = source.connect();
                Statement statement = open.createStatement()) {
            open.setAutoCommit(false);
            statement.execute("update app.item set name = 'late' where id = 1");
            long xid = Long.parseLong(
                    texts(open, "select pg_current_xact_id()::text").iterator().next());
            // What cannot be: receipts of that transaction from before it began.
            target.execute("""
                    insert into shadow.event_ledger (side, commit_lsn, change_index, digest0, digest1, source_table, operation,
                                                     xid, source_key)
                    select side, '0/2', 0, 1, 1, 1, 2, %d, '{"id":8}' from (values (1), (2)) s (side)
                    """.formatted(xid));
            target.execute("update unified.item set name = 'wrong' where code = 1008");

            FollowedItems.assertDirty(items.tick(), FindingClass.VALUE_MISMATCH, "{\"code\":1008}");
            open.rollback();
        }
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
}
