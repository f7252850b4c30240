package io.shadowwrite.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.shadowwrite.protocol.DeadLetter;
import io.shadowwrite.protocol.ExitCode;
import io.shadowwrite.protocol.LetterClass;
import io.shadowwrite.protocol.LetterState;
import io.shadowwrite.protocol.Side;
import io.shadowwrite.system.suite.Launch;
import io.shadowwrite.system.suite.Program;
import io.shadowwrite.system.suite.ProgramProcess;
import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.BytePoint;
import io.shadowwrite.testsupport.BytePoint.Way;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.DatabaseFailure;
import io.shadowwrite.testsupport.TcpProxy;
import io.shadowwrite.verification.TickResult;
import io.shadowwrite.verification.verdict.Finding;
import io.shadowwrite.verification.verdict.FindingClass;
import io.shadowwrite.verification.verdict.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.replication.LogSequenceNumber;

/** What people and machines do to both databases beside a running suite is said loudly and never becomes a clean hour. */
@Timeout(400)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MishapIT {

    private final House house = House.streaming("mishaps");
    private final Database source = house.source();
    private final Readers readers = new Readers(house);

    MishapIT() {
        house.traffic(71).run(2_000, Double.POSITIVE_INFINITY, () -> false);
        house.drain();
    }

    @AfterAll
    void tearDown() {
        house.close();
    }

    @Test
    @Order(1)
    void aDrainWithoutAConsumerBlocksTheCutoverAndIsUndone() {
        try (Gate gate = Gate.ready(house)) {
            try (ProgramProcess attempt = gate.begin("--quiet=5s", "--drain-timeout=5s", "--lease=60s")) {
                attempt.awaitLine("step quiet ", Readers.SAID_WITHIN);
                house.suite().kill(Program.CONSUMER);

                assertThat(attempt.exitWithin(Readers.SAID_WITHIN)).isEqualTo(ExitCode.GATE_BLOCKED.code());
                assertThat(String.join("\n", attempt.lines()))
                        .contains("NOT_DRAINED", "step undo")
                        .doesNotContain("PERMITTED");
            }
            assertThat(gate.standing().permit()).isNull();
            assertThat(house.api().controlState().hold()).isNull();
            readers.start(Side.CONSUMER);
            gate.consumerGoesOn();
        }
    }

    @Test
    @Order(2)
    void aDrainOfAConsumerThatHasHaltedBlocksTheCutoverAtOnceAndIsUndone() {
        house.suite().kill(Program.CONSUMER);
        try (ProgramProcess consumer = readers.launch(
                Side.CONSUMER,
                house.suite()
                        .plan(Program.CONSUMER)
                        .named("consumer-that-looks-often")
                        .with("shadow.source-check.interval", "500ms")
                        .with("shadow.delivery.report-interval", "500ms"))) {
            house.drain();
            try (Gate gate = Gate.ready(house)) {
                try (ProgramProcess attempt = gate.begin("--quiet=20s", "--lease=60s")) {
                    attempt.awaitLine("step quiet ", Readers.SAID_WITHIN);
                    source.execute("ALTER TABLE partners.partner_contact REPLICA IDENTITY NOTHING");
                    readers.awaitHalt(Side.CONSUMER);
                    source.execute("ALTER TABLE partners.partner_contact REPLICA IDENTITY DEFAULT");

                    assertThat(attempt.exitWithin(Readers.SAID_WITHIN)).isEqualTo(ExitCode.GATE_BLOCKED.code());
                    assertThat(String.join("\n", attempt.lines()))
                            .contains(
                                    "step drain", "NOT_DRAINED", "CONSUMER has halted", "REPLICA_IDENTITY", "step undo")
                            .doesNotContain("PERMITTED");
                }
                assertThat(gate.standing().permit()).isNull();
                assertThat(house.api().controlState().hold()).isNull();
                consumer.kill();
                readers.start(Side.CONSUMER);
                // It may have looked at the very moment.
                readers.startAgain(Side.VERIFIER);
                gate.consumerGoesOn();
            }
        }
    }

    @Test
    @Order(3)
    void aTruncateIsALetterThatHaltsAndWhatItLeavesInTheTargetIsNamed() {
        source.execute("TRUNCATE partners.partner_document");
        source.execute("INSERT INTO partners.tag (slug, label) VALUES ('behind-the-truncate', 'x')");

        assertThat(readers.awaitHalt(Side.CONSUMER)).contains("TRUNCATE", "partners.partner_document", "dead letter");
        assertThat(tags("behind-the-truncate")).isZero();
        DeadLetter letter = openLetters().getFirst();
        assertThat(letter.letterClass()).isEqualTo(LetterClass.HALTING);
        readers.assertNoCleanHour();

        OperatorCommand resolved = OperatorCommand.run(
                house, "dlq-truncate", "dlq", "resolve", Long.toString(letter.id()), "--reason=a test", "--who=ada");
        assertThat(resolved.code()).as(resolved.text()).isZero();
        readers.startAgain(Side.CONSUMER);
        house.drain();
        TickResult tick = new Ticks(house).run();
        assertThat(tick.verdict()).as(tick.reason()).isEqualTo(Verdict.DIRTY);
        assertThat(tick.findings())
                .isNotEmpty()
                .allSatisfy(finding -> assertThat(finding.findingClass())
                        .as(finding.toString())
                        .isEqualTo(FindingClass.EXTRA_IN_RDB));
        assertThat(tick.findings()).extracting(Finding::model).containsOnly("Document");
    }

    @Test
    @Order(4)
    void changesThatATableLostWithItsIdentityAreNamedByTheRowDiff() {
        String contact =
                Objects.requireNonNull(source.queryForString("SELECT min(id::text) FROM partners.partner_contact"));
        // Between two looks at the source, and back again.
        source.execute(
                "ALTER TABLE partners.partner_contact REPLICA IDENTITY NOTHING",
                "DELETE FROM partners.partner_contact WHERE id = '%s'".formatted(contact),
                "ALTER TABLE partners.partner_contact REPLICA IDENTITY DEFAULT");
        house.drain();

        TickResult tick = new Ticks(house).run();

        assertThat(tick.verdict()).as(tick.reason()).isEqualTo(Verdict.DIRTY);
        assertThat(tick.findings())
                .filteredOn(finding -> finding.model().equals("Contact"))
                .isNotEmpty()
                .allSatisfy(finding -> assertThat(finding.findingClass()).isEqualTo(FindingClass.EXTRA_IN_RDB));
    }

    @Test
    @Order(5)
    void aTableWithoutAnIdentityHaltsBothReadersAndNoHourIsClean() {
        source.execute("ALTER TABLE partners.partner_contact REPLICA IDENTITY NOTHING");

        for (Side side : Side.values()) {
            assertThat(readers.awaitHalt(side)).contains("REPLICA_IDENTITY", "partners.partner_contact");
        }
        readers.assertNoCleanHour();

        source.execute("ALTER TABLE partners.partner_contact REPLICA IDENTITY DEFAULT");
        readers.startAgain(Side.CONSUMER);
        readers.startAgain(Side.VERIFIER);
        house.drain();
    }

    /** As with a release that loads only the plug-ins it was told of. */
    @Test
    @Order(6)
    void aPluginThatTheServerDoesNotLoadAnyMoreHaltsAndItGoesOnAfterAReload() {
        source.execute("ALTER SYSTEM SET dynamic_library_path = '/nowhere'");
        house.sourceServer().restart();

        for (Side side : Side.values()) {
            assertThat(readers.awaitHalt(side)).contains("PLUGIN_MISSING");
        }
        source.execute("INSERT INTO partners.tag (slug, label) VALUES ('without-the-plugin', 'x')");
        house.suite().kill(Program.CONSUMER);
        try (ProgramProcess consumer = readers.launch(
                Side.CONSUMER, house.suite().plan(Program.CONSUMER).named("consumer-without-the-plugin"))) {
            assertThat(consumer.exitWithin(Readers.SAID_WITHIN)).isEqualTo(ExitCode.UNREACHABLE.code());
            assertThat(String.join("\n", consumer.lines())).contains("PLUGIN_MISSING");
        }

        source.execute("ALTER SYSTEM RESET dynamic_library_path", "SELECT pg_reload_conf()");
        readers.start(Side.CONSUMER);
        readers.startAgain(Side.VERIFIER);
        house.drain();
        assertThat(tags("without-the-plugin")).isOne();
    }

    @ParameterizedTest
    @Order(7)
    @EnumSource
    void aMessageThatIsSpoiltOnItsWayHaltsItsReaderWithoutBeingShown(Side side) {
        house.oracle().beginAgain();
        String slug = "spoilt-for-the-" + side.name().toLowerCase(Locale.ROOT);
        house.suite().kill(Readers.program(side));
        try (TcpProxy proxy = TcpProxy.to(house.sourceServer().port());
                ProgramProcess reader = readers.launch(side, behind(proxy, side))) {
            house.drain();
            // No text in UTF-8 for the one, no JSON for the other.
            BytePoint spoilt = switch (side) {
                case CONSUMER -> proxy.spoilAt(BytePoint.behind(Way.TO_CLIENT, slug), 0xFF);
                case VERIFIER -> proxy.spoilAt(BytePoint.behind(Way.TO_CLIENT, "{\"action\":\"I\""), 'x');
            };
            source.execute("INSERT INTO partners.tag (slug, label) VALUES ('%s', 'x')".formatted(slug));
            spoilt.await(Readers.SAID_WITHIN);

            assertThat(readers.awaitHalt(side)).contains("UNDECODABLE").doesNotContain(slug);
            assertThat(String.join("\n", reader.lines())).doesNotContain(slug);
            assertThat(openLetters()).isEmpty();
            if (side == Side.CONSUMER) {
                readers.assertNoCleanHour();
            }
        }
        readers.start(side);
        house.drain();
        assertThat(tags(slug)).isOne();
        house.oracle().agreesWithBothReaders();
    }

    private Launch behind(TcpProxy proxy, Side side) {
        return house.suite()
                .plan(Readers.program(side))
                .named("behind-a-proxy-" + side)
                .with("shadow.source.url", source.through(proxy).jdbcUrl());
    }

    /** As after a failover to a standby that had not heard of the last commits. */
    @Test
    @Order(8)
    void aTargetThatForgotWhatItHadStoredHaltsBothReadersUntilItKnowsAgain() {
        house.drain();
        Path data = data(house.target());
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

    private static Path data(Database database) {
        Path data = Path.of(Objects.requireNonNull(database.queryForString("SHOW data_directory")));
        assumeThat(data).as("the server runs on this machine").isDirectory();
        return data;
    }

    @Test
    @Order(9)
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
    @Order(10)
    void aStandbyThatIsPromotedIsAnotherSourceAndANewWindowForgetsWhatItNeverHad() throws IOException {
        Path data = data(source);
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
        readers.assertNoCleanHour();
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

    private List<DeadLetter> openLetters() {
        return house.api()
                .deadLetters(LetterState.OPEN, null, null, null, null, null, null, null, 10)
                .letters();
    }
}
