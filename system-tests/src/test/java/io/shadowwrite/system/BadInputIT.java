package io.shadowwrite.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.shadowwrite.contract.ContractReader;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ReaderPosition;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.ShadowApiClient;
import io.shadowwrite.protocol.ShadowProblem;
import io.shadowwrite.system.suite.Launch;
import io.shadowwrite.system.suite.Program;
import io.shadowwrite.system.suite.ProgramProcess;
import io.shadowwrite.system.suite.Suite;
import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.LoopbackPort;
import io.shadowwrite.testsupport.PostgresServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What is wrong is named in one line with its fix, by the program that notices, and nothing is lost or written. The
 * programs that need nothing of each other start in pairs before the first test asks for their outcome.
 */
@ExtendWith(HouseExtension.class)
@Timeout(150)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BadInputIT {

    private static final Duration SAID_WITHIN = Duration.ofSeconds(60);
    private static final int INVALID = 3;

    private final House house;
    private final Suite suite;
    private final Path directory = Checkout.freshDirectory("bad-input");
    private final ExecutorService pairs = Executors.newFixedThreadPool(2);

    /** A second migration on the same servers whose window is not open. */
    private final Database source;

    private final Database target;
    private final Suite second;

    private final PostgresServer replica = PostgresServer.start(
            PostgresServer.Role.SOURCE, PostgresServer.Settings.defaults().with("wal_level", "replica"));
    private final PostgresServer plain = PostgresServer.start(
            PostgresServer.Role.SOURCE, PostgresServer.Settings.defaults().with("dynamic_library_path", "/nowhere"));

    private final CompletableFuture<Outcome> wrongToken;
    private final CompletableFuture<Outcome> unknownSetting;
    private final CompletableFuture<Outcome> typo;
    private final CompletableFuture<Outcome> apiWithTypo;
    private final CompletableFuture<Outcome> otherContract;
    private final CompletableFuture<Outcome> walLevel;
    private final CompletableFuture<Outcome> noPlugin;

    /** What a program said until it ended, or until it said the expected. */
    private record Outcome(int exitCode, List<String> lines, Path log) {

        static final int STILL_RUNS = -1;

        /** The only line that speaks of it. */
        String line(String code) {
            List<String> found =
                    lines.stream().filter(line -> line.contains(code)).toList();
            assertThat(found).as("lines with %s in %s", code, log).hasSize(1);
            assertThat(lines).as("stack traces in %s", log).noneMatch(line -> line.startsWith("\tat "));
            return found.getFirst();
        }
    }

    BadInputIT(House house) throws IOException {
        this.house = house;
        this.suite = house.suite();
        this.source = house.sourceServer().createDatabase("second");
        this.target = house.target().named("second");
        house.target().named("postgres").execute("CREATE DATABASE second");
        source.runScript(House.contractFile().resolveSibling("source.sql"));
        target.runScript(House.contractFile().resolveSibling("target.sql"));
        this.second = suite(source, Suite.logs(directory));
        second.start(Program.API);

        this.wrongToken =
                saying(reader("wrong-token").withEnvironment("RDS_CDC_SHADOW_TOKEN", "nonsense"), "TOKEN_WRONG");
        this.unknownSetting = ending(reader("unknown-setting").with("shadow.slott.name", "x"));
        Path broken = contract("typo.json", "\"kind\": \"crud\"", "\"kind\": \"crudd\"", "\"writes\"", "\"wirtes\"");
        this.typo = ending(reader("typo").with("shadow.contract.location", broken));
        this.apiWithTypo = ending(second.plan(Program.API)
                .named("api-typo")
                .with("server.port", 0)
                .with("shadow.contract.location", broken));
        this.otherContract =
                saying(reader("other-contract").with("shadow.contract.location", otherContract()), "CONTRACT_MISMATCH");
        this.walLevel = ending(opening(replica, "wal-level"));
        this.noPlugin = ending(opening(plain, "no-plugin"));
    }

    private Suite suite(Database from, Path logs) {
        return new Suite(new Suite.Settings(Checkout.HOME, logs, House.contractFile(), "second", from, target));
    }

    /** A slot reader of the running house, to be spoiled. */
    private Launch reader(String name) {
        return suite.plan(Program.SLOT_READER).named(name).with("server.port", 0);
    }

    private Launch opening(Database from, String name) {
        Suite other = suite(from, Suite.logs(directory));
        return other.plan(Program.BACKFILL)
                .named(name)
                .with("shadow.api.url", second.apiUrl())
                .with("shadow.slots.consumer", "second_primary")
                .with("shadow.slots.verifier", "second_verifier");
    }

    private Launch opening(PostgresServer server, String name) {
        Database from = server.createDatabase("partners");
        from.runScript(House.contractFile().resolveSibling("source.sql"));
        return opening(from, name);
    }

    private Path contract(String name, String... replacements) throws IOException {
        String text = Files.readString(House.contractFile());
        for (int i = 0; i < replacements.length; i += 2) {
            text = text.replaceFirst(Pattern.quote(replacements[i]), replacements[i + 1]);
        }
        return Files.writeString(directory.resolve(name), text);
    }

    private Path otherContract() throws IOException {
        return contract("other.json", "\"constant\": \"partners\"", "\"constant\": \"Partners\"");
    }

    /** Starts a program that ends by itself. */
    private CompletableFuture<Outcome> ending(Launch launch) {
        return CompletableFuture.supplyAsync(
                () -> {
                    second.awaitApi();
                    try (ProgramProcess process = second.launch(launch)) {
                        int code = process.exitWithin(SAID_WITHIN);
                        return new Outcome(code, process.lines(), process.log());
                    }
                },
                pairs);
    }

    /** Starts a program that stays up and says why it does not work. */
    private CompletableFuture<Outcome> saying(Launch launch, String text) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try (ProgramProcess process = second.launch(launch)) {
                        process.awaitLine(text, SAID_WITHIN);
                        int code = process.isAlive() ? Outcome.STILL_RUNS : process.exitWithin(SAID_WITHIN);
                        return new Outcome(code, process.lines(), process.log());
                    }
                },
                pairs);
    }

    @Test
    @Order(1)
    void namesAWrongToken() {
        assertThat(wrongToken.join().line("TOKEN_WRONG")).contains("docs/runbook.md#token-wrong");
    }

    @Test
    @Order(1)
    void namesASettingThatDoesNotExist() {
        Outcome outcome = unknownSetting.join();

        assertThat(outcome.exitCode()).isEqualTo(INVALID);
        assertThat(outcome.line("shadow.slott.name")).contains("unknown settings");
    }

    @Test
    @Order(1)
    void listsEveryMistakeOfAContract() {
        for (Outcome outcome : List.of(typo.join(), apiWithTypo.join())) {
            assertThat(outcome.exitCode()).as("exit code; %s", outcome.log()).isEqualTo(INVALID);
            assertThat(String.join("\n", outcome.lines()))
                    .contains("/models/Currency/kind")
                    .contains("crudd")
                    .contains("/sources/partners.currency/wirtes")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    @Order(1)
    void namesBothContractsWhenTwoProgramsDiffer() throws IOException {
        assertThat(otherContract.join().line("CONTRACT_MISMATCH"))
                .contains(new ContractReader().read(House.contractFile()).sha256())
                .contains(new ContractReader().read(otherContract()).sha256());
    }

    @Test
    @Order(1)
    void namesAServerThatDoesNotDecode() {
        Outcome outcome = walLevel.join();

        assertThat(outcome.exitCode()).isEqualTo(INVALID);
        assertThat(outcome.line("WAL_LEVEL")).contains("ALTER SYSTEM SET wal_level = logical");
        assertWindowIsNotOpen();
    }

    @Test
    @Order(1)
    void namesAMissingPlugin() {
        Outcome outcome = noPlugin.join();

        assertThat(outcome.exitCode()).isEqualTo(INVALID);
        assertThat(outcome.line("PLUGIN_MISSING")).contains("wal2json").containsIgnoringCase("install");
        assertThat(plain.admin().queryForLong("SELECT count(*) FROM pg_replication_slots"))
                .isZero();
        assertWindowIsNotOpen();
    }

    @Test
    @Order(2)
    void namesATokenThatTheApiLacks() {
        int port = LoopbackPort.free();
        Launch launch = second.plan(Program.API)
                .named("api-without-token")
                .with("server.port", port)
                .withEnvironment("RDS_CDC_SHADOW_TOKEN", "");
        try (ProgramProcess api = second.launch(launch)) {
            ShadowApi client =
                    ShadowApiClient.connect(URI.create("http://127.0.0.1:" + port), "anything", Duration.ofSeconds(5));
            ShadowProblem problem = Await.untilValue(
                    "an answer, whichever; the log is " + api.log(),
                    SAID_WITHIN,
                    () -> catchThrowableOfType(ShadowProblem.class, client::status),
                    answer -> answer.type() != ProblemType.TARGET_UNAVAILABLE);

            assertThat(problem.type()).isEqualTo(ProblemType.TOKEN_NOT_CONFIGURED);
            assertThat(problem).hasMessageContaining("RDS_CDC_SHADOW_TOKEN");
        }
    }

    @Test
    @Order(3)
    void showsTheStatementThatRepairsAReplicaIdentity() {
        source.execute(
                "ALTER TABLE partners.tag REPLICA IDENTITY NOTHING",
                "ALTER TABLE partners.partner_tag DROP CONSTRAINT partner_tag_pkey",
                "ALTER TABLE partners.partner_tag ADD PRIMARY KEY (partner_id, tag_slug) DEFERRABLE");

        Outcome outcome = ending(opening(source, "identity")).join();

        assertThat(outcome.exitCode()).isEqualTo(INVALID);
        assertThat(outcome.line("partners.tag ")).contains("ALTER TABLE \"partners\".\"tag\" REPLICA IDENTITY FULL");
        assertThat(outcome.line("partners.partner_tag "))
                .contains("ALTER TABLE \"partners\".\"partner_tag\" REPLICA IDENTITY FULL");
        assertWindowIsNotOpen();
        source.execute(
                "ALTER TABLE partners.tag REPLICA IDENTITY DEFAULT",
                "ALTER TABLE partners.partner_tag DROP CONSTRAINT partner_tag_pkey",
                "ALTER TABLE partners.partner_tag ADD PRIMARY KEY (partner_id, tag_slug)");
    }

    @Test
    @Order(4)
    void leavesTheSlotOfAnotherPluginAlone() {
        source.queryForString("SELECT pg_create_logical_replication_slot('second_primary', 'test_decoding')::text");

        Outcome opening = ending(opening(source, "foreign-slot")).join();

        assertThat(opening.exitCode()).isNotZero();
        assertThat(opening.line("SLOT_OTHER_PLUGIN")).contains("second_primary").contains("test_decoding");
        assertThat(
                        source.queryForString(
                                "SELECT string_agg(slot_name || ' ' || plugin, ', ') FROM pg_replication_slots WHERE slot_name LIKE 'second%'"))
                .isEqualTo("second_primary test_decoding");
        assertWindowIsNotOpen();
    }

    @Test
    @Order(4)
    void leavesAnUnclaimedSlotAloneUntilToldToReplaceIt() {
        source.queryForString("SELECT pg_create_logical_replication_slot('unclaimed_primary', 'wal2json')::text");
        String restart = "SELECT restart_lsn::text FROM pg_replication_slots WHERE slot_name = 'unclaimed_primary'";
        String before = source.queryForString(restart);

        Outcome opening = ending(opening(source, "unclaimed-slot").with("shadow.slots.consumer", "unclaimed_primary"))
                .join();

        assertThat(opening.exitCode()).isNotZero();
        assertThat(opening.line("SLOT_EXISTS")).contains("unclaimed_primary").contains("--shadow.slots.replace=true");
        assertThat(source.queryForString(restart)).isEqualTo(before);
        assertWindowIsNotOpen();
        source.queryForString("SELECT pg_drop_replication_slot('unclaimed_primary')::text");
    }

    @Test
    @Order(5)
    void aReaderRefusesTheSlotOfAnotherPluginToo() {
        source.queryForString("SELECT pg_drop_replication_slot('second_primary')::text");
        assertThat(ending(opening(source, "opening")).join().exitCode()).isZero();
        source.queryForString("SELECT pg_drop_replication_slot('second_verifier')::text");
        source.queryForString("SELECT pg_create_logical_replication_slot('second_verifier', 'test_decoding')::text");

        Outcome reader = saying(
                        second.plan(Program.SLOT_READER)
                                .named("foreign-slot-reader")
                                .with("server.port", 0)
                                .with("shadow.slot.name", "second_verifier"),
                        "SLOT_OTHER_PLUGIN")
                .join();

        assertThat(reader.line("SLOT_OTHER_PLUGIN")).contains("second_verifier").contains("test_decoding");
    }

    @Test
    @Order(6)
    void aSecondConsumerWaitsAndTakesOver() {
        Launch launch = suite.plan(Program.CONSUMER).named("second-consumer").with("server.port", 0);
        try (ProgramProcess waiting = suite.launch(launch)) {
            waiting.awaitLine("WAITING_FOR_SLOT", SAID_WITHIN);
            suite.kill(Program.CONSUMER);
            house.traffic(3).run(500, Double.POSITIVE_INFINITY, () -> false);
            house.drain();

            assertThat(waiting.isAlive()).isTrue();
            house.oracle().agreesWithBothReaders();
        }
        suite.start(Program.CONSUMER);
        house.traffic(4).run(100, Double.POSITIVE_INFINITY, () -> false);
        house.drain();
        house.oracle().agreesWithBothReaders();
    }

    /** Whoever was refused changed nothing for those who work. */
    @Test
    @Order(7)
    void disturbedNobody() {
        assertThat(house.api().positions()).extracting(ReaderPosition::state).doesNotContain("HALTED");
        assertThat(new Ticks(house).run().findings()).isEmpty();
    }

    private void assertWindowIsNotOpen() {
        ShadowProblem problem =
                catchThrowableOfType(ShadowProblem.class, () -> second.api().verifierState());
        assertThat(problem.type()).isEqualTo(ProblemType.WINDOW_NOT_OPEN);
    }

    @AfterAll
    void tearDown() {
        pairs.shutdownNow();
        try {
            second.close();
        } finally {
            replica.close();
            plain.close();
            for (String slot : List.of("second_primary", "second_verifier")) {
                source.execute(
                        "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '%s'"
                                .formatted(slot));
            }
        }
    }
}
