package io.shadowwrite.verification.pin;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.replication.source.SourceConnection;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Source;
import io.shadowwrite.testsupport.Target;
import io.shadowwrite.verification.ShadowTables;
import io.shadowwrite.verification.progress.Progress;
import io.shadowwrite.verification.session.TargetConnection;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.replication.LogSequenceNumber;

@PostgresTest
class BarrierPinTest {

    private static final int WRITERS = 4;
    private static final int PINS = 12;
    private static final String LEAST_POSITION = "select min(position) from shadow.reader_position";

    private final Database source;
    private final Database target;
    private final ObedientReaders readers;

    BarrierPinTest(@Source Database source, @Target Database target) {
        this.source = source;
        this.target = target;
        this.readers = new ObedientReaders(target);
    }

    @BeforeEach
    void tables() {
        ShadowTables.create(target);
        source.execute("create table public.written (id bigint primary key)");
    }

    @Test
    void showsExactlyTheTransactionsThatCommittedBelowItsLsn() throws Exception {
        source.execute("select pg_create_logical_replication_slot('observer', 'wal2json')");
        List<Observed> observed = new ArrayList<>();
        try {
            pinUnderLoad(observed);
            readTheWal();
            for (Observed one : observed) {
                assertThat(committedBelow(one.lsn()))
                        .as("rows committed below " + one.lsn().asString())
                        .isEqualTo(one.rows());
            }
        } finally {
            source.execute("select pg_drop_replication_slot('observer')");
        }
        assertThat(observed).hasSize(PINS);
        assertThat(observed.getLast().rows()).isGreaterThan(observed.getFirst().rows());
    }

    @Test
    void sharesOneSnapshotAmongAllReadersOfASide() throws SQLException {
        try (PinnedSides sides = pinned(pin(readers))) {
            source.execute("insert into public.written values (1)");
            target.execute("update shadow.reader_position set position = '0/2'");

            for (int i = 0; i < 3; i++) {
                long rows = sides.source().read("rows", connection -> count(connection, "public.written"));
                String position = sides.target().read("position", connection -> single(connection, LEAST_POSITION));
                assertThat(rows).isZero();
                assertThat(position).isEqualTo(sides.lsn().asString());
            }
        }
    }

    @Test
    void leavesNoHoldAndNoSlotBehind() {
        pinned(pin(readers)).close();

        assertThat(readers.held()).isPositive();
        assertThat(readers.released()).isEqualTo(1);
        assertThat(source.queryForLong("select count(*) from pg_replication_slots"))
                .isZero();
    }

    @Test
    void stopsAConsumerThatIsQuickerThanTheSnapshotBeforeItTakesAnother() throws SQLException {
        List<String> holds = new ArrayList<>();
        HoldControl quick = new Fixed(LogSequenceNumber.valueOf("FFFFFFFF/1")) {
            @Override
            public void hold(@Nullable LogSequenceNumber haltAt, Duration lease) {
                holds.add(haltAt == null ? "where it is" : "at a place");
                readers.hold(haltAt, lease);
            }

            @Override
            public void release() {
                holds.add("released");
            }

            @Override
            public Positions positions() {
                return holds.contains("where it is") ? readers.positions() : super.positions();
            }
        };

        try (PinnedSides sides = pinned(pin(quick))) {
            assertThat(holds)
                    .containsSubsequence("at a place", "released", "where it is", "at a place", "released")
                    .last()
                    .isEqualTo("released");
            source.execute("insert into public.written values (1)");
            for (int i = 0; i < 3; i++) {
                long rows = sides.source().read("rows", connection -> count(connection, "public.written"));
                assertThat(rows).isZero();
            }
        }
    }

    @Test
    void refusesToHoldAnyoneUpForAnOldTransaction() throws SQLException {
        try (Connection old = source.connect();
                Statement statement = old.createStatement()) {
            old.setAutoCommit(false);
            statement.execute("insert into public.written values (1)");

            assertThat(impossible(pin(readers, Duration.ZERO))).contains("older than");
            assertThat(readers.held()).isZero();
            old.rollback();
        }
    }

    @Test
    void isImpossibleWhenTheConsumerDoesNotArriveInTime() {
        HoldControl late = new Fixed(LogSequenceNumber.valueOf("0/1"));

        assertThat(impossible(pin(late))).contains("the consumer is at 0/1");
    }

    @Test
    void isImpossibleWhenTheConsumerWentPastTheHold() {
        HoldControl beyond = new Fixed(LogSequenceNumber.valueOf("FFFFFFFF/1"));

        assertThat(impossible(pin(beyond))).contains("beyond the hold");
    }

    @Test
    void believesTheTargetsSnapshotMoreThanAnyReport() {
        HoldControl boastful = new Fixed(LogSequenceNumber.valueOf("0/1")) {
            private volatile LogSequenceNumber told = LogSequenceNumber.valueOf("0/1");

            @Override
            public void hold(@Nullable LogSequenceNumber haltAt, Duration lease) {
                told = haltAt == null ? told : haltAt;
            }

            @Override
            public Positions positions() {
                return new Positions(told, told);
            }
        };

        assertThat(impossible(pin(boastful))).contains("the target's snapshot is at 0/1");
    }

