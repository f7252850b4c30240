package io.shadowwrite.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.protocol.Side;
import io.shadowwrite.system.suite.Program;
import io.shadowwrite.system.suite.ProgramProcess;
import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.DatabaseFailure;
import io.shadowwrite.verification.TickResult;
import io.shadowwrite.verification.verdict.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Disks that are really full, on file systems of a few megabytes. Where this user may not mount them, or servers do not run
 * on this machine, the tests that need them are skipped and say so, but fail in CI, and for root with -Pfaults.
 */
@Timeout(400)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FullDiskIT {

    private static final long FIRST_ID = 9_200_000_000L;
    private static final int TARGET_MEGABYTES = 48;
    private static final int LOG_MEGABYTES = 512;

    /** More than there is of the log's disk. */
    private static final int MOST_WRITES = 2 * LOG_MEGABYTES;

    private final House house = House.streaming("full-disks");
    private final Database source = house.source();
    private final Readers readers = new Readers(house);
    private @Nullable SmallDisk targetDisk;
    private @Nullable SmallDisk logDisk;

    @BeforeAll
    void rowsArrive() {
        house.traffic(91).run(500, Double.POSITIVE_INFINITY, () -> false);
        house.drain();
    }

    @AfterEach
    void thereIsRoomAgain() throws IOException {
        free(targetDisk);
        free(logDisk);
    }

    private static void free(@Nullable SmallDisk disk) throws IOException {
        if (disk != null) {
            disk.free();
        }
    }

    @AfterAll
    void tearDown() {
        try (SmallDisk _ = targetDisk;
                SmallDisk _ = logDisk) {
            house.close();
        }
    }

    @Test
    @Order(1)
    void aProgramWhoseLogIsOnAFullDiskGoesOn() throws IOException {
        String name = "consumer-with-a-full-disk";
        Path full = Path.of("/dev/full");
        Path log = Files.createSymbolicLink(house.logs().resolve(name + ".log"), full);
        house.suite().kill(Program.CONSUMER);
        ProgramProcess consumer = readers.launch(
                Side.CONSUMER, house.suite().plan(Program.CONSUMER).named(name));
        try {
            assertThat(consumer.log().toRealPath()).isEqualTo(full);
            write(1, 5, 10);
            house.drain();

            assertThat(arrived(1, 5)).isEqualTo(5);
            assertThat(consumer.isAlive()).isTrue();
        } finally {
            // Reading has no end there, and whoever could not be killed would be told with the end of its log.
            Files.delete(log);
            consumer.kill();
            readers.start(Side.CONSUMER);
        }
        assertEqual();
    }

    @Test
    @Order(2)
    void nothingIsConfirmedNorHalfWrittenWhileTheTargetIsFull() throws IOException {
        SmallDisk disk = disk(TARGET_MEGABYTES);
        targetDisk = disk;
        Database target = house.target();
        Path place = disk.directoryLike("space", Precondition.dataOf(target));
        target.execute("CREATE TABLESPACE small LOCATION '%s'".formatted(place), """
                ALTER TABLE unified.document SET TABLESPACE small
                """);
        house.drain();
        disk.fill();

        write(101, 20, 3_000);
        LogSequenceNumber behind = lsn("SELECT pg_current_wal_insert_lsn()::text");
        tag("behind-the-full-target");
        Await.until("the target says that it is full", Readers.SAID_WITHIN, this::targetSaysThatItIsFull);
        Await.until(
                "the slot reader goes on",
                Readers.SAID_WITHIN,
                () -> readers.reader(Side.VERIFIER).position().compareTo(behind) >= 0);

        assertThat(arrived(101, 20)).isZero();
        assertThat(readers.reader(Side.CONSUMER).position()).isLessThan(behind);
        assertThat(confirmed()).isLessThan(behind);
        assertThat(readers.reader(Side.CONSUMER).state()).isNotEqualTo("HALTED");

        disk.free();
        house.drain();
        assertThat(arrived(101, 20)).isEqualTo(20);
        house.oracle().agreesWithBothReaders();
        assertEqual();
        target.execute("ALTER TABLE unified.document SET TABLESPACE pg_default", "DROP TABLESPACE small");
    }

    @Test
    @Order(3)
    void whatTheSourceHadCommittedBeforeItsLogWasFullArrivesOnceItIsUpAgain() throws IOException {
        SmallDisk disk = disk(LOG_MEGABYTES);
        logDisk = disk;
        Path log = Precondition.dataOf(source).resolve("pg_wal");
        house.drain();
        house.sourceServer().stopFast();
        disk.take(log);
        house.sourceServer().restart();
        house.drain();
        disk.fill();

        int committed = writeUntilTheSourceFails();

        assertThat(Files.readString(house.sourceServer().log())).contains("PANIC", "No space left on device");
        disk.free();
        house.sourceServer().restart();
        house.oracle().beginAgain();
        tag("behind-the-full-log");
        house.drain();
        long there = source.queryForLong("""
                SELECT count(*) FROM partners.partner_document
                 WHERE title LIKE 'disk %' AND substr(title, 6)::int > 1000
                """);
        assertThat(there).isBetween((long) committed, committed + 1L);
        assertThat(arrived(1_001, MOST_WRITES)).isEqualTo(there);
        house.oracle().agreesWithBothReaders();
        History.isSound(house.target());
        assertEqual();
    }

    /** How many transactions it said were committed. */
    private int writeUntilTheSourceFails() {
        for (int i = 0; i < MOST_WRITES; i++) {
            try {
                write(1_001 + i, 1, 30_000);
            } catch (DatabaseFailure full) {
                return i;
            }
        }
        throw new AssertionError("the log of the source was never full");
    }

    private static SmallDisk disk(int megabytes) throws IOException {
        Optional<SmallDisk> disk = SmallDisk.mounted(megabytes);
        Precondition.ofRoot(disk.isPresent(), "run it as a user who may mount a file system in memory");
        return disk.orElseThrow();
    }

    /** Rows that do not become smaller in a table. */
    private void write(int from, int rows, int digests) {
        source.execute("""
                INSERT INTO partners.partner_document (id, partner_id, kind, title, body, received_at)
                SELECT %d + row, (SELECT min(id) FROM partners.partner), 'letter', 'disk ' || row, body, now()
                  FROM generate_series(%d, %d) AS row,
                       LATERAL (SELECT string_agg(md5((row * 100000 + part)::text), '') AS body
                                  FROM generate_series(1, %d) AS part) AS large
                """.formatted(FIRST_ID, from, from + rows - 1, digests));
    }

    private long arrived(int from, int rows) {
        return house.target().queryForLong("""
                SELECT count(*) FROM unified.document
                 WHERE title LIKE 'disk %' AND substr(title, 6)::int BETWEEN ? AND ?
                """, from, from + rows - 1);
    }

    private void tag(String slug) {
        source.execute("INSERT INTO partners.tag (slug, label) VALUES ('%s', 'x')".formatted(slug));
    }

    private boolean targetSaysThatItIsFull() {
        try {
            return Files.readString(house.targetServer().log()).contains("No space left on device");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private LogSequenceNumber confirmed() {
        return lsn(
                "SELECT confirmed_flush_lsn::text FROM pg_replication_slots WHERE slot_name = ?",
                readers.slot(Side.CONSUMER));
    }

    private LogSequenceNumber lsn(String sql, Object... parameters) {
        return LogSequenceNumber.valueOf(Objects.requireNonNull(source.queryForString(sql, parameters)));
    }

    private void assertEqual() {
        TickResult tick = new Ticks(house).run();
        assertThat(tick.findings()).as(tick.reason()).isEmpty();
        assertThat(tick.verdict()).as(tick.reason()).isEqualTo(Verdict.CLEAN);
    }
}
