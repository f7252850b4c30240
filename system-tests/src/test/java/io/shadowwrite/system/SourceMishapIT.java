package io.shadowwrite.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.protocol.DeadLetter;
import io.shadowwrite.protocol.ExitCode;
import io.shadowwrite.protocol.LetterClass;
import io.shadowwrite.protocol.LetterState;
import io.shadowwrite.protocol.Side;
import io.shadowwrite.system.suite.Launch;
import io.shadowwrite.system.suite.Program;
import io.shadowwrite.system.suite.ProgramProcess;
import io.shadowwrite.testsupport.BytePoint;
import io.shadowwrite.testsupport.BytePoint.Way;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.TcpProxy;
import io.shadowwrite.verification.TickResult;
import io.shadowwrite.verification.verdict.Finding;
import io.shadowwrite.verification.verdict.FindingClass;
import io.shadowwrite.verification.verdict.Verdict;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What people and networks do to the source beside a running suite is said loudly and never becomes a clean hour. */
@Timeout(400)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SourceMishapIT {

    private final House house = House.streaming("source-mishaps");
    private final Database source = house.source();
    private final Readers readers = new Readers(house);

    @BeforeAll
    void rowsArrive() {
        house.traffic(72).run(2_000, Double.POSITIVE_INFINITY, () -> false);
        house.drain();
    }

    @AfterAll
    void tearDown() {
        house.close();
    }

    @Test
    @Order(1)
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
    @Order(2)
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
    @Order(3)
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
    @Order(4)
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
    @Order(5)
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

    private long tags(String slug) {
        return house.target().queryForLong("SELECT count(*) FROM unified.tag WHERE slug = ?", slug);
    }

    private List<DeadLetter> openLetters() {
        return house.api()
                .deadLetters(LetterState.OPEN, null, null, null, null, null, null, null, 10)
                .letters();
    }
}
