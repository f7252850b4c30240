package io.shadowwrite.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.protocol.Side;
import io.shadowwrite.system.suite.Program;
import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.DatabaseFailure;
import io.shadowwrite.verification.TickResult;
import io.shadowwrite.verification.verdict.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.postgresql.replication.LogSequenceNumber;

/** Servers and slots that are replaced beside a running suite are noticed, and never become a clean hour. */
@Timeout(400)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ServerMishapIT {

    private final House house = House.streaming("server-mishaps");
    private final Database source = house.source();
    private final Readers readers = new Readers(house);

    @BeforeAll
    void rowsArrive() {
        house.traffic(73).run(2_000, Double.POSITIVE_INFINITY, () -> false);
        house.drain();
    }

    @AfterAll
    void tearDown() {
        house.close();
    }

    /** An earlier state of the files, which a standby that had not heard of the last commits would have, too. */
    @Test
    @Order(1)
    void aTargetThatForgotWhatItHadStoredHaltsBothReadersUntilItKnowsAgain() {
        house.drain();
        Path data = Precondition.dataOf(house.target());
        Path earlier = data.resolveSibling("earlier");
        Path later = data.resolveSibling("later");
        house.targetServer().stopFast();
        HostCommand.must("cp", "-a", data.toString(), earlier.toString());
        house.targetServer().restart();
        source.execute("INSERT INTO partners.tag (slug, label) VALUES ('forgotten', 'x')");
        LogSequenceNumber behind = lsn("SELECT pg_current_wal_insert_lsn()::text");
        house.drain();
        for (Side side : Side.values()) {
            Await.until(
                    "the slot was told",
                    Readers.SAID_WITHIN,
                    () -> lsn(
                                            "SELECT confirmed_flush_lsn::text FROM pg_replication_slots WHERE slot_name = ?",
                                            readers.slot(side))
                                    .compareTo(behind)
                            >= 0);
        }

        replaceTarget(data, later, earlier);

        for (Side side : Side.values()) {
            assertThat(readers.awaitHalt(side)).contains("SLOT_AHEAD");
        }
        readers.assertNoCleanHour();
        replaceTarget(data, earlier, later);
        for (Side side : Side.values()) {
            readers.startAgain(side);
        }
        house.drain();
        assertThat(tags("forgotten")).isOne();
    }

    private void replaceTarget(Path data, Path kept, Path instead) {
        house.targetServer().stopFast();
        HostCommand.must("mv", data.toString(), kept.toString());
        HostCommand.must("mv", instead.toString(), data.toString());
        house.targetServer().restart();
    }

    private LogSequenceNumber lsn(String sql, Object... parameters) {
        return LogSequenceNumber.valueOf(Objects.requireNonNull(source.queryForString(sql, parameters)));
    }

    @Test
    @Order(2)
    void aSlotThatSomebodyMovedDroppedOrMadeAgainHaltsItsReaderAndNoHourIsClean() {
        house.suite().kill(Program.SLOT_READER);
        source.execute("INSERT INTO partners.tag (slug, label) VALUES ('skipped', 'x')");
        readers.awaitFree(Side.VERIFIER);
        source.queryForList("SELECT pg_replication_slot_advance(?, pg_current_wal_lsn())", readers.slot(Side.VERIFIER));
        readers.start(Side.VERIFIER);
        assertThat(readers.awaitHalt(Side.VERIFIER)).contains("SLOT_AHEAD");
        readers.assertNoCleanHour();

        house.suite().kill(Program.SLOT_READER);
        readers.awaitFree(Side.VERIFIER);
        source.queryForList("SELECT pg_drop_replication_slot(?)", readers.slot(Side.VERIFIER));
        readers.start(Side.VERIFIER);
        assertThat(readers.awaitHalt(Side.VERIFIER)).contains("SLOT_MISSING");

        house.suite().kill(Program.SLOT_READER);
        source.queryForList("SELECT pg_create_logical_replication_slot(?, 'wal2json')", readers.slot(Side.VERIFIER));
        readers.start(Side.VERIFIER);
        assertThat(readers.awaitHalt(Side.VERIFIER)).contains("SLOT_AHEAD");
    }

    /** It has the system identifier and the slots of the old primary, as when they are synchronised, and its LSNs until it parted. */
    @Test
    @Order(3)
    void aStandbyThatIsPromotedIsAnotherSourceAndANewWindowForgetsWhatItNeverHad() throws IOException {
        Path data = Precondition.dataOf(source);
        Path standby = data.resolveSibling("standby");
        house.sourceServer().stopFast();
        HostCommand.must("cp", "-a", data.toString(), standby.toString());
        house.sourceServer().restart();
        source.execute("INSERT INTO partners.tag (slug, label) VALUES ('never-in-the-standby', 'x')");
        Await.until("the target has it", Readers.SAID_WITHIN, () -> tags("never-in-the-standby") == 1);
        house.sourceServer().stopFast();
        HostCommand.must("mv", data.toString(), data.resolveSibling("primary").toString());
        HostCommand.must("mv", standby.toString(), data.toString());
        Files.createFile(data.resolve("standby.signal"));
        house.sourceServer().begin();
        Await.until("the standby answers", Readers.SAID_WITHIN, this::isStandby);

        assertThat(source.queryForString("SELECT pg_promote()::text")).isEqualTo("true");
        readers.startAgain(Side.CONSUMER);

        assertThat(readers.awaitHalt(Side.CONSUMER)).contains("SYSTEM_CHANGED");
        readers.assertNoHourBegins();
        assertThat(tags("never-in-the-standby")).isOne();
        new NewWindow(house).open();
        house.drain();
        assertThat(tags("never-in-the-standby")).isZero();
        TickResult tick = new Ticks(house).run();
        assertThat(tick.verdict()).as(tick.reason()).isEqualTo(Verdict.CLEAN);
    }

    private long tags(String slug) {
        return house.target().queryForLong("SELECT count(*) FROM unified.tag WHERE slug = ?", slug);
    }

    private boolean isStandby() {
        try {
            return "true".equals(source.queryForString("SELECT pg_is_in_recovery()::text"));
        } catch (DatabaseFailure notYet) {
            return false;
        }
    }
}