    @Test
    void isImpossibleWhenSomebodyElseHolds() {
        HoldControl taken = new Fixed(LogSequenceNumber.valueOf("0/1")) {
            @Override
            public void hold(@Nullable LogSequenceNumber haltAt, Duration lease) {
                throw new HoldRefused("the gate holds", null);
            }
        };

        assertThat(impossible(pin(taken))).isEqualTo("the gate holds");
    }

    @Test
    void isTakenAsSoonAsWhatStoodAgainstItHasPassed() {
        AtomicInteger refusals = new AtomicInteger(2);
        Pin repeated = repeated(refusals, Duration.ofMinutes(1));

        pinned(repeated).close();

        assertThat(refusals).hasValue(0);
    }

    @Test
    void staysImpossibleWhenPatienceEnds() {
        AtomicInteger refusals = new AtomicInteger(2);

        assertThat(impossible(repeated(refusals, Duration.ZERO))).isEqualTo("the gate holds");
        assertThat(refusals).hasValue(1);
    }

    private Pin repeated(AtomicInteger refusals, Duration patience) {
        HoldControl reluctant = new Fixed(LogSequenceNumber.valueOf("0/1")) {
            @Override
            public void hold(@Nullable LogSequenceNumber haltAt, Duration lease) {
                if (refusals.get() > 0) {
                    refusals.decrementAndGet();
                    throw new HoldRefused("the gate holds", null);
                }
                readers.hold(haltAt, lease);
            }

            @Override
            public Positions positions() {
                return readers.positions();
            }
        };
        return new RepeatedPin(pin(reluctant), patience, Duration.ofMillis(10));
    }

    /** Readers that stay where they are. */
    private static class Fixed implements HoldControl {
        private final LogSequenceNumber position;

        Fixed(LogSequenceNumber position) {
            this.position = position;
        }

        @Override
        public void hold(@Nullable LogSequenceNumber haltAt, Duration lease) {}

        @Override
        public void release() {}

        @Override
        public Positions positions() {
            return new Positions(position, position);
        }
    }

    /** What a pin showed of the source. */
    private record Observed(LogSequenceNumber lsn, long rows) {}

    private void pinUnderLoad(List<Observed> observed) throws InterruptedException, ExecutionException {
        AtomicBoolean stop = new AtomicBoolean();
        AtomicLong ids = new AtomicLong();
        try (ExecutorService threads = Executors.newFixedThreadPool(WRITERS)) {
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                writers.add(threads.submit(() -> write(ids, stop)));
            }
            try {
                for (int i = 0; i < PINS; i++) {
                    try (PinnedSides sides = pinned(pin(readers))) {
                        long rows = sides.source().read("rows", connection -> count(connection, "public.written"));
                        observed.add(new Observed(sides.lsn(), rows));
                    }
                }
            } finally {
                stop.set(true);
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
        }
    }

    private Void write(AtomicLong ids, AtomicBoolean stop) throws SQLException {
        try (Connection connection = source.connect();
                PreparedStatement insert = connection.prepareStatement("insert into public.written values (?)")) {
            while (!stop.get() && ids.get() < 200_000) {
                insert.setLong(1, ids.incrementAndGet());
                insert.execute();
            }
        }
        return null;
    }

    /** What the WAL itself says: each row with the beginning of the commit record of its transaction. */
    private void readTheWal() {
        source.execute("""
                create table public.seen as
                select data ->> 'action' as action,
                       max((data ->> 'lsn')::pg_lsn) filter (where data ->> 'action' = 'B') over (order by n) as commit_lsn
                  from (select n, data::jsonb as data
                          from pg_logical_slot_peek_changes('observer', null, null, 'format-version', '2',
                               'include-lsn', 'true', 'include-transaction', 'true')
                               with ordinality as message (lsn, xid, data, n)) decoded
                """);
    }

    private long committedBelow(LogSequenceNumber lsn) {
        return source.queryForLong(
                "select count(*) from public.seen where action = 'I' and commit_lsn < ?::text::pg_lsn", lsn.asString());
    }

    private BarrierPin pin(HoldControl control) {
        return pin(control, Duration.ofSeconds(20));
    }

    private BarrierPin pin(HoldControl control, Duration longTransactionLimit) {
        PinSettings settings = new PinSettings(
                3,
                Duration.ofSeconds(5),
                Duration.ofMillis(500),
                longTransactionLimit,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30));
        return new BarrierPin(
                new SourceConnection(source.jdbcUrl(), source.user(), source.password()),
                new TargetConnection(target.jdbcUrl(), target.user(), target.password()),
                control,
                settings,
                Progress.SILENT);
    }

    private static PinnedSides pinned(Pin pin) {
        return switch (pin.take()) {
            case PinOutcome.Pinned(PinnedSides sides) -> sides;
            case PinOutcome.Impossible(String reason, Instant _, boolean _) -> throw new AssertionError(reason);
            case PinOutcome.Unfit(String reason, Instant _, boolean _) -> throw new AssertionError(reason);
        };
    }

    private static String impossible(Pin pin) {
        return switch (pin.take()) {
            case PinOutcome.Pinned(PinnedSides sides) -> {
                sides.close();
                throw new AssertionError("pinned at " + sides.lsn());
            }
            case PinOutcome.Impossible(String reason, Instant _, boolean _) -> reason;
            case PinOutcome.Unfit(String reason, Instant _, boolean _) -> throw new AssertionError(reason);
        };
    }

    private static long count(Connection connection, String table) throws SQLException {
        return Long.parseLong(single(connection, "select count(*) from " + table));
    }

    private static String single(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
