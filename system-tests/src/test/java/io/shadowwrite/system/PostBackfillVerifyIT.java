package io.shadowwrite.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.protocol.FindingClass;
import io.shadowwrite.protocol.HaltRequest;
import io.shadowwrite.protocol.Hold;
import io.shadowwrite.protocol.ReaderPosition;
import io.shadowwrite.protocol.ResumeRequest;
import io.shadowwrite.protocol.RunSummary;
import io.shadowwrite.protocol.Verdict;
import io.shadowwrite.replication.slot.ExportedSnapshot;
import io.shadowwrite.replication.source.SourceConnection;
import io.shadowwrite.system.suite.Launch;
import io.shadowwrite.system.suite.Program;
import io.shadowwrite.system.suite.ProgramProcess;
import io.shadowwrite.testsupport.Await;
import io.shadowwrite.testsupport.Database;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.replication.LogSequenceNumber;

/**
 * The comparison after a load, as a program. A consumer that is held at the LSN of a snapshot stands for the load: the target
 * has what the snapshot shows, and nothing was streamed beyond it.
 */
@ExtendWith(HouseExtension.class)
@Timeout(240)
class PostBackfillVerifyIT {

    private static final String GATE = "load-of-a-test";
    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final String EMIT = "SELECT pg_logical_emit_message(true, 'shadow.marker', 'loaded')::text";
    private static final String RENAME =
            "UPDATE unified.contact SET full_name = ? WHERE contact_id = ?::uuid AND valid_to IS NULL RETURNING 1";

    private final House house;
    private final Database target;

    PostBackfillVerifyIT(House house) {
        this.house = house;
        this.target = house.target();
        house.traffic(29).run(500, Double.POSITIVE_INFINITY, () -> false);
        house.drain();
    }

    @AfterEach
    void consumerGoesOn() {
        if (house.api().controlState().hold() != null) {
            house.api().resume(new ResumeRequest(GATE));
        }
        house.drain();
    }

    private ExportedSnapshot loaded() {
        house.api().halt(new HaltRequest(GATE, Hold.Kind.GATE, null, null));
        Database source = house.source();
        ExportedSnapshot holder = ExportedSnapshot.temporary(
                new SourceConnection(source.jdbcUrl(), source.user(), source.password()), GATE, BOUND);
        LogSequenceNumber lsn = holder.consistentPoint();
        house.api().halt(new HaltRequest(GATE, Hold.Kind.GATE, lsn, null));
        one(source, EMIT);
        Await.until("both readers are at the snapshot", BOUND, () -> {
            List<ReaderPosition> readers = house.api().positions();
            return house.api().controlState().position().equals(lsn)
                    && readers.stream().allMatch(reader -> reader.position().compareTo(lsn) >= 0);
        });
        return holder;
    }

    private int verify(ExportedSnapshot holder) {
        Launch launch = house.suite()
                .plan(Program.VERIFIER)
                .named("post-backfill-verifier")
                .with("mode", "post-backfill")
                .with("snapshot", holder.name())
                .with("snapshot-lsn", holder.consistentPoint().asString())
                .with("fail-on", "dirty");
        try (ProgramProcess verifier = house.suite().launch(launch)) {
            return verifier.exitWithin(Duration.ofMinutes(2));
        }
    }

    private RunSummary lastRun() {
        return house.api().runs(1, null, "post-backfill", null).runs().getFirst();
    }

    private static String one(Database database, String sql, Object... parameters) {
        return Objects.requireNonNull(database.queryForString(sql, parameters), sql);
    }

    @Test
    void comparesWhatWasLoadedWhileTheSourceGoesOn() {
        String contact =
                one(target, "SELECT contact_id::text FROM unified.contact WHERE valid_to IS NULL ORDER BY 1 LIMIT 1");
        String name = one(
                target,
                "SELECT full_name FROM unified.contact WHERE contact_id = ?::uuid AND valid_to IS NULL",
                contact);
        try (ExportedSnapshot holder = loaded()) {
            house.traffic(31).run(200, Double.POSITIVE_INFINITY, () -> false);

            assertThat(verify(holder)).isZero();
            RunSummary clean = lastRun();
            assertThat(clean.verdict()).as(clean.reason()).isEqualTo(Verdict.CLEAN);
            assertThat(clean.pinLsn()).isEqualTo(holder.consistentPoint());
            assertThat(clean.tickHour()).isNull();

            one(target, RENAME, "somebody else", contact);
            assertThat(verify(holder)).isEqualTo(10);
            one(target, RENAME, name, contact);
            assertThat(house.api()
                            .findings(lastRun().runId(), 10, null, null, null)
                            .findings())
                    .singleElement()
                    .satisfies(finding -> assertThat(finding.findingClass()).isEqualTo(FindingClass.VALUE_MISMATCH));

            house.api().resume(new ResumeRequest(GATE));
            house.drain();
            assertThat(verify(holder)).isEqualTo(12);
            assertThat(lastRun().reason()).contains("the stream has begun");
        }
    }
}
