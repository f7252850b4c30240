package io.shadowwrite.api.status;

import io.shadowwrite.api.audit.Permits;
import io.shadowwrite.api.conservation.ConservationReport;
import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.position.Positions;
import io.shadowwrite.api.retention.LedgerReport;
import io.shadowwrite.api.status.Judgement.Obstacle;
import io.shadowwrite.api.verifierrun.RunReads;
import io.shadowwrite.api.verifierrun.Streak;
import io.shadowwrite.api.window.OpenWindow;
import io.shadowwrite.api.window.Windows;
import io.shadowwrite.protocol.Conservation;
import io.shadowwrite.protocol.ReaderPosition;
import io.shadowwrite.protocol.RunSummary;
import io.shadowwrite.protocol.Status;
import io.shadowwrite.protocol.Window;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Collects the facts and puts the answer together. Thread-safe. */
public final class StatusReport {

    private static final String RUN_FACTS = """
            select count(*) filter (where f.finding_class = 'RECEIPT_MISMATCH') as receipt_mismatches,
                   count(*) filter (where f.finding_class = 'DUPLICATE_CURRENT_VERSION') as duplicates,
                   coalesce(max(r.findings_total), 0) > count(f.run_id) as findings_cut,
                   coalesce(max(r.events_attested), 0) as events_attested,
                   (select extract(epoch from clock_timestamp()
                                                  - max(case tick_clock when 'SOURCE' then tick_hour else finished_at end))::int
                               / 3600
                      from shadow.verifier_run
                     where tick_hour is not null
                       and finished_at is not null
                       and verdict <> 'INCONCLUSIVE') as tick_age_hours,
                   (select c.verdict
                      from (select *
                              from shadow.settled_run
                             where mode = 'cutover'
                             order by ordinal desc
                             limit 1) c
                      join shadow.backfill_state w on w.hold_kind = 'GATE'
                                                  and w.hold_halt_at = c.pin_lsn
                      join shadow.reader_position p on p.side = 1
                                                   and p.position = c.pin_lsn) as cutover_verdict,
                   (select count(*) from shadow.dead_letter where state = 'OPEN') as open_dead_letters
              from (select 1) always
              left join (select * from shadow.settled_run order by ordinal desc limit 1) r on true
              left join shadow.finding f using (run_id)
            """;

    private final ShadowDatabase database;
    private final Windows windows;
    private final Positions positions;
    private final ConservationReport conservation;
    private final LedgerReport ledger;
    private final RunReads runs;
    private final Streak streak;
    private final Permits permits;

    public StatusReport(
            ShadowDatabase database,
            Windows windows,
            Positions positions,
            ConservationReport conservation,
            LedgerReport ledger,
            RunReads runs,
            Streak streak,
            Permits permits) {
        this.database = database;
        this.windows = windows;
        this.positions = positions;
        this.conservation = conservation;
        this.ledger = ledger;
        this.runs = runs;
        this.streak = streak;
        this.permits = permits;
    }

    /** Everything as of now. */
    public Status now() {
        Optional<OpenWindow> window = windows.find();
        return window.isEmpty() ? notOpen() : open(window.get());
    }

    private static Status notOpen() {
        return new Status(
                "NOT_OPEN",
                false,
                "no migration window is open",
                List.of(),
                List.of(),
                0,
                null,
                null,
                null,
                0,
                0,
                null,
                null,
                null,
                0,
                null,
                null,
                List.of("open the window (POST /shadow/window with the operator token)"));
    }

    private Status open(OpenWindow window) {
        Facts facts = facts(window);
        Permits.Standing standing = permits.now();
        Judgement judgement = new Judgement(facts);
        List<Obstacle> obstacles = judgement.obstacles();
        Phase phase = Phase.of(window.phase(), facts.hold(), standing);
        Optional<String> over = phase.notReady(standing);
        return new Status(
                phase.name(),
                obstacles.isEmpty() && over.isEmpty(),
                over.orElseGet(() -> obstacles.isEmpty()
                        ? judgement.readiness()
                        : obstacles.getFirst().reason()),
                judgement.criteria(),
                facts.readers(),
                lag(facts.readers()),
                facts.hold(),
                facts.conservation(),
                ledger.now(),
                facts.streak(),
                facts.requiredTicks(),
                window.window().gapPolicy(),
                window.window().tickClock(),
                facts.lastRun(),
                facts.openDeadLetters(),
                standing.permit(),
                standing.gate(),
                phase.nextSteps(facts.hold(), standing)
                        .orElseGet(() -> obstacles.isEmpty()
                                ? List.of(judgement.nextWhenReady())
                                : obstacles.stream()
                                        .map(Obstacle::step)
                                        .distinct()
                                        .toList()));
    }

    private Facts facts(OpenWindow window) {
        // Read one after the other: a query inside of another one's rows would need a second connection.
        List<ReaderPosition> readers = positions.all();
        @Nullable RunSummary lastRun = runs.latest().orElse(null);
        @Nullable Conservation conserved = conservation.now().orElse(null);
        int cleanHours = streak.now();
        return database.jdbc()
                .sql(RUN_FACTS)
                .query((row, _) -> new Facts(
                        readers,
                        window.hold(),
                        conserved,
                        uncounted(window.window(), readers, conserved),
                        cleanHours,
                        window.window().requiredTicks(),
                        window.window().tickClock(),
                        lastRun,
                        row.getLong("receipt_mismatches"),
                        row.getLong("duplicates"),
                        row.getBoolean("findings_cut"),
                        row.getLong("events_attested"),
                        row.getObject("tick_age_hours", Integer.class),
                        row.getString("cutover_verdict"),
                        row.getLong("open_dead_letters")))
                .single();
    }

    private static long uncounted(Window window, List<ReaderPosition> readers, @Nullable Conservation counted) {
        long begin = Math.max(
                window.consumerBaseline().asLong(), window.verifierBaseline().asLong());
        long below = counted == null ? begin : counted.below().asLong();
        return readers.stream()
                .mapToLong(each -> Math.max(0, each.position().asLong() - below))
                .min()
                .orElse(0);
    }

    private static long lag(List<ReaderPosition> readers) {
        return readers.size() == 2
                ? Math.abs(readers.get(0).position().asLong()
                        - readers.get(1).position().asLong())
                : 0;
    }
}
