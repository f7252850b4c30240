package io.shadowwrite.verification.race;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.ContractReader;
import io.shadowwrite.replication.source.SourceConnection;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.verification.ShadowTables;
import io.shadowwrite.verification.Tick;
import io.shadowwrite.verification.TickResult;
import io.shadowwrite.verification.TickSettings;
import io.shadowwrite.verification.pin.BarrierPin;
import io.shadowwrite.verification.pin.CheckedPin;
import io.shadowwrite.verification.pin.Pin;
import io.shadowwrite.verification.pin.PinSettings;
import io.shadowwrite.verification.pin.RaceWindowPin;
import io.shadowwrite.verification.pin.XidMark;
import io.shadowwrite.verification.progress.Progress;
import io.shadowwrite.verification.session.TargetConnection;
import io.shadowwrite.verification.verdict.Finding;
import io.shadowwrite.verification.verdict.FindingClass;
import io.shadowwrite.verification.verdict.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.postgresql.replication.LogSequenceNumber;

/** A small source, a target that follows it, and what one needs to compare them without ever holding anybody. */
final class FollowedItems {

    private static final String CONTRACT = """
            {"version": 1, "name": "small",
             "models": {"Item": {"kind": "crud", "table": "unified.item", "key": ["code"],
               "columns": {"code": "bigint", "name": "text", "count": "bigint"}}},
             "sources": {"app.item": {"columns": {"id": "bigint", "code": "bigint", "name": "text", "count": "bigint"}, "key": ["id"],
               "identity": "full",
               "writes": [{"model": "Item", "key": {"code": {"column": "code"}}, "set": {"name": {"column": "name"},
                 "count": {"column": "count"}}}]}}}
            """;

    final Database source;
    final Database target;
    final Mirror mirror;
    private final Contract contract;

    FollowedItems(Database source, Database target, Path folder) throws IOException {
        this.source = source;
        this.target = target;
        source.execute(
                "create schema app",
                "create table app.item (id bigint primary key, code bigint not null, name text, count bigint default 0)",
                "alter table app.item replica identity full");
        ShadowTables.create(target);
        target.execute(
                "create schema unified",
                "create table unified.item (code bigint primary key, name text, count bigint default 0)");
        this.mirror = new Mirror(source, target);
        this.contract = new ContractReader().read(Files.writeString(folder.resolve("contract.json"), CONTRACT));
        source.execute("insert into app.item select g, g + 1000, 'name ' || g from generate_series(1, 20) g");
        mirror.follow();
    }

    /** One tick in a race window. */
    TickResult tick() {
        return tick(raceWindow(), 100);
    }

    TickResult tick(Pin pin, int findingsCap) {
        TickSettings settings =
                new TickSettings(LogSequenceNumber.valueOf("0/1"), 4, 100, findingsCap, false, Duration.ofMinutes(1));
        return new Tick(contract, pin, settings, Clock.systemUTC(), Progress.SILENT).run();
    }

    Pin raceWindow() {
        return new RaceWindowPin(address(), targetAddress(), mirror, settings(Duration.ofSeconds(20)), Progress.SILENT);
    }

    Pin barrier() {
        return new BarrierPin(address(), targetAddress(), mirror, settings(Duration.ofSeconds(20)), Progress.SILENT);
    }

    Pin checked(Pin pin, List<String> problems) {
        return new CheckedPin(address(), _ -> problems, pin);
    }

    static PinSettings settings(Duration barrierTimeout) {
        return settings(barrierTimeout, Duration.ZERO);
    }

    static PinSettings settings(Duration barrierTimeout, Duration longTransactionLimit) {
        Duration bound = Duration.ofSeconds(5);
        return new PinSettings(2, bound, barrierTimeout, longTransactionLimit, bound, Duration.ofMinutes(1));
    }

    SourceConnection address() {
        return new SourceConnection(source.jdbcUrl(), source.user(), source.password());
    }

    TargetConnection targetAddress() {
        return new TargetConnection(target.jdbcUrl(), target.user(), target.password());
    }

    /** Keeps of a run what the next one looks at, as if it had been two hours ago. */
    void store(TickResult run) {
        store(run, Duration.ofHours(2));
    }

    void store(TickResult run, Duration ago) {
        XidMark mark = Objects.requireNonNull(run.mark());
        target.execute("""
                insert into shadow.verifier_run (pin_lsn, mark_xid, mark_lsn, verdict, started_at, recorded_at)
                select '%s', %d, '%s', '%s', before, before from (select clock_timestamp() - interval '%d s') as b (before)
                """.formatted(
                        Objects.requireNonNull(run.pinLsn()).asString(),
                        mark.xid(),
                        mark.lsn().asString(),
                        run.verdict(),
                        ago.toSeconds()));
        for (Finding finding : run.findings()) {
            target.execute(
                    "insert into shadow.finding select run_id, '%s', '%s' from shadow.verifier_run order by recorded_at desc limit 1"
                            .formatted(finding.findingClass(), finding.signature()));
        }
    }

    static void assertDirty(TickResult tick, FindingClass findingClass, String key) {
        assertThat(tick.verdict()).as(tick.reason()).isEqualTo(Verdict.DIRTY);
        assertThat(tick.findings())
                .filteredOn(finding -> !finding.columns().contains("pk_map"))
                .extracting(Finding::findingClass, Finding::targetKey)
                .containsExactly(tuple(findingClass, key));
    }
}
