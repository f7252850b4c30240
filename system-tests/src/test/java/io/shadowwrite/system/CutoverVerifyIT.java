package io.shadowwrite.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.shadowwrite.protocol.FindingClass;
import io.shadowwrite.protocol.FindingSummary;
import io.shadowwrite.protocol.HaltRequest;
import io.shadowwrite.protocol.Hold;
import io.shadowwrite.protocol.ReaderPosition;
import io.shadowwrite.protocol.ResumeRequest;
import io.shadowwrite.protocol.RunSummary;
import io.shadowwrite.protocol.Verdict;
import io.shadowwrite.system.suite.Launch;
import io.shadowwrite.system.suite.Program;
import io.shadowwrite.system.suite.ProgramProcess;
import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.replication.LogSequenceNumber;

/**
 * The comparison of a cutover, as a program that is told nothing of the target's database: writers are paused, a gate holds
 * the consumer at the final LSN, and what differs is found through the API.
 */
@ExtendWith(HouseExtension.class)
@Timeout(240)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CutoverVerifyIT {

    private static final String GATE = "gate-of-a-test";
    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final String LOG = "cutover-verifier";
    private static final String EMIT = "SELECT pg_logical_emit_message(true, 'shadow.marker', 'final')::text";
    private static final String PUT_CONTACT =
            "INSERT INTO unified.contact SELECT * FROM jsonb_populate_record(NULL::unified.contact, ?::jsonb) RETURNING 1";
    private static final String DELETE_CONTACT = """
            DELETE FROM unified.contact
             WHERE contact_id = (?::jsonb ->> 'contact_id')::uuid
               AND valid_from = (?::jsonb ->> 'valid_from')::timestamptz
            RETURNING 1
            """;

    private final House house;
    private final Database target;

    CutoverVerifyIT(House house) {
        this.house = house;
        this.target = house.target();
        house.traffic(19).run(1_500, Double.POSITIVE_INFINITY, () -> false);
    }

    @BeforeEach
    void writersArePaused() {
        house.drain();
    }

    @AfterEach
    void consumerGoesOn() {
        if (house.api().controlState().hold() != null) {
            house.api().resume(new ResumeRequest(GATE));
        }
        house.drain();
    }

    /** Halts at a point that nothing has passed, and lets both readers arrive there. */
    private LogSequenceNumber finalLsn() {
        house.api().halt(new HaltRequest(GATE, Hold.Kind.GATE, null, null));
        LogSequenceNumber last = LogSequenceNumber.valueOf(one(house.source(), EMIT));
        house.api().halt(new HaltRequest(GATE, Hold.Kind.GATE, last, null));
        one(house.source(), EMIT);
        Await.until("both readers are at the final LSN", BOUND, () -> {
            List<ReaderPosition> readers = house.api().positions();
            return house.api().controlState().position().equals(last)
                    && readers.stream().allMatch(reader -> reader.position().compareTo(last) >= 0);
        });
        return last;
    }

    /** The exit code of a verifier that does not know where the target is. */
    private int verify(LogSequenceNumber finalLsn) {
        Launch launch = house.suite()
                .plan(Program.VERIFIER)
                .named(LOG)
                .without("shadow.target.")
                .withEnvironment("SHADOW_TARGET_PASSWORD", "")
                .with("mode", "cutover")
                .with("final-lsn", finalLsn.asString())
                .with("fail-on", "dirty");
        try (ProgramProcess verifier = house.suite().launch(launch)) {
            return verifier.exitWithin(Duration.ofMinutes(2));
        }
    }

    private RunSummary lastRun() {
        return house.api().runs(1, null, "cutover", null).runs().getFirst();
    }

    private static String one(Database database, String sql, Object... parameters) {
        return Objects.requireNonNull(database.queryForString(sql, parameters), sql);
    }

    private String contact(int number) {
        return one(
                target,
                "SELECT to_jsonb(c)::text FROM unified.contact c WHERE valid_to IS NULL ORDER BY contact_id OFFSET ? LIMIT 1",
                number);
    }

    private String keyOf(String contact) {
        return "{\"contact_id\":\"%s\"}".formatted(one(target, "SELECT ?::jsonb ->> 'contact_id'", contact));
    }

    @Test
    void findsEqualDatabasesCleanAtTheFinalLsnAndCountsForNoHour() throws IOException {
        LogSequenceNumber last = finalLsn();

        assertThat(verify(last)).isZero();

        RunSummary run = lastRun();
        assertThat(run.verdict()).as(run.reason()).isEqualTo(Verdict.CLEAN);
        assertThat(run.pinLsn()).isEqualTo(last);
        assertThat(run.tickHour()).isNull();
        assertThat(run.reason()).matches("19 model\\(s\\), [1-9][0-9]* rows compared, .*");
        assertThat(Files.readString(house.logs().resolve(LOG + ".log")))
                .contains("step pin.source", "step pin.readers", "step compare", "step compare.keys", "step stored");
    }

    @Test
    void namesThroughTheApiWhatSomebodyDidToTheTarget() {
        LogSequenceNumber last = finalLsn();
        String missing = contact(3);
        String other = contact(5);
        String twice = contact(7);
        String moved = contact(9);
        String rogue =
                one(target, "SELECT (?::jsonb || jsonb_build_object('contact_id', gen_random_uuid()))::text", other);
        String second = one(
                target,
                "SELECT (?::jsonb || jsonb_build_object('valid_from', (?::jsonb ->> 'valid_from')::timestamptz + interval '1 us'))::text",
                twice,
                twice);
        String rename = "UPDATE unified.contact SET full_name = ? WHERE contact_id = (?::jsonb ->> 'contact_id')::uuid"
                + " AND valid_to IS NULL RETURNING 1";
        String remap = """
                UPDATE shadow.pk_map
                   SET target_key = ?
                 WHERE target_key = ?
                   AND target_model = (SELECT id FROM shadow.target_model WHERE name = 'Contact')
                RETURNING source_key
                """;
        target.execute("DROP INDEX unified.contact_current");
        one(target, DELETE_CONTACT, missing, missing);
        one(target, PUT_CONTACT, rogue);
        one(target, rename, "somebody else", other);
        one(target, PUT_CONTACT, second);
        String mapped = one(target, remap, keyOf(rogue), keyOf(moved));

        int code = verify(last);

        one(target, remap, keyOf(moved), keyOf(rogue));
        one(target, DELETE_CONTACT, second, second);
        one(target, rename, one(target, "SELECT ?::jsonb ->> 'full_name'", other), other);
        one(target, DELETE_CONTACT, rogue, rogue);
        one(target, PUT_CONTACT, missing);
        target.execute("CREATE UNIQUE INDEX contact_current ON unified.contact (contact_id) WHERE valid_to IS NULL");
        RunSummary run = lastRun();
        assertThat(code).as(run.reason()).isEqualTo(10);
        assertThat(house.api().findings(run.runId(), 100, null, null, null).findings())
                .extracting(FindingSummary::findingClass, FindingSummary::targetKey, FindingSummary::columns)
                .containsExactlyInAnyOrder(
                        tuple(FindingClass.MISSING_IN_RDB, keyOf(missing), List.of()),
                        tuple(FindingClass.EXTRA_IN_RDB, keyOf(rogue), List.of()),
                        tuple(FindingClass.VALUE_MISMATCH, keyOf(other), List.of("full_name")),
                        tuple(FindingClass.DUPLICATE_CURRENT_VERSION, keyOf(twice), List.of()),
                        tuple(FindingClass.VALUE_MISMATCH, mapped, List.of("pk_map")));
    }

    @Test
    void namesARowWithoutAKeyAmongTheOthersOfItsModel() {
        LogSequenceNumber last = finalLsn();
        target.execute(
                "ALTER TABLE unified.party_tag DROP CONSTRAINT party_tag_pkey",
                "ALTER TABLE unified.party_tag ALTER party_id DROP NOT NULL");
        String missing = one(target, """
                DELETE FROM unified.party_tag
                 WHERE ctid = (SELECT min(ctid) FROM unified.party_tag)
                RETURNING to_jsonb(party_tag)::text
                """);
        one(target, """
                INSERT INTO unified.party_tag (party_id, tag_id, tagged_at)
                SELECT null, (?::jsonb ->> 'tag_id')::uuid, now()
                RETURNING tag_id
                """, missing);

        int code = verify(last);

        one(target, "DELETE FROM unified.party_tag WHERE party_id IS NULL RETURNING tag_id");
        one(
                target,
                "INSERT INTO unified.party_tag SELECT * FROM jsonb_populate_record(NULL::unified.party_tag, ?::jsonb) RETURNING 1",
                missing);
        target.execute("ALTER TABLE unified.party_tag ADD PRIMARY KEY (party_id, tag_id)");
        RunSummary run = lastRun();
        assertThat(code).as(run.reason()).isEqualTo(10);
        assertThat(house.api().findings(run.runId(), 100, null, null, null).findings())
                .extracting(FindingSummary::model, FindingSummary::findingClass, FindingSummary::targetKey)
                .containsExactlyInAnyOrder(
                        tuple(
                                "PartyTag",
                                FindingClass.MISSING_IN_RDB,
                                one(
                                        target,
                                        "SELECT '{\"party_id\":\"' || (?::jsonb ->> 'party_id') || '\",\"tag_id\":\"' || (?::jsonb ->> 'tag_id') || '\"}'",
                                        missing,
                                        missing)),
                        tuple("PartyTag", FindingClass.EXTRA_IN_RDB, "NULL"));
    }

    @Test
    void findsAnEventThatOnlyOneReaderSawThroughTheApi() {
        house.source()
                .execute("UPDATE partners.partner SET employees = 2 WHERE id = (SELECT min(id) FROM partners.partner)");
        house.drain();
        // What is counted is not counted again: later tests of this house count on its sums.
        house.conserved();
        LogSequenceNumber last = finalLsn();
        String receipt = one(target, """
                WITH gone AS (
                  DELETE FROM shadow.event_ledger
                   WHERE side = 1 AND commit_lsn = (SELECT max(commit_lsn) FROM shadow.event_ledger WHERE side = 1)
                  RETURNING *)
                SELECT to_jsonb(gone)::text FROM gone
                """);

        int code = verify(last);

        one(
                target,
                "INSERT INTO shadow.event_ledger SELECT * FROM jsonb_populate_record(NULL::shadow.event_ledger, ?::jsonb) RETURNING 1",
                receipt);
        RunSummary run = lastRun();
        assertThat(code).as(run.reason()).isEqualTo(10);
        assertThat(house.api().findings(run.runId(), 10, null, null, null).findings())
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.findingClass()).isEqualTo(FindingClass.RECEIPT_MISMATCH);
                    assertThat(finding.sourceTable()).isEqualTo("partners.partner");
                    assertThat(finding.columns()).containsExactly("consumer");
                });
    }

    @Test
    void leavesTheReasonInTheRunOfATickThatCannotBegin() {
        Launch launch = house.suite()
                .plan(Program.VERIFIER)
                .named("verifier-without-target")
                .with("mode", "hourly")
                .with("shadow.target.url", "jdbc:postgresql://127.0.0.1:1/none");
        int code;
        try (ProgramProcess verifier = house.suite().launch(launch)) {
            code = verifier.exitWithin(Duration.ofMinutes(2));
        }

        RunSummary run = house.api().runs(1, null, "hourly", null).runs().getFirst();
        assertThat(code).as(run.reason()).isEqualTo(4);
        assertThat(run.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(run.finishedAt()).isNotNull();
        assertThat(run.reason()).contains("the target");
    }

    @Test
    void decidesNothingWhileAWriterStillWritesOrNoGateHolds() {
        LogSequenceNumber last = finalLsn();
        house.source()
                .execute("UPDATE partners.partner SET employees = 3 WHERE id = (SELECT min(id) FROM partners.partner)");

        assertThat(verify(last)).isEqualTo(12);
        assertThat(lastRun().reason()).contains("writers are not paused: 1 row change(s)");

        house.api().resume(new ResumeRequest(GATE));
        assertThat(verify(last)).isEqualTo(12);
        assertThat(lastRun().reason()).contains("no gate holds the consumer");
    }
}
